"""Which tables a plan touches and what a role needs on them."""

from tests.unit.run.plans import step
from zdtui.plan.model import BackfillAction, CopyAction, NoRollback, SqlAction, SqlRollback
from zdtui.run.preflight.plan_tables import OWNER, table_needs


def needs(*sql: str) -> dict[str, set[str]]:
    """By table, of steps with these actions and nothing to roll back."""
    steps = [step(f"s{n}", SqlAction(sql=text), rollback=NoRollback(reason="")) for n, text in enumerate(sql)]
    return {each.name: set(each.needs) for each in table_needs(steps)}


def test_ddl_is_the_owner_s_and_dml_has_its_privileges() -> None:
    assert needs("ALTER TABLE a ADD x int; UPDATE a SET x = 1", "DELETE FROM shop.b", "INSERT INTO c SELECT 1") == {
        "a": {OWNER, "UPDATE"},
        "shop.b": {"DELETE"},
        "c": {"INSERT"},
    }


def test_an_index_needs_the_table_s_owner_and_a_trigger_does_not() -> None:
    assert needs(
        "CREATE INDEX CONCURRENTLY i ON a (x)",
        "CREATE TRIGGER t BEFORE INSERT ON b FOR EACH ROW EXECUTE FUNCTION f()",
        "SELECT 1",
    ) == {"a": {OWNER}, "b": {"TRIGGER"}}


def test_backfill_copy_and_rollback_count() -> None:
    fill = BackfillAction(table="a", assignments=(("x", "1"),))
    copy = CopyAction(source="a", into="b", columns=(("id", "id"),))
    steps = [step("fill", fill, rollback=SqlRollback(sql="DROP TABLE c")), step("copy", copy)]
    found = {each.name: set(each.needs) for each in table_needs(steps)}
    assert found["a"] == {"SELECT", "UPDATE"}
    assert found["b"] == {"INSERT", "SELECT"}
    assert found["c"] == {OWNER}


def test_what_the_plan_makes_is_known_to_be_made() -> None:
    steps = [step("new", SqlAction(sql="CREATE TABLE n (i int); ALTER TABLE o RENAME TO p; ALTER TABLE p ADD x int"))]
    assert {each.name for each in table_needs(steps) if each.created} == {"n", "p"}
