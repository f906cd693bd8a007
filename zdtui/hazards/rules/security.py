"""Who sees which rows from one moment to the next."""

from collections.abc import Iterator

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Safer, Severity
from zdtui.hazards.rule import DOCUMENTATION, Example, Found, Rule, in_use
from zdtui.sql.operation import Operation

USERS = "CREATE TABLE users (id int PRIMARY KEY, name text)"


@in_use("ALTER TABLE ENABLE ROW LEVEL SECURITY")
def _enabled(context: Context, each: Operation) -> Iterator[Found]:
    table = None if each.relation is None else context.schema.resolve(each.relation)
    known = any(name == table for name, _ in context.schema.policies)
    if known or any(
        one.kind == "CREATE POLICY" and one.relation == each.relation for one in context.together.operations
    ):
        return
    yield Found(
        sentence=f"from the moment this commits nobody but its owner sees a row of {each.relation}, or may write "
        "one: there is no policy that lets anybody",
        safer=Safer(
            sentence="create the policies first, in the same transaction at the latest",
            sql=f"CREATE POLICY everybody ON {each.relation} USING (true);\n"
            f"ALTER TABLE {each.relation} ENABLE ROW LEVEL SECURITY;",
        ),
    )


RULES = (
    Rule(
        name="row-security",
        severity=Severity.WARN,
        title="Row-level security without a policy",
        why="Where no policy lets a role see a row, the table is empty for it: queries do not fail, they find nothing.",
        find=_enabled,
        example=Example(
            given=USERS,
            bad="ALTER TABLE users ENABLE ROW LEVEL SECURITY;",
            good="CREATE POLICY everybody ON users USING (true);\nALTER TABLE users ENABLE ROW LEVEL SECURITY;",
        ),
        sources=(f"{DOCUMENTATION}ddl-rowsecurity.html",),
    ),
)
