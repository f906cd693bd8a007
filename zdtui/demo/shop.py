"""The shop put into an embedded server: roles, database, rows; and the wait for its standby."""

import time
from importlib.resources import files

import psycopg
from psycopg import sql

from zdtui.demo.embedded import Cluster
from zdtui.errors import EmbeddedServerError

OPERATOR = "zdtui"
"""Owns the shop and runs the migrations."""
APPLICATION = "shop_app"
"""What the traffic logs in as."""
DATABASE = "shop"
USERS = 300_000


def create_roles(cluster: Cluster) -> None:
    """Create the roles `zdtui` and `shop_app`, once a server."""
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        connection.execute(_shipped("roles.sql"))


def create_shop(cluster: Cluster, users: int = USERS, database: str = DATABASE) -> None:
    """Create the database and fill it with `users` users, two thirds as many orders and as many items."""
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        owned = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(database), sql.Identifier(OPERATOR))
        connection.execute(owned)
    with psycopg.connect(cluster.dsn(database), autocommit=True) as connection:
        connection.execute("SELECT set_config('shop.users', %s, false)", [str(users)])
        connection.execute(_shipped("shop.sql"))
        connection.execute("VACUUM (ANALYZE)")


def wait_for_standby(primary: Cluster, name: str, timeout_seconds: float = 30.0) -> None:
    """Wait until pg_stat_replication shows the standby of that name as streaming.

    Raises EmbeddedServerError when it does not in time.
    """
    deadline = time.monotonic() + timeout_seconds
    question = "SELECT state FROM pg_catalog.pg_stat_replication WHERE application_name = %s"
    with psycopg.connect(primary.dsn(), autocommit=True) as connection:
        while connection.execute(question, [name]).fetchone() != ("streaming",):
            if time.monotonic() > deadline:
                raise EmbeddedServerError(f"the standby {name} does not stream from {primary.name}")
            time.sleep(0.02)


def _shipped(name: str) -> str:
    """SQL that ships with the package, as trusted as the code beside it."""
    return files("zdtui.demo").joinpath(name).read_text("utf-8")
