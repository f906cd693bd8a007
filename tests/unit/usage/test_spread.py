"""What stands behind a statement: views on views, functions, triggers of other tables, generated columns."""

import pytest

from tests.unit.usage.shop import NAME, USERS, VIEW, at, catalog, plpgsql, usage, why
from zdtui.usage.catalog import Function, Trigger, View
from zdtui.usage.find import usage_of
from zdtui.usage.usage import Verdict

NESTED = View(name=at("by_name"), query="SELECT a.id, a.shown AS n FROM public.active_users a")
FILTERED = View(name=at("named"), query="SELECT u.id FROM public.users u WHERE (u.name IS NOT NULL)")
READS = "BEGIN RETURN (SELECT u.name FROM users u WHERE u.id = given); END"


def test_a_view_on_a_view_is_followed_column_by_column() -> None:
    known = catalog(views=(NESTED, VIEW, FILTERED))
    assert why("SELECT n FROM by_name", known) == "through the view public.by_name"
    assert why("SELECT id FROM by_name", known) == ""
    assert why("SELECT id FROM named", known) == "through the view public.named"


BODIES = [
    READS,
    "DECLARE n text; BEGIN SELECT name INTO n FROM users WHERE id = 1; RETURN n; END",
    "DECLARE n text; BEGIN SELECT name INTO STRICT n FROM users; END",
    "DECLARE n users.name%TYPE; BEGIN END",
    "DECLARE u users%ROWTYPE; BEGIN u.name := 'x'; END",
    "DECLARE u users; BEGIN RETURN u.name || 'x'; END",
    "DECLARE c CURSOR (k int) FOR SELECT name FROM users WHERE id = k; BEGIN END",
    "DECLARE n text := (SELECT name FROM users LIMIT 1); BEGIN END",
    "BEGIN FOR r IN SELECT * FROM users LOOP NULL; END LOOP; END",
    "BEGIN IF EXISTS (SELECT 1 FROM users WHERE name = 'x') THEN RETURN 1; END IF; END",
    "BEGIN IF a THEN UPDATE users SET name = 'x'; ELSE NULL; END IF; END",
    "BEGIN PERFORM 1 FROM users WHERE name = 'x'; END",
    "BEGIN RETURN QUERY SELECT name FROM users; END",
    "BEGIN EXECUTE 'UPDATE users SET name = $1' USING 1; END",
    "BEGIN OPEN c FOR SELECT name FROM users; END",
    "BEGIN RAISE NOTICE 'is %', (SELECT name FROM users LIMIT 1); END",
    "BEGIN RETURN CASE WHEN a THEN (SELECT name FROM users LIMIT 1) ELSE 'x' END; END",
    "BEGIN x := CASE WHEN a THEN 1 ELSE 2 END; UPDATE users SET name = 'x'; END",
    "<<b>> BEGIN MERGE INTO users u USING i ON u.id = i.id WHEN MATCHED THEN UPDATE SET name = 'x'; END",
    "BEGIN CASE given WHEN 1 THEN UPDATE users SET name = 'x'; ELSE NULL; END CASE; END",
    "BEGIN CASE WHEN EXISTS (SELECT FROM users WHERE name = 'x') THEN RETURN 1; ELSE RETURN 2; END CASE; END",
    "BEGIN IF a THEN NULL; ELSE CASE b WHEN 1 THEN PERFORM name FROM users; END CASE; END IF; END",
    "BEGIN INSERT INTO users VALUES (1); EXCEPTION WHEN unique_violation THEN NULL; END",
    "BEGIN BEGIN NULL; EXCEPTION WHEN others THEN INSERT INTO users (name) VALUES ('x'); END; END",
]
QUIET = [
    "BEGIN RETURN (SELECT u.email FROM users u WHERE u.id = given); END",
    "DECLARE name text; BEGIN SELECT email INTO name FROM users; RETURN name; END",
    "DECLARE u users%ROWTYPE; BEGIN u.email := 'x'; END",
    "BEGIN FOR r IN SELECT id FROM users LOOP RAISE NOTICE '%', r.id; END LOOP; END",
    "BEGIN FOR i IN 1..10 LOOP UPDATE users SET email = 'x' WHERE id = i; END LOOP; END",
    "BEGIN EXECUTE 'UPDATE users SET email = $1' USING 1; END",
    "BEGIN UPDATE orgs SET name = 'x'; END",
    "BEGIN CASE given WHEN 1 THEN UPDATE users SET email = 'x'; ELSE NULL; END CASE; END",
    "BEGIN x := CASE WHEN a THEN (SELECT email FROM users LIMIT 1) ELSE 'name' END; END",
    "BEGIN IF given = 1 THEN RETURN 'name'; END IF; END",
]


@pytest.mark.parametrize("body", BODIES)
def test_a_function_uses_the_column(body: str) -> None:
    known = catalog(functions=(plpgsql("f", body),))
    assert why("SELECT f($1)", known).startswith("calls public.f(), which ")
    assert why("SELECT public.f($1) FROM orders", known)
    assert why("SELECT * FROM f($1)", known)
    assert why("CALL f($1)", known)
    assert why("SELECT other.f($1)", known) == ""
    assert [each.in_the_way for each in usage("SELECT 1", known).dependents] == [True]


@pytest.mark.parametrize("body", QUIET)
def test_a_function_uses_other_columns(body: str) -> None:
    known = catalog(functions=(plpgsql("f", body),))
    assert why("SELECT f($1)", known) == ""
    assert usage("SELECT f($1)", known).verdict is Verdict.UNUSED


def test_a_function_that_puts_sql_together_counts_when_it_is_called() -> None:
    known = catalog(functions=(plpgsql("f", "BEGIN EXECUTE format('SELECT 1 FROM %I', given); END"),))
    assert why("SELECT f($1)", known) == "?calls public.f(): it runs SQL that it puts together"
    assert usage("SELECT 1", known).verdict is Verdict.UNUSED


def test_a_function_calls_a_function_and_a_view_calls_one() -> None:
    outer = plpgsql("g", "BEGIN RETURN f(1); END")
    known = catalog(functions=(outer, plpgsql("f", READS)), views=(View(name=at("named"), query="SELECT g(1) AS id"),))
    assert why("SELECT g($1)", known)
    assert why("SELECT id FROM named", known) == "through the view public.named"


def test_functions_in_sql_are_read_as_text_and_as_standard_bodies() -> None:
    text = Function(name=at("f"), language="sql", body="SELECT name FROM users WHERE id = $1")
    definition = (
        "CREATE FUNCTION public.f(i int) RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT u.name FROM users u; END"
    )
    standard = Function(name=at("f"), language="sql", body="", definition=definition)
    quiet = Function(name=at("f"), language="sql", body="SELECT email FROM users WHERE id = $1")
    assert why("SELECT f($1)", catalog(functions=(text,)))
    assert why("SELECT f($1)", catalog(functions=(standard,)))
    assert why("SELECT f($1)", catalog(functions=(quiet,))) == ""


def test_a_function_of_a_row() -> None:
    rows = {"u": USERS, "$1": USERS}
    by_name = Function(name=at("f"), language="sql", body="SELECT upper(u.name)", row_arguments=rows)
    by_place = Function(name=at("f"), language="sql", body="SELECT upper($1.name)", row_arguments=rows)
    other = Function(name=at("f"), language="sql", body="SELECT upper(u.email)", row_arguments=rows)
    for function in (by_name, by_place):
        assert usage("SELECT 1", catalog(functions=(function,))).in_the_way
    assert not usage("SELECT 1", catalog(functions=(other,))).in_the_way


def test_a_function_that_returns_rows_of_the_table() -> None:
    known = catalog(functions=(Function(name=at("f"), language="c", body="f", returns=USERS),))
    assert why("SELECT name FROM f($1)", known) == "reads public.users.name"
    assert why("SELECT (f($1)).name", known) == "reads public.users.name"
    assert why("SELECT x.id FROM f($1) x", known) == ""


def test_other_languages() -> None:
    asks = Function(name=at("f"), language="plpython3u", body="return plpy.execute(q)")
    quiet = Function(name=at("f"), language="plpython3u", body="return name.upper()")
    assert why("SELECT f($1)", catalog(functions=(asks,))) == "?calls public.f(): it is written in plpython3u"
    assert why("SELECT f($1)", catalog(functions=(quiet,))) == ""


def trigger_on(table: str) -> Trigger:
    return Trigger(name="t", table=at(table), function=at("f"))


def test_a_change_of_another_table_that_a_trigger_takes_to_the_column() -> None:
    body = "BEGIN UPDATE users SET name = 'x' WHERE id = NEW.user_id; RETURN NEW; END"
    known = catalog(functions=(plpgsql("f", body),), triggers=(trigger_on("orders"),))
    said = why("INSERT INTO orders (id) VALUES ($1)", known)
    assert said.startswith("through the trigger t of public.orders, which calls public.f()")
    assert why("SELECT id FROM orders", known) == ""
    assert why("COPY orders FROM STDIN", known)


def test_a_trigger_of_the_table_itself_depends_on_the_column() -> None:
    for body in ("BEGIN NEW.name := upper(NEW.name); RETURN NEW; END", "BEGIN NEW.name = 'x'; RETURN NEW; END"):
        known = catalog(functions=(plpgsql("f", body),), triggers=(trigger_on("users"),))
        found = usage("UPDATE users SET email = $1", known)
        assert [(each.what, each.in_the_way) for each in found.dependents] == [("function public.f", True)]
        assert "run by the trigger t of public.users" in found.dependents[0].why
        assert found.statements == ()


def test_a_trigger_that_takes_the_whole_row_is_told_and_in_nobodys_way() -> None:
    for body in (
        "BEGIN INSERT INTO audit VALUES (now(), to_jsonb(NEW)); RETURN NEW; END",
        "BEGIN INSERT INTO audit SELECT now(), NEW.*; RETURN NULL; END",
    ):
        known = catalog(functions=(plpgsql("f", body),), triggers=(trigger_on("users"),))
        assert [each.in_the_way for each in usage("SELECT 1", known).dependents] == [False]
    quiet = plpgsql("f", "BEGIN IF NEW.email <> OLD.email THEN RETURN NULL; END IF; RETURN NEW; END")
    assert usage("SELECT 1", catalog(functions=(quiet,), triggers=(trigger_on("users"),))).dependents == ()


def test_a_trigger_that_reads_the_changed_rows_by_a_name_of_its_own() -> None:
    on = Trigger(name="t", table=USERS, function=at("f"), transition_tables=("changed",))
    uses = plpgsql("f", "BEGIN INSERT INTO audit SELECT now(), c.name FROM changed c; RETURN NULL; END")
    quiet = plpgsql("f", "BEGIN INSERT INTO audit SELECT now(), c.email FROM changed c; RETURN NULL; END")
    assert usage("SELECT 1", catalog(functions=(uses,), triggers=(on,))).in_the_way
    assert not usage("SELECT 1", catalog(functions=(quiet,), triggers=(on,))).dependents


def test_what_the_plan_itself_makes_is_in_nobodys_way() -> None:
    body = "BEGIN NEW.name := NEW.email; RETURN NEW; END"
    known = catalog(functions=(plpgsql("f", body),), triggers=(trigger_on("users"), trigger_on("orders")))
    found = usage_of(known, [], NAME, handled=(at("f"),))
    assert [each.of_the_plan for each in found.dependents] == [True]
    assert found.verdict is Verdict.UNUSED


def test_a_column_that_is_computed_from_it() -> None:
    known = catalog(generated={(USERS, "label"): "(name || '!'::text)"})
    assert why("SELECT label FROM users", known) == "through the generated column users.label"
    assert why("SELECT id FROM users", known) == ""
