"""Connection URIs that libpq would take apart at the wrong place: one sentence, and no part of the password."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zdtui.errors import TargetError
from zdtui.postgres.sessions.connect import probe
from zdtui.postgres.target.target import Target
from zdtui.postgres.target.unreachable import sentence, where
from zdtui.postgres.target.uri import uri_defect

WRONG = (
    "postgresql://ana:hun@ter2@db1/shop",
    "postgresql://ana:h@un@ter2@db1/shop",
    "postgres://ana:hun/ter2@db1/shop",
    "postgresql://ana:hun?ter2@db1/shop",
    "postgresql://ana:hun%ter2@db1/shop",
    "postgresql://ana:hun@ter2/x@db1/shop",
    "postgresql://ana:@hunter2@db1:5432/shop",
    "postgresql://db1:hunter2/shop",
    "postgresql://db1:99999/shop",
)
RIGHT = (
    "postgresql://ana:hun%40ter2@db1/shop",
    "postgresql://db1:5432,db2:5433/shop?target_session_attrs=read-write",
    "postgresql://[2001:db8::1]:5432/shop",
    "postgresql://[2001:db8::1]/shop",
    "postgresql:///shop?host=/tmp&user=ana@corp",
    "postgresql://%2Ftmp/shop",
    "postgresql://",
    "postgresql://ana@db1",
    "postgresql://db1:/shop",
    "host=db1 password='a@b@c'",
    "",
)


@pytest.mark.parametrize("uri", WRONG)
def test_a_uri_that_cannot_be_meant_is_one_sentence_that_shows_no_part_of_it(uri: str) -> None:
    with pytest.raises(TargetError) as refused:
        Target(uri).complete("zdtui")
    said = str(refused.value)
    assert "%40" in said
    assert not any(part in said for part in ("hun", "ter2", "ana:", "db1", "99999"))
    assert repr(Target(uri)) == "Target('?')"


def test_two_are_told() -> None:
    assert str(uri_defect(WRONG[0])).startswith(
        "the connection string cannot be understood: the URI has two @ and one is meant; "
    )


@pytest.mark.parametrize("uri", RIGHT)
def test_a_uri_that_is_right_is_left_alone(uri: str) -> None:
    assert uri_defect(uri) is None
    Target(uri).complete("zdtui")


@given(
    st.text(st.characters(codec="utf-8", categories=None, exclude_categories=["Cc"]), max_size=12).map(
        lambda text: f"SEcr{text}eT77"
    )
)
def test_no_part_of_a_password_is_in_any_sentence(password: str) -> None:
    target = Target(f"postgresql://ana:{password}@127.0.0.1:1/shop?connect_timeout=1")
    try:
        target.complete("zdtui")
        said = sentence(f'could not look up "{password}"', target.effective(), target.secrets())
    except TargetError as error:
        said = str(error)
    assert "SEcr" not in said
    assert "eT77" not in said


def test_a_uri_where_a_host_or_a_database_belongs_shows_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "postgres://u:geheim@h")
    monkeypatch.setenv("PGPORT", "not a port")
    with pytest.raises(TargetError) as refused:
        probe(Target(""))
    assert "geheim" not in str(refused.value)
    told = sentence("no such host", {"dbname": "postgresql://u:geheim@h/d", "host": "h"})
    assert "geheim" not in told
    assert "postgresql://u:***@h/d" in told
    assert where({"host": "h"}) == "h:5432"


@pytest.mark.parametrize("uri", WRONG[:5])
def test_the_command_line_says_so(uri: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "zdtui", "status", "--dsn", uri], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("zdtui: ")
    assert done.stderr.count("\n") == 1
    assert "hun" not in done.stderr
    assert "ter2" not in done.stderr
