"""The swap of names, its way back, and what is taken away after it."""

from collections.abc import Iterable

from zdtui.draft.changes import not_null
from zdtui.draft.changes.type_beside import called, forward_sync, index_of_those_past, proofs, reversed_sync
from zdtui.draft.drafted import Asked, beside, columns_of, lines, literal, regclass, soak, sql, step
from zdtui.draft.family import HIGHEST, Copied, Family, Member, PrimaryKey
from zdtui.plan.model import Irreversible, NoRollback, Phase, Step
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import quote_identifier

NOT_READ_ANEW = (
    " Which triggers the tables have is not known here. Each function in PL/pgSQL that uses the column fails from here"
    " on in sessions that are open, until it is altered: add ALTER FUNCTION ... COST 100 for each, here and to the"
    " rollback."
)
LOCKED_FIRST = (("lock-table", "taken first and for a moment, so that the swap is seen whole or not at all"),)
PROVED = (("set-not-null", "no row is NULL: the catalog or the steps before it prove that"),)
KEEPS_ITS_NAME = (("contract-in-same-release", "the column keeps its name, so that every release uses either type"),)


def steps(asked: Asked, family: Family) -> tuple[Step, ...]:
    """The swap, and the time in which it can be taken back."""
    name = family.members[0].column
    return (
        _swap(asked, family),
        *_named(family),
        *_renewed(family),
        soak(f"soak-{name}", Phase.SWITCH, "Until the next step going back is a second swap, and nothing is lost."),
    )


def _swap(asked: Asked, family: Family) -> Step:
    syncs = [(forward_sync(family, each), reversed_sync(family, each)) for each in family.resolved_tables]
    anew = read_anew(asked, family.resolved_tables)
    alone = len(family.locked) == 1 and not (family.keys or family.bound or family.copies)
    lock = () if alone else (f"LOCK TABLE {', '.join(map(str, family.locked))} IN ACCESS EXCLUSIVE MODE",)
    there = (*lock, *_forward(family), *(each.replace for _, each in syncs), *anew)
    back = (*lock, *_back(family), *(each.replace for each, _ in syncs), *anew)
    name = family.members[0].column
    types = ",\n        ".join(f"({regclass(each.table)}, {literal(each.column)})" for each in family.members)
    return step(
        f"swap-{name}",
        "Swap the two names" if len(family.members) == 1 else f"Swap the names in {len(family.resolved_tables)} tables",
        Phase.SWITCH,
        sql(*there),
        lines(*back),
        notes=_notes(asked, family),
        verify=(
            f"SELECT count(*) = {len(family.members)} FROM pg_attribute\n"
            f" WHERE (attrelid, attname) IN (\n        {types})"
            f"\n   AND format_type(atttypid, atttypmod) = {literal(family.wanted)}"
        )
        if family.is_wider
        else "",
        silence=(*(LOCKED_FIRST if lock else ()), *(PROVED if family.keys else ())),
    )


def _notes(asked: Asked, family: Family) -> str:
    root = family.members[0]
    if family.wraps:
        highest = HIGHEST[root.before]
        narrow = (
            f" The old columns are written on. A value past {highest} has no place there and gets one below zero in its"
            f" stead, up to {2 * highest + 1}; from then on no way leads back, and the rollback's first SELECT fails"
            " before anything is changed."
        )
    else:
        narrow = (
            " The old column is written on, so that going back is a second swap; a value that"
            f" {root.before} cannot hold is refused until the last step."
        )
    bound = (
        " The rollback is the same swap the other way round. It leaves old foreign keys and checks NOT VALID and"
        " reads no row: further rollbacks prove them."
        if family.bound
        else ""
    )
    unseen = "" if asked.known.trigger_functions is not None else NOT_READ_ANEW
    return (
        f"One transaction of milliseconds under ACCESS EXCLUSIVE: nothing is read or built in it.{narrow}{bound}"
        " The new column stands last in its table: an INSERT or COPY without a list of columns, and whoever reads"
        " SELECT * by place, has to name its columns before. A prepared SELECT * or RETURNING fails once, with `cached"
        f" plan must not change result type`, and has to be prepared again.{unseen}"
    )


def _forward(family: Family) -> Iterable[str]:
    gone = [(each.table, each.name) for each in family.bound] + [(each.table, each.name) for each in family.keys]
    yield from _dropped_constraints(gone, family)
    for each in family.members:
        yield _renamed(each, each.column, each.old)
        yield _renamed(each, each.new, each.column)
    yield from (_primary(each, each.for_swap) for each in family.keys)
    for each in family.members:
        yield from _filled_by(each, away=each.old, into=each.column)
        if each.sequence is not None and _widens(each, family):
            yield f"ALTER SEQUENCE {each.sequence} AS {family.wanted}"


def _dropped_constraints(gone: list[tuple[Name, str]], family: Family) -> Iterable[str]:
    """Those that refer to others first: a primary key goes when no foreign key needs it."""
    for table in reversed(family.locked):
        names = [quote_identifier(name) for each, name in gone if each == table]
        if names:
            yield f"ALTER TABLE {table} " + ", ".join(f"DROP CONSTRAINT {name}" for name in names)


def _back(family: Family) -> Iterable[str]:
    root = family.members[0]
    if family.wraps:
        column = quote_identifier(root.column)
        yield (
            f"SELECT max({column})::{root.before} AS the_greatest_fits_{root.before}"
            f" FROM {root.table} WHERE {column} > {HIGHEST[root.before]}"
        )
    for each in family.members:
        if each.sequence is not None and _widens(each, family):
            yield f"ALTER SEQUENCE {each.sequence} AS {each.sequence_type}"
    yield from _dropped_constraints([(each.table, each.name) for each in family.keys], family)
    for each in family.members:
        yield _renamed(each, each.column, each.new)
        yield _renamed(each, each.old, each.column)
    for key in family.keys:
        yield _primary(key, key.for_way_back)
        yield f"ALTER INDEX {Name(key.table.schema, key.spare)} RENAME TO {quote_identifier(key.for_swap)}"
    for each in family.members:
        yield from _filled_by(each, away=each.new, into=each.column)
    yield from (bound.old_text for bound in family.bound)


def _primary(key: PrimaryKey, index: str) -> str:
    name = quote_identifier(key.name)
    return (
        f"ALTER TABLE {key.table} ADD CONSTRAINT {name} PRIMARY KEY USING INDEX {quote_identifier(index)}{key.deferral}"
    )


def _renamed(member: Member, one: str, other: str) -> str:
    return f"ALTER TABLE {member.table} RENAME COLUMN {quote_identifier(one)} TO {quote_identifier(other)}"


def _constraint_renamed(table: Name, one: str, other: str) -> str:
    return f"ALTER TABLE {table} RENAME CONSTRAINT {quote_identifier(one)} TO {quote_identifier(other)}"


def _named(family: Family) -> tuple[Step, ...]:
    """Names of indexes and constraints mean nothing to a statement that runs, so that the swap does without them."""
    if not (family.copies or family.bound):
        return ()
    there = [
        *(text for each in family.copies for text in _moved(each)),
        *(_constraint_renamed(each.table, each.beside, each.name) for each in family.bound),
    ]
    back = [
        *(_constraint_renamed(each.table, each.name, each.beside) for each in reversed(family.bound)),
        *(text for each in reversed(family.copies) for text in reversed(_moved(each, back=True))),
    ]
    return (
        step(
            f"names-{family.members[0].column}",
            "Give the new indexes and constraints the names of the old ones",
            Phase.SWITCH,
            sql(*there),
            lines(*back),
            notes="By itself, so that the swap is short: until here they only are called otherwise.",
        ),
    )


def _moved(copy: Copied, back: bool = False) -> list[str]:
    """The old one gives its name away, and the new one takes it; `back`: each of the two the other way round."""

    def text(one: str, other: str) -> str:
        one, other = (other, one) if back else (one, other)
        if copy.constraint is not None:
            return _constraint_renamed(copy.table, one, other)
        return f"ALTER INDEX {Name(copy.table.schema, one)} RENAME TO {quote_identifier(other)}"

    return [text(copy.name, f"{copy.name[:59]}_old"), text(copy.beside, copy.name)]


def _widens(member: Member, family: Family) -> bool:
    known = member.sequence_type in HIGHEST and family.wanted in HIGHEST and member.identity is None
    return known and HIGHEST[member.sequence_type or ""] < HIGHEST[family.wanted]


def _filled_by(member: Member, away: str, into: str) -> Iterable[str]:
    """The default, the sequence or the identity goes from the one column to the other."""
    table, a, i = member.table, quote_identifier(away), quote_identifier(into)
    if member.identity is not None and member.sequence is not None:
        moved = Name(member.sequence.schema, f"{member.sequence.name[:56]}_moved")
        yield (
            f"ALTER TABLE {table} ALTER COLUMN {i} ADD GENERATED {member.identity} AS IDENTITY (SEQUENCE NAME {moved})"
        )
        yield f"SELECT setval({regclass(moved)}, last_value, is_called) FROM {member.sequence}"
        yield f"ALTER TABLE {table} ALTER COLUMN {a} DROP IDENTITY"
        yield f"ALTER SEQUENCE {moved} RENAME TO {quote_identifier(member.sequence.name)}"
    if member.default is not None:
        yield f"ALTER TABLE {table} ALTER COLUMN {a} DROP DEFAULT"
        yield f"ALTER TABLE {table} ALTER COLUMN {i} SET DEFAULT {member.default}"
        if member.sequence is not None:
            yield f"ALTER SEQUENCE {member.sequence} OWNED BY {table}.{i}"


def _renewed(family: Family) -> tuple[Step, ...]:
    if not family.keys:
        return ()
    texts = []
    for key in family.keys:
        renames = {each.column: each.old for each in family.of(key.resolved)}
        old = tuple(renames.get(each, each) for each in key.columns)
        for name, columns in ((key.for_way_back, old), (key.spare, key.columns)):
            texts.append(
                f"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS {quote_identifier(name)}"
                f" ON {key.table} ({columns_of(columns)})"
            )
    return (
        step(
            f"renew-way-back-{family.members[0].column}",
            "Build again what a way back has used up",
            Phase.SWITCH,
            sql(*texts),
            NoRollback(reason="the rollback of the swap uses them"),
            notes="Does nothing the first time. After one way back and forward again it builds them for the next.",
        ),
    )


def read_anew(asked: Asked, tables: Iterable[Name]) -> tuple[str, ...]:
    """PL/pgSQL remembers for a session of which type NEW.column was, and fails for good once it is of another. Every
    session reads a function anew that is altered, if only to what it was."""
    functions = asked.known.trigger_functions or {}
    found = dict.fromkeys(each for table in tables for each in functions.get(table, ()))
    return tuple(f"ALTER FUNCTION {function} COST {cost}" for function, cost in found)


def contract(asked: Asked, family: Family) -> tuple[Step, ...]:
    """What is taken away when nobody wants to go back; those that refer come first."""
    return (
        *(_checked_no_more(each, family) for each in proofs(asked, family) if each.phase is Phase.CONTRACT),
        *(_dropped(asked, family, each) for each in reversed(family.resolved_tables)),
        *(_settled(key) for key in family.keys if key.referenced),
        *_spares(family),
    )


def _checked_no_more(proof: Step, family: Family) -> Step:
    """Its rollback names the column as it is called after the swap."""
    back = proof.rollback.sql if proof.rollback.kind == "sql" else ""
    for each in family.members:
        new, now = quote_identifier(each.new), quote_identifier(each.column)
        back = back.replace(f"({new} IS NOT NULL)", f"({now} IS NOT NULL)")
    return step(proof.id, proof.title, proof.phase, proof.action, back, notes=proof.notes)


def _dropped(asked: Asked, family: Family, resolved: Name) -> Step:
    members = family.of(resolved)
    table = members[0].table
    types = ", ".join(dict.fromkeys(each.before for each in members))
    return step(
        f"drop-{called(asked, resolved, members[0].old)}",
        f"Take the old {'columns' if len(members) > 1 else 'column'} of {table} away",
        Phase.CONTRACT,
        sql(
            reversed_sync(family, resolved).drop,
            f"ALTER TABLE {table} " + ", ".join(f"DROP COLUMN {quote_identifier(each.old)}" for each in members),
            *(text for each in members for text in _not_null_renamed(asked, each)),
        ),
        Irreversible(consequence=f"the values as {types} are gone; going back is a plan of its own"),
        silence=KEEPS_ITS_NAME,
    )


def _not_null_renamed(asked: Asked, member: Member) -> tuple[str, ...]:
    """A NOT NULL constraint has a name of its own on later servers: that of the column as it is called now."""
    if not member.not_null or asked.known.version < not_null.NOT_NULL_UNCHECKED_SINCE:
        return ()
    one, other = (beside(member.table, each, "not_null").name for each in (member.new, member.column))
    return (_constraint_renamed(member.table, one, other),)


def _settled(key: PrimaryKey) -> Step:
    name = quote_identifier(key.name)
    return step(
        f"settle-{key.name}",
        f"The primary key of {key.table} takes over the index that foreign keys point at",
        Phase.CONTRACT,
        sql(
            f"ALTER TABLE {key.table} DROP CONSTRAINT {name},"
            f" ADD CONSTRAINT {name} PRIMARY KEY USING INDEX {quote_identifier(key.reference)}{key.deferral}"
        ),
        NoRollback(reason="the same key on the same columns, by one of two equal indexes"),
        notes="ACCESS EXCLUSIVE for milliseconds: the index is there, and the column is NOT NULL. One index fewer.",
        silence=PROVED,
    )


def _spares(family: Family) -> tuple[Step, ...]:
    names = [Name(each.table.schema, each.spare) for each in family.keys]
    past = index_of_those_past(family, family.members[0].resolved)
    names += [past[0]] if past is not None else []
    if not names:
        return ()
    return (
        step(
            f"drop-spare-{family.members[0].column}",
            "Take the indexes away that nothing uses",
            Phase.CONTRACT,
            sql(*(f"DROP INDEX CONCURRENTLY IF EXISTS {each}" for each in names)),
            NoRollback(reason="each was there for the way over the swap alone"),
        ),
    )
