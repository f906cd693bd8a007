"""What a person said, what we add, and what never shows."""

from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from zdtui.errors import TargetError
from zdtui.postgres.sessions.connect import PasswordNeeded
from zdtui.postgres.target.target import Target
from zdtui.postgres.target.unreachable import sentence


@pytest.fixture(autouse=True)
def _nothing_in_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("PGHOST", "PGPORT", "PGSERVICE", "PGCONNECT_TIMEOUT", "PGPASSWORD", "PGSERVICEFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.mark.parametrize(
    "target",
    [
        Target("host=db1 password=hunter2"),
        Target("postgresql://ana:hunter2@db1/shop"),
        Target("host=db1", password="hunter2"),
        Target("host=db1 sslpassword=hunter2"),
        Target("host = db1 hunter2"),
    ],
)
def test_a_password_never_shows(target: Target) -> None:
    assert "hunter2" not in repr(target)
    assert "hunter2" not in str(target)


@pytest.mark.parametrize("conninfo", ["user=a hunter2", "postgresql://ana:hun ter2@db1/shop", "postgresql://a:%zz@h/"])
def test_a_malformed_string_is_one_sentence_without_what_was_quoted(conninfo: str) -> None:
    with pytest.raises(TargetError) as caught:
        Target(conninfo).complete("zdtui")
    assert "cannot be understood" in str(caught.value)
    assert "ter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_misspelt_keyword_is_named() -> None:
    with pytest.raises(TargetError, match='invalid connection option "hoost"'):
        Target("hoost=db1").complete("zdtui")


def test_a_dead_link_is_noticed_in_seconds_by_default() -> None:
    found = conninfo_to_dict(Target("host=db1").complete("zdtui x"))
    assert (found["connect_timeout"], found["keepalives_idle"], found["tcp_user_timeout"]) == ("5", "2", "5000")
    assert (found["application_name"], found["client_encoding"]) == ("zdtui x", "UTF8")


def test_what_the_person_set_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    service = tmp_path / "services"
    service.write_text("[shop]\nhost=db9\nkeepalives_idle=77\npassword=from%file\n")
    monkeypatch.setenv("PGSERVICEFILE", str(service))
    monkeypatch.setenv("PGCONNECT_TIMEOUT", "60")
    target = Target("service=shop tcp_user_timeout=9")
    found = conninfo_to_dict(target.complete("zdtui"))
    assert "keepalives_idle" not in found
    assert "connect_timeout" not in found
    assert found["tcp_user_timeout"] == "9"
    assert "from%file" in target.secrets()


def test_a_prompted_password_is_used() -> None:
    assert conninfo_to_dict(Target("host=db1", password="it's").complete("zdtui"))["password"] == "it's"


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (
            'connection failed: connection to server at "10.0.0.1", port 5432 failed: Connection refused\n\tIs it',
            "cannot connect to db1:5432 (database shop): Connection refused; check host and port",
        ),
        (
            'connection failed: connection to server at "::1", port 1 failed: FATAL:  database "shop" does not exist',
            'cannot connect to db1:5432 (database shop): database "shop" does not exist; check the database name',
        ),
        (
            "connection failed: connection to server on socket ... failed: FATAL:  the database system is starting up",
            "cannot connect to db1:5432 (database shop): the database system is starting up; wait until",
        ),
        ("", "cannot connect to db1:5432 (database shop): no reason was given; check the connection settings"),
        ("something hunter2 odd", "cannot connect to db1:5432 (database shop): something *** odd; check"),
    ],
)
def test_a_failure_says_what_where_and_what_to_do(message: str, said: str) -> None:
    assert sentence(message, {"host": "db1", "dbname": "shop"}, ("hunter2", None)).startswith(said)


def test_every_host_of_a_list_is_named() -> None:
    said = sentence("refused", {"host": "a,b", "port": "5432,5433"})
    assert "a:5432, b:5433" in said


def test_the_prompt_says_whose_password_is_wanted() -> None:
    assert PasswordNeeded("ana", "db1", 5432).prompt == "Password for user ana on db1:5432: "
