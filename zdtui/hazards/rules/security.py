"""Who sees which rows from one moment to the next."""

from collections.abc import Iterator

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Safer, Severity
from zdtui.hazards.rule import DOCUMENTATION, Example, Found, Rule, in_use, on
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


@on("REVOKE")
def _revoked(context: Context, each: Operation) -> Iterator[Found]:
    if context.forward and not context.fresh(each.relation):
        yield Found(
            sentence=f"whoever loses a privilege{f' on {each.relation}' if each.relation else ''} fails "
            "from the moment "
            "this commits, in sessions that are open too",
            safer=Safer(sentence="see first who still uses it; take it away in contract"),
        )


@in_use(
    "ALTER TABLE OWNER TO", "ALTER TABLE DISABLE ROW LEVEL SECURITY", "DROP POLICY", "CREATE POLICY", "ALTER POLICY"
)
def _who_may(context: Context, each: Operation) -> Iterator[Found]:
    if not context.forward:
        return
    match each.kind:
        case "ALTER TABLE OWNER TO":
            sentence = f"the old owner of {each.relation} loses every right that was not granted to it"
        case "CREATE POLICY":
            sentence = f"with row-level security on, what each role sees of {each.relation} is another from then on"
        case "ALTER TABLE DISABLE ROW LEVEL SECURITY":
            sentence = f"from the moment this commits every role with SELECT sees every row of {each.relation}"
        case _:
            sentence = f"what each role sees of {each.relation}, and may write there, is another from then on"
    loud = each.kind in ("ALTER TABLE DISABLE ROW LEVEL SECURITY", "DROP POLICY")
    yield Found(severity=Severity.WARN if loud else None, sentence=sentence)


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
    Rule(
        name="privilege-revoked",
        severity=Severity.WARN,
        title="A privilege is taken away",
        why="The next statement that needs it fails, in sessions that are open too. Who needs it no text says.",
        find=_revoked,
        example=Example(
            given=USERS, bad="REVOKE SELECT ON users FROM PUBLIC;", good="GRANT SELECT ON users TO PUBLIC;"
        ),
        sources=(f"{DOCUMENTATION}sql-revoke.html",),
    ),
    Rule(
        name="who-may-what",
        severity=Severity.NOTE,
        title="Another owner, or another policy",
        why="Who sees and changes which rows is another the moment it commits. Queries do not fail: they "
        "find other rows.",
        find=_who_may,
        example=Example(
            given=USERS,
            bad="CREATE POLICY own ON users USING (name = current_user);",
            good="GRANT SELECT ON users TO PUBLIC;",
        ),
        sources=(f"{DOCUMENTATION}ddl-rowsecurity.html",),
    ),
)
