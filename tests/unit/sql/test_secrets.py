"""Passwords in texts: none is left, whatever the text is, and nothing takes long."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile import HOSTILE
from zdtui.plan.load import parse_plan
from zdtui.plan.secrets import mask_of
from zdtui.sql.text.secrets import LIKELY, is_likely, mask_for, masked, secrets_in, values_without_secrets

SECRET = "hunter2-geheim"
HOLDING = (
    f"ALTER ROLE ana PASSWORD '{SECRET}'",
    f"create user ana with encrypted\n password /* of ana */ '{SECRET}' valid until 'infinity'",
    f"ALTER ROLE ana PASSWORD E'{SECRET}'",
    f"ALTER ROLE ana PASSWORD $x${SECRET}$x$",
    f"ALTER ROLE ana\nPASSWORD -- here\n'{SECRET}'; SELECT 1",
    f"CREATE USER MAPPING FOR ana SERVER s OPTIONS (user 'u', password '{SECRET}')",
    f"ALTER USER MAPPING FOR ana SERVER s OPTIONS (SET \"password\" '{SECRET}')",
    f"CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'h', secret_key '{SECRET}')",
    f"CREATE SUBSCRIPTION s CONNECTION 'host=h password={SECRET} dbname=x' PUBLICATION p",
    f"ALTER SUBSCRIPTION s CONNECTION 'host=h password=''{SECRET}'' dbname=x'",
    f"SELECT dblink_connect('postgresql://u:{SECRET}@host/db')",
    f"SELECT dblink('host=h sslpassword = {SECRET}', 'SELECT 1')",
    f"DO $$ BEGIN EXECUTE 'x'; ALTER ROLE ana PASSWORD '{SECRET}'; END $$",
    f"COPY t FROM PROGRAM 'PGPASSWORD={SECRET} psql'",
)


@pytest.mark.parametrize("sql", HOLDING)
def test_a_statement_that_holds_a_password_is_told_and_masked(sql: str) -> None:
    assert SECRET in secrets_in(sql)
    assert SECRET not in masked(sql)
    assert "***" in masked(sql)
    assert masked(masked(sql)) == masked(sql)


@pytest.mark.parametrize("sql", HOLDING)
def test_it_is_struck_out_wherever_it_is_said_again(sql: str) -> None:
    mask = mask_for([sql])
    for text in (f"role exists: {SECRET}", f'LINE 1: ...D "{SECRET}', sql, sql.replace("'", "''"), f"x{SECRET}y"):
        assert SECRET not in mask(text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("sql: 'ALTER ROLE a PASSWORD ''" + SECRET + "'''", "sql: 'ALTER ROLE a PASSWORD ''***'''"),
        ("LINE 1: ALTER ROLE a PASSWORD '" + SECRET, "LINE 1: ALTER ROLE a PASSWORD '***'"),
        ('{"password": "' + SECRET + '"}', '{"password": "***"}'),
        (f"host=h password = {SECRET} port=1", "host=h password = *** port=1"),
        (f"postgres://u:{SECRET}@x@h:5432/d", "postgres://u:***@h:5432/d"),
        ("don't; ALTER ROLE a PASSWORD '" + SECRET + "'", "don't; ALTER ROLE a PASSWORD '***'"),
        ("SCRAM-SHA-256$4096:c2FsdA==$a2V5:a2V5", "***"),
    ],
)
def test_a_text_that_is_no_statement_is_masked_by_what_it_looks_like(text: str, left: str) -> None:
    assert masked(text) == left


@pytest.mark.parametrize(
    "text",
    [
        'FATAL:  password authentication failed for user "ana"',
        "ALTER ROLE ana PASSWORD NULL",
        "http://db1:8080/lag?of=a@b",
        "ALTER TABLE users ADD COLUMN password_hash text",
        "no password supplied; give the password by PGPASSWORD, ~/.pgpass or the service file",
        "SELECT 1",
    ],
)
def test_what_is_no_password_stays(text: str) -> None:
    assert masked(text) == text
    assert secrets_in(text) == frozenset()


def test_every_option_of_a_user_mapping_may_be_one() -> None:
    sql = "CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'ana', token_of_ours 'abc')"
    assert secrets_in(sql) == {"abc"}
    assert mask_for([sql])(sql).endswith("OPTIONS (user 'ana', token_of_ours '***')")


def test_a_short_one_is_struck_out_only_where_it_is_quoted() -> None:
    mask = mask_for(["ALTER ROLE ana PASSWORD 'a'"])
    assert mask("ALTER ROLE ana PASSWORD 'a'") == "ALTER ROLE ana PASSWORD '***'"
    assert mask("a table, and 'a'") == "a table, and '***'"


@given(HOSTILE.filter(lambda text: "'" not in text and "\\" not in text), HOSTILE)
def test_nothing_of_a_hostile_password_is_left(password: str, around: str) -> None:
    sql = f"ALTER ROLE ana PASSWORD 'X{password}Y-end-of-it'"
    assert "Y-end-of-it" not in mask_for([sql])(f"{around} {sql} {around}")


@given(HOSTILE)
def test_no_text_is_refused(text: str) -> None:
    masked(text)
    secrets_in(text)


def test_masking_is_in_proportion_to_the_text() -> None:
    """Each of these has made a careless pattern take minutes; nobody would wait for that test to end."""
    for piece in (
        "password /*",
        "password --x",
        "password '",
        "password $a$",
        "postgres://x:",
        "password " * 3,
        "://x:",
    ):
        text = piece * 20_000
        begun = time.process_time()
        masked(text)
        shorter = time.process_time() - begun
        assert shorter < 60, piece


def test_values_of_every_form_are_gone_through() -> None:
    value = {"a": [f"PASSWORD '{SECRET}'", (1, None, f"password={SECRET}")], "b": 2}
    assert values_without_secrets(value) == {"a": ["PASSWORD '***'", (1, None, "password=***")], "b": 2}


PLAN = """zdtui: 1
name: p
title: T
steps:
  - id: a
    title: A
    phase: expand
    sql: 'ALTER ROLE ana PASSWORD ''%s'''
    rollback: ALTER ROLE ana PASSWORD NULL
"""


@given(st.from_regex(r"[A-Za-z0-9]{1,20}", fullmatch=True))
def test_a_plan_is_kept_without_its_passwords(secret: str) -> None:
    plan = parse_plan(PLAN % secret, "p.yaml")
    kept = mask_of(plan)(plan.source)
    assert f"'{secret}'" not in kept
    assert "PASSWORD ''***''" in kept


def test_a_password_in_an_expression_of_a_backfill_is_known_by_itself_too() -> None:
    """The server's message may say it without the words around it."""
    before, _, rest = PLAN.partition("    sql:")
    backfill = f"    backfill: {{table: t, set: {{a: \"f('host=b password={SECRET}', c)\"}}, where: a IS NULL}}\n"
    plan = parse_plan(before + backfill + rest.partition("\n")[2], "p.yaml")
    assert SECRET not in mask_of(plan)(f"could not connect with {SECRET}")


@given(st.from_regex(LIKELY), st.text(max_size=20), st.text(max_size=20))
def test_what_is_likely_is_never_passed_over(found: str, before: str, after: str) -> None:
    text = f"{before} {found} {after}"
    assert is_likely(text) == (LIKELY.search(text) is not None)
