"""Foreign keys and checks that are proved while others wait."""

from collections.abc import Iterator

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Safer, Severity
from zdtui.hazards.planned import Beside, in_steps
from zdtui.hazards.rewriting import actions_of, named_constraint, with_action, with_words_at_end
from zdtui.hazards.rule import DOCUMENTATION, Example, Found, Rule, on, safer, with_rows
from zdtui.hazards.safer_ways.by_partition import has_proved_keys, key_by_partition
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.operation import Constraint, ConstraintKind, Operation
from zdtui.sql.schema.made_names import LONGEST, made_name
from zdtui.sql.schema.relations import RelationKind
from zdtui.sql.text.quote import quote_identifier

ALTER_TABLE = f"{DOCUMENTATION}sql-altertable.html"
TWO = (
    "CREATE TABLE org (id int PRIMARY KEY); CREATE TABLE users (id int NOT NULL, org_id int, age int);"
    " CREATE INDEX users_org ON users (org_id)"
)
PROVED = (ConstraintKind.CHECK, ConstraintKind.FOREIGN_KEY, ConstraintKind.NOT_NULL)
KEYS_OF_PARTITIONED_SINCE = 18
"""The first version in which a foreign key of a partitioned table can be NOT VALID."""


@with_rows("ALTER TABLE ADD CONSTRAINT")
def _unproven(context: Context, each: Operation) -> Iterator[Found]:
    constraint = each.constraint
    if constraint is None or constraint.not_valid or constraint.not_enforced or constraint.kind not in PROVED:
        return
    if constraint.kind is ConstraintKind.NOT_NULL and not context.own_effects(each).scans:
        return
    key = constraint.kind is ConstraintKind.FOREIGN_KEY
    if key and has_proved_keys(context, each, constraint):
        return
    both = f"{each.relation} or {constraint.references}" if key else str(each.relation)
    yield Found(
        sentence=f"nobody {'writes' if key else 'reads or writes'} {both} until {_what(constraint)} has been "
        f"proved for every row of {each.relation}",
        safer=_then(context, each, constraint),
    )


@with_rows("ALTER TABLE ALTER CONSTRAINT")
def _enforced(context: Context, each: Operation) -> Iterator[Found]:
    """ENFORCED of a foreign key that was not; INHERIT of a NOT NULL that was not."""
    scans = context.own_effects(each).scans
    if not scans:
        return
    name = quote_identifier((each.constraint.name if each.constraint is not None else None) or "it")
    enforced = "ENFORCED" in each.words
    yield Found(
        sentence=f"{', '.join(map(str, scans))} {'is' if len(scans) == 1 else 'are'} read whole to prove {name}, "
        f"under ACCESS EXCLUSIVE on {each.relation}: nobody can read or write it meanwhile",
        safer=Safer(
            sentence="add the same foreign key under another name with NOT VALID, validate it in a later step, and "
            "drop the one that is not enforced"
            if enforced
            else "give the children the constraint NOT VALID first, and validate it there"
        ),
    )


@on("ALTER DOMAIN ADD CONSTRAINT")
def _unproven_domain(context: Context, each: Operation) -> Iterator[Found]:
    if context.effects.scans:
        yield _of_domain(context, each)


def _what(constraint: Constraint) -> str:
    if constraint.name is not None:
        return quote_identifier(constraint.name)
    columns = ", ".join(map(quote_identifier, constraint.columns))
    return f"the {str(constraint.kind).lower()}{f' on {columns}' if columns else ''}"


def _then(context: Context, operation: Operation, constraint: Constraint) -> Safer | None:
    """NOT VALID at the end of that one action; a key nobody named gets the name PostgreSQL would give it."""
    actions = actions_of(context.statement.text)
    if len(actions) != len(context.operations) or operation.relation is None:
        return None
    if _is_partitioned(context, operation) and constraint.kind is ConstraintKind.FOREIGN_KEY:
        return key_by_partition(context, operation, constraint, actions[0])
    name = constraint.name or _made_up(operation.relation.name, constraint)
    if name is None or len(name.encode(errors="surrogatepass")) > LONGEST:
        return Safer(sentence="give it a name, add it NOT VALID, and validate it in a later step")
    place = next(place for place, each in enumerate(context.operations) if each is operation)
    action = actions[place] if constraint.name else named_constraint(actions[place], quote_identifier(name))
    return in_steps(
        context,
        "add it NOT VALID, which looks at new rows only, and validate it in a later step, under a lock that keeps out "
        "neither readers nor writers",
        instead=with_action(context.statement.text, place, with_words_at_end(action, "NOT VALID")),
        after=[
            Beside(
                "validate",
                f"Prove {quote_identifier(name)} for the rows that are there",
                f"ALTER TABLE {operation.relation} VALIDATE CONSTRAINT {quote_identifier(name)}",
                because="a constraint that is proved may stay so",
            )
        ],
    )


def _is_partitioned(context: Context, operation: Operation) -> bool:
    known = context.schema.find(operation.relation)
    old = context.version < KEYS_OF_PARTITIONED_SINCE
    return old and known is not None and known.kind is RelationKind.PARTITIONED


def _made_up(table: str, constraint: Constraint) -> str | None:
    """None for a check: its name is made of the columns in the expression."""
    if constraint.kind is ConstraintKind.FOREIGN_KEY:
        return made_name(table, *constraint.columns, "fkey")
    return made_name(table, *constraint.columns, "not_null") if constraint.kind is ConstraintKind.NOT_NULL else None


def _of_domain(context: Context, operation: Operation) -> Found:
    domain = operation.object
    name = operation.constraint.name if operation.constraint is not None else None
    tables = ", ".join(map(str, context.effects.scans))
    return Found(
        sentence=f"nobody can write {tables} until every value of {domain} in there has been looked at",
        safer=safer(
            "add it NOT VALID, which looks at new values only; VALIDATE reads the rest at a quiet hour",
            with_words_at_end(context.statement.text, "NOT VALID"),
            f"ALTER DOMAIN {domain} VALIDATE CONSTRAINT {quote_identifier(name or '')}",
        )
        if name is not None
        else Safer(sentence="give it a name, add it NOT VALID, and validate it at a quiet hour"),
    )


@on("ALTER DOMAIN VALIDATE CONSTRAINT", "ALTER DOMAIN SET NOT NULL")
def _domain_proved(context: Context, each: Operation) -> Iterator[Found]:
    if context.effects.scans:
        tables = ", ".join(map(str, context.effects.scans))
        yield Found(
            severity=Severity.WARN,
            sentence=f"nobody writes {tables} while every value of {each.object} in there is looked at",
            safer=Safer(sentence="do it at a quiet hour: for domains there is no gentler lock"),
        )


@with_rows("ALTER TABLE VALIDATE CONSTRAINT")
def _under_a_strong_lock(context: Context, each: Operation) -> Iterator[Found]:
    """VALIDATE on a table that this transaction, or this very statement, locks away from others."""
    table = None if each.relation is None else context.schema.resolve(each.relation)
    strong = [lock for lock in context.effects.locks if lock.relation == table]
    beside = any(lock.mode.conflicts_with(LockMode.ROW_EXCLUSIVE) for lock in strong)
    if table is None or not (beside or table in context.history.held) or not context.own_effects(each).scans:
        return
    name = each.constraint.name if each.constraint is not None else None
    yield Found(
        severity=Severity.WARN if context.history.assumed and not beside else None,
        sentence=f"{each.relation} is read whole while the strong lock of what comes "
        f"{'beside' if beside else 'before'} it is held: NOT VALID was for nothing",
        safer=Safer(
            sentence="validate in a step of its own, after the one that adds the constraint",
            sql=f"ALTER TABLE {each.relation} VALIDATE CONSTRAINT {quote_identifier(name)};" if name else "",
        ),
    )


RULES = (
    Rule(
        name="constraint-not-valid",
        severity=Severity.STOP,
        title="A foreign key or check that is proved at once",
        why="Without NOT VALID every row is looked at while the strong lock of ADD CONSTRAINT is held; a foreign key "
        "locks both tables. VALIDATE CONSTRAINT does the same work under SHARE UPDATE EXCLUSIVE.",
        find=(_unproven, _unproven_domain, _enforced),
        example=Example(
            given=TWO,
            bad="ALTER TABLE users ADD CONSTRAINT org FOREIGN KEY (org_id) REFERENCES org;",
            good="BEGIN;\nALTER TABLE users ADD CONSTRAINT org FOREIGN KEY (org_id) REFERENCES org NOT VALID;\n"
            "COMMIT;\nALTER TABLE users VALIDATE CONSTRAINT org;",
        ),
        sources=(ALTER_TABLE,),
        squawk=("adding-foreign-key-constraint", "constraint-missing-not-valid"),
    ),
    Rule(
        name="validate-with-add",
        severity=Severity.STOP,
        title="VALIDATE in the transaction that added the constraint",
        why="The lock of ADD CONSTRAINT, or of whatever else needs a strong one, is held to the end of the "
        "transaction, so that the table is read whole under it.",
        find=_under_a_strong_lock,
        example=Example(
            given=TWO,
            bad="BEGIN;\nALTER TABLE users ADD CONSTRAINT age CHECK (age > 0) NOT VALID;\n"
            "ALTER TABLE users VALIDATE CONSTRAINT age;\nCOMMIT;",
            good="BEGIN;\nALTER TABLE users ADD CONSTRAINT age CHECK (age > 0) NOT VALID;\nCOMMIT;\n"
            "ALTER TABLE users VALIDATE CONSTRAINT age;",
        ),
        sources=(ALTER_TABLE,),
    ),
    Rule(
        name="domain-constraint",
        severity=Severity.WARN,
        title="A domain's constraint that reads every table with a column of it",
        why="VALIDATE CONSTRAINT and SET NOT NULL of a domain read each such table under SHARE, so that nobody writes "
        "them meanwhile. There is no gentler lock for it.",
        find=_domain_proved,
        example=Example(
            given="CREATE DOMAIN positive AS int CHECK (VALUE > 0); CREATE TABLE stock (id int, amount positive)",
            bad="ALTER DOMAIN positive SET NOT NULL;",
            good="ALTER DOMAIN positive ADD CONSTRAINT small CHECK (VALUE < 1000) NOT VALID;",
        ),
        sources=(f"{DOCUMENTATION}sql-alterdomain.html",),
    ),
)
