"""A small database, as its catalogs say it: users with a view, functions and triggers around them."""

from typing import Any

from zdtui.sql.text.name import Name
from zdtui.usage.catalog import Catalog, Function, Trigger, View
from zdtui.usage.find import usage_of
from zdtui.usage.usage import Called, Subject, Usage


def at(name: str) -> Name:
    """A relation or function of the schema public, or of the one that is said."""
    schema, _, bare = name.rpartition(".")
    return Name(schema or "public", bare)


USERS = at("users")
NAME = Subject(USERS, "name")
TABLE = Subject(USERS)
COLUMNS = {
    at("users"): ("id", "name", "email", "org_id", "label"),
    at("users_2026"): ("id", "name", "email", "org_id", "label"),
    at("orgs"): ("id", "name", "title"),
    at("orders"): ("id", "user_id", "total"),
    at("audit"): ("at", "row"),
    at("active_users"): ("id", "shown"),
    at("by_name"): ("id", "n"),
    at("named"): ("id",),
    at("crm.users"): ("id", "name"),
}


def plpgsql(name: str, body: str, **more: Any) -> Function:
    """A function in PL/pgSQL."""
    return Function(name=at(name), language="plpgsql", body=body, **more)


def catalog(
    *,
    without: tuple[str, ...] = ("crm.users",),
    views: tuple[View, ...] = (),
    functions: tuple[Function, ...] = (),
    triggers: tuple[Trigger, ...] = (),
    generated: dict[tuple[Name, str], str] | None = None,
) -> Catalog:
    """The shop, with these beside it."""
    left = {name: columns for name, columns in COLUMNS.items() if name not in {at(each) for each in without}}
    return Catalog(
        columns=left,
        children={USERS: (at("users_2026"),)},
        views=views,
        functions=functions,
        triggers=triggers,
        constraints={(USERS, "users_name_key"): ("name",), (USERS, "users_pkey"): ("id",)},
        generated=generated or {},
    )


VIEW = View(name=at("active_users"), query="SELECT u.id, upper(u.name) AS shown FROM public.users u")


def usage(text: str, known: Catalog | None = None, subject: Subject = NAME) -> Usage:
    """Who uses users.name, if this statement was called."""
    return usage_of(known or catalog(views=(VIEW,)), [Called(role="app", calls=1, text=text)], subject)


def why(text: str, known: Catalog | None = None, subject: Subject = NAME) -> str:
    """How the statement uses it; '?' before what could not be read; empty: it does not."""
    found = usage(text, known, subject)
    return "".join(each.why for each in found.statements) or "".join(f"?{each.why}" for each in found.unread)
