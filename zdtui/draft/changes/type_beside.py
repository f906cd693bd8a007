"""Before the swap of names: the columns of the new type are there, filled, indexed, referred to and proved."""

from zdtui.draft.changes import not_null
from zdtui.draft.drafted import (
    ONLY_LOOKS,
    Asked,
    backfill,
    beside,
    columns_of,
    lines,
    literal,
    regclass,
    slug,
    sql,
    step,
)
from zdtui.draft.family import HIGHEST, Bound, Family, Member
from zdtui.draft.sync import WHAT_NO_TRIGGER_SAVES, Sync, one_way
from zdtui.plan.model import CheckAction, NoRollback, Phase, Step
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import quote_identifier


def steps(asked: Asked, family: Family) -> tuple[Step, ...]:
    """All of them; those of the phase `switch` come before the swap."""
    tables = family.resolved_tables
    return (
        *_known_references(family),
        *(_added(asked, family, each) for each in tables),
        *(_synced(asked, family, each) for each in tables),
        *(_filled(asked, family, each) for each in tables),
        *(_no_drift(asked, family, each) for each in tables),
        *(each for each in proofs(asked, family) if each.phase is not Phase.CONTRACT),
        *(found for each in tables if (found := _built(asked, family, each)) is not None),
        *_unique(family),
        *(found for each in family.bound for found in _promised(each)),
        _analyzed(family),
    )


def called(asked: Asked, resolved: Name, column: str) -> str:
    """What the steps of a column are called: those of the asked table by the column, others by their table too."""
    own = asked.known.schema.resolve(asked.table) == resolved
    return slug(column if own else f"{resolved.name}-{column}")[:40]


def proofs(asked: Asked, family: Family) -> tuple[Step, ...]:
    """What makes the new columns NOT NULL where the old ones are."""
    found: list[Step] = []
    for each in family.members:
        if each.not_null:
            found += not_null.proof(each.table, each.new, asked.known, called(asked, each.resolved, each.new))
    return tuple(found)


def forward_sync(family: Family, resolved: Name) -> Sync:
    """The trigger until the swap: the new columns follow the old ones."""
    members = family.of(resolved)
    return one_way(members[0].table, members[0].column, {each.new: f"NEW.{filled(each, family)}" for each in members})


def reversed_sync(family: Family, resolved: Name) -> Sync:
    """The trigger after it: the old columns follow the new ones."""
    members = family.of(resolved)
    return one_way(members[0].table, members[0].column, {each.old: _narrowed(each, family) for each in members})


def filled(member: Member, family: Family) -> str:
    """The old column's value as one of the new type."""
    return f"{quote_identifier(member.column)}::{family.wanted}"


def _narrowed(member: Member, family: Family) -> str:
    value = f"NEW.{quote_identifier(member.column)}"
    if not family.wraps:
        return f"{value}::{member.before}"
    highest = HIGHEST[member.before]
    return f"CASE WHEN {value} > {highest} THEN {value} - {2 * (highest + 1)} ELSE {value} END"


def _known_references(family: Family) -> tuple[Step, ...]:
    """Whoever refers to one of the tables by now has to be in the plan: the swap would fail."""
    tables = ", ".join(regclass(each) for each in dict.fromkeys(key.table for key in family.keys))
    names = sorted(each.name for each in family.bound if each.references in {key.table for key in family.keys})
    if not names:
        return ()
    listed = ", ".join(map(literal, names))
    return (
        step(
            f"known-references-{family.members[0].column}",
            f"Only {', '.join(names)} {'refer' if len(names) > 1 else 'refers'} to it",
            Phase.EXPAND,
            CheckAction(
                query=f"SELECT count(*) = {len(names)} AND bool_and(conname IN ({listed}))\n  FROM pg_constraint"
                f" WHERE contype = 'f' AND conparentid = 0 AND confrelid IN ({tables})"
            ),
            ONLY_LOOKS,
            notes="Where this says false, a table refers to it that the plan does not know: draft it anew.",
        ),
    )


def _added(asked: Asked, family: Family, resolved: Name) -> Step:
    members = family.of(resolved)
    table, names = members[0].table, [quote_identifier(each.new) for each in members]
    return step(
        f"add-{called(asked, resolved, members[0].new)}",
        f"Add {', '.join(names)} to {table}, of the type {family.wanted}",
        Phase.EXPAND,
        sql(f"ALTER TABLE {table} " + ", ".join(f"ADD COLUMN {each} {family.wanted}" for each in names)),
        f"ALTER TABLE {table} " + ", ".join(f"DROP COLUMN {each}" for each in names),
    )


def _synced(asked: Asked, family: Family, resolved: Name) -> Step:
    sync = forward_sync(family, resolved)
    first = resolved == family.members[0].resolved
    refused = (
        "" if family.is_wider else f"A value that cannot become {family.wanted} is refused from here on, with the row. "
    )
    return step(
        f"sync-{called(asked, resolved, family.of(resolved)[0].column)}",
        f"Keep them in step in {sync.table}",
        Phase.DUAL_WRITE,
        sql(sync.create),
        sync.drop,
        notes=f"{refused}{WHAT_NO_TRIGGER_SAVES}" if first else "",
    )


def _differ(family: Family, resolved: Name) -> str:
    return "\n    OR ".join(
        f"{quote_identifier(each.new)} IS DISTINCT FROM {filled(each, family)}" for each in family.of(resolved)
    )


def _filled(asked: Asked, family: Family, resolved: Name) -> Step:
    members = family.of(resolved)
    return step(
        f"fill-{called(asked, resolved, members[0].new)}",
        f"Fill {members[0].table}",
        Phase.BACKFILL,
        backfill(
            members[0].table,
            {quote_identifier(each.new): filled(each, family) for each in members},
            _differ(family, resolved),
        ),
        NoRollback(reason=f"the column goes with the rollback of add-{called(asked, resolved, members[0].new)}"),
    )


def _no_drift(asked: Asked, family: Family, resolved: Name) -> Step:
    members = family.of(resolved)
    return step(
        f"no-drift-{called(asked, resolved, members[0].column)}",
        f"Old and new hold the same in every row of {members[0].table}",
        Phase.VERIFY,
        CheckAction(
            query=f"SELECT NOT EXISTS (\n  SELECT FROM {members[0].table}\n   WHERE {_differ(family, resolved)})"
        ),
        ONLY_LOOKS,
    )


def _built(asked: Asked, family: Family, resolved: Name) -> Step | None:
    """All indexes of the table at once: each is built beside the traffic, one after the other."""
    members, renames = family.of(resolved), family.renames(resolved)
    table = members[0].table
    texts: dict[Name, str] = {}
    for key in (each for each in family.keys if each.resolved == resolved):
        new = columns_of(tuple(renames.get(each, each) for each in key.columns))
        for name, columns in (
            *(((key.reference, new),) if key.referenced else ()),  # a foreign key takes the oldest that fits
            (key.for_swap, new),
            (key.for_way_back, columns_of(key.columns)),
            (key.spare, new),
        ):
            text = f"CREATE UNIQUE INDEX CONCURRENTLY {quote_identifier(name)} ON {table} ({columns})"
            texts[Name(table.schema, name)] = text
    for copy in family.copies:
        if copy.table == table:
            texts[Name(table.schema, copy.beside)] = copy.text
    if (past := index_of_those_past(family, resolved)) is not None:
        texts[past[0]] = past[1]
    if not texts:
        return None
    names = ",\n        ".join(map(regclass, texts))
    of_key = any(each.resolved == resolved for each in family.keys)
    return step(
        f"build-{called(asked, resolved, members[0].column)}",
        f"Build the indexes of the new {'columns' if len(members) > 1 else 'column'} of {table}",
        Phase.VERIFY,
        sql(*texts.values()),
        lines(*(f"DROP INDEX CONCURRENTLY IF EXISTS {each}" for each in reversed(texts))),
        notes=_why_so_many() if of_key else "Reads and writes go on.",
        verify=(
            f"SELECT count(*) = {len(texts)} AND bool_and(indisvalid) FROM pg_index\n"
            f" WHERE indexrelid IN (\n        {names})"
        ),
    )


def _why_so_many() -> str:
    return (
        "A primary key takes its index along when it goes, so that each way over the swap needs one of its own: one for"
        " the swap, one for the way back, one to go forward again. Foreign keys point at a fourth, which stays."
        " Reads and writes go on meanwhile."
    )


def index_of_those_past(family: Family, resolved: Name) -> tuple[Name, str] | None:
    """Where no index begins with the key's column, one that has nothing but values past the old type: it is empty."""
    root = family.members[0]
    if resolved != root.resolved or not family.wraps or root.leads:
        return None
    name = beside(root.table, root.column, "past")
    text = (
        f"CREATE INDEX CONCURRENTLY {quote_identifier(name.name)} ON {root.table} ({quote_identifier(root.new)})"
        f" WHERE {quote_identifier(root.new)} > {HIGHEST[root.before]}"
    )
    return name, text


def _unique(family: Family) -> tuple[Step, ...]:
    """A unique constraint takes its index over before the swap, which then changes names alone."""
    return tuple(
        step(
            f"{copy.beside}-constraint",
            f"Make {copy.beside} a constraint",
            Phase.VERIFY,
            sql(f"ALTER TABLE {copy.table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}{copy.constraint}"),
            lines(f"ALTER TABLE {copy.table} DROP CONSTRAINT {name}", copy.text),
            notes="A constraint takes its index along when it goes: the rollback builds it again beside the traffic.",
        )
        for copy in family.copies
        if copy.constraint is not None
        for name in (quote_identifier(copy.beside),)
    )


def _promised(bound: Bound) -> tuple[Step, ...]:
    name = quote_identifier(bound.beside)
    what = "check" if bound.references is None else f"reference to {bound.references}"
    promised = step(
        f"{slug(bound.beside)[:50]}-promised",
        f"Promise the {what} for new rows of {bound.table}",
        Phase.VERIFY,
        sql(bound.new_text),
        f"ALTER TABLE {bound.table} DROP CONSTRAINT {name}",
        notes="NOT VALID looks at no row, so that the locks last for milliseconds.",
    )
    if not bound.validated:
        return (promised,)
    return (
        promised,
        step(
            f"{slug(bound.beside)[:50]}-proved",
            f"Prove it for the old rows of {bound.table}",
            Phase.VERIFY,
            sql(f"ALTER TABLE {bound.table} VALIDATE CONSTRAINT {name}"),
            f"ALTER TABLE {bound.table} VALIDATE CONSTRAINT {quote_identifier(bound.name)}",
            notes=(
                "Reads the table under SHARE UPDATE EXCLUSIVE: reads and writes go on. A way back over the swap leaves"
                f" {bound.name} enforced for new rows alone; the rollback proves it for the old ones too."
            ),
            verify=(
                f"SELECT convalidated FROM pg_constraint WHERE conrelid = {regclass(bound.table)}"
                f" AND conname = {literal(bound.beside)}"
            ),
        ),
    )


def _analyzed(family: Family) -> Step:
    tables = dict.fromkeys(each.table for each in family.members)
    return step(
        f"analyze-{family.members[0].column}",
        "Let the planner know the new columns",
        Phase.VERIFY,
        sql(*(f"ANALYZE {each}" for each in tables)),
        NoRollback(reason="statistics are taken again by themselves"),
        notes="Without it the first queries after the swap are planned as if nothing were known of the column.",
    )
