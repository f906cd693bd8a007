"""ALTER COLUMN TYPE: at once where no row is touched; else a column of the new type beside it, and a swap of names."""

from zdtui.draft.changes import not_null
from zdtui.draft.columns import known_column, nothing_else_on_it
from zdtui.draft.drafted import (
    ONLY_LOOKS,
    Asked,
    Drafted,
    DraftError,
    backfill,
    beside,
    lines,
    soak,
    sql,
    step,
)
from zdtui.draft.sync import WHAT_NO_TRIGGER_SAVES, Sync, one_way
from zdtui.draft.tree import is_cast_of
from zdtui.plan.model import CheckAction, Irreversible, NoRollback, Phase, Step
from zdtui.sql.predict import effects
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import quote_identifier

NOT_READ_ANEW = (
    "Which triggers the table has is not known here. Each function in PL/pgSQL that uses the column fails from here on"
    " in sessions that are open, until it is altered: add ALTER FUNCTION ... COST 100 for each, here and to the"
    " rollback."
)


def draft(asked: Asked) -> Drafted:
    """The plan of ALTER COLUMN ... TYPE."""
    column = known_column(asked)
    table, name, wanted = asked.table, asked.column, asked.operation.type or ""
    does = effects((asked.operation,), asked.known.schema, asked.known.version)
    title = f"{table}.{name} is {wanted}"
    if does.certain and not (does.rewrites or does.rebuilds or does.scans):
        return Drafted(title=title, steps=(_at_once(asked, column.type),))
    nothing_else_on_it(asked)
    using = asked.operation.expression
    if using is not None and not is_cast_of(using, name):
        raise DraftError(
            f"`{asked.shown}`: the same name would mean another value, so that no release before it and none after it"
            " reads both right. Ask for a column of a new name, fill it, and drop this one when no release uses it"
        )
    if asked.operation.definition is not None:
        raise DraftError(
            f"`{asked.shown}`: a change of collation is a plan of its own, because what sorts by it changes"
        )
    return Drafted(title=title, steps=_beside(asked, column.type, column.not_null, wanted))


def _at_once(asked: Asked, before: str) -> Step:
    table, quoted = asked.table, quote_identifier(asked.column)
    return step(
        f"change-{asked.column}",
        f"Change the type to {asked.operation.type}",
        Phase.EXPAND,
        sql(f"ALTER TABLE {table} ALTER COLUMN {quoted} TYPE {asked.operation.type}", *_read_anew(asked)),
        NoRollback(reason=f"{asked.operation.type} holds whatever {before} held; a plan of its own goes back"),
        notes=f"PostgreSQL {asked.known.version} changes the catalog alone: no row is read or written.",
        silence=(("type-rewrite", f"from {before} the catalog alone changes"),),
    )


def _beside(asked: Asked, before: str, is_not_null: bool, wanted: str) -> tuple[Step, ...]:
    table, name = asked.table, asked.column
    new, old = f"{name}_new", f"{name}_old"
    q, o = map(quote_identifier, (name, old))
    filled = f"{q}::{wanted}"
    sync = one_way(table, name, new, f"NEW.{filled}")
    reversed_sync = one_way(table, name, old, f"NEW.{q}::{before}")
    proofs = not_null.proof(table, new, asked.known) if is_not_null else ()
    return (
        *_filled(table, (name, new), wanted, filled, sync),
        *(each for each in proofs if each.phase is not Phase.CONTRACT),
        _swap(asked, (name, new, old), (sync, reversed_sync), before),
        soak(f"soak-{name}", Phase.SWITCH, "Until the next step going back is a second swap, and nothing is lost."),
        *(_renamed(each, new, name) for each in proofs if each.phase is Phase.CONTRACT),
        step(
            f"drop-{old}",
            "Take the column of the old type away",
            Phase.CONTRACT,
            sql(
                reversed_sync.drop,
                f"ALTER TABLE {table} DROP COLUMN {o}",
                *_renamed_constraint(asked, new, is_not_null),
            ),
            Irreversible(consequence=f"the values as {before} are gone; going back is a plan of its own"),
            silence=(
                ("contract-in-same-release", "the column keeps its name, so that every release uses either type"),
            ),
        ),
    )


def _filled(table: Name, names: tuple[str, str], wanted: str, filled: str, sync: Sync) -> tuple[Step, ...]:
    """The new column is there, and holds in every row what the old one does."""
    name, new = names
    n = quote_identifier(new)
    added = step(
        f"add-{new}",
        f"Add a column of the type {wanted}",
        Phase.EXPAND,
        sql(f"ALTER TABLE {table} ADD COLUMN {n} {wanted}"),
        f"ALTER TABLE {table} DROP COLUMN {n}",
    )
    return (
        added,
        step(
            f"sync-{name}",
            "Keep it in step",
            Phase.DUAL_WRITE,
            sql(sync.create),
            sync.drop,
            notes=f"A value that cannot become {wanted} is refused from here on, with the row. {WHAT_NO_TRIGGER_SAVES}",
        ),
        step(
            f"fill-{new}",
            "Fill it",
            Phase.BACKFILL,
            backfill(table, {n: filled}, f"{n} IS DISTINCT FROM {filled}"),
            NoRollback(reason=f"the column goes with the rollback of {added.id}"),
        ),
        step(
            f"no-drift-{name}",
            "Both columns hold the same",
            Phase.VERIFY,
            CheckAction(query=f"SELECT NOT EXISTS (SELECT FROM {table} WHERE {n} IS DISTINCT FROM {filled})"),
            ONLY_LOOKS,
        ),
    )


def _renamed(proof: Step, new: str, name: str) -> Step:
    """Its rollback names the column as it is called after the swap."""
    text = proof.rollback.sql if proof.rollback.kind == "sql" else ""
    back = text.replace(f"({quote_identifier(new)} IS NOT NULL)", f"({quote_identifier(name)} IS NOT NULL)")
    return step(proof.id, proof.title, proof.phase, proof.action, back, notes=proof.notes)


def _renamed_constraint(asked: Asked, new: str, is_not_null: bool) -> tuple[str, ...]:
    """A NOT NULL constraint has a name of its own on later servers: that of the column as it is called now."""
    if not is_not_null or asked.known.version < not_null.NOT_NULL_UNCHECKED_SINCE:
        return ()
    names = [quote_identifier(beside(asked.table, each, "not_null").name) for each in (new, asked.column)]
    return (f"ALTER TABLE {asked.table} RENAME CONSTRAINT {names[0]} TO {names[1]}",)


def _read_anew(asked: Asked) -> tuple[str, ...]:
    """PL/pgSQL remembers for a session of which type NEW.column was, and fails for good once it is of another. Every
    session reads a function anew that is altered, if only to what it was."""
    functions = asked.known.trigger_functions or {}
    of_table = functions.get(asked.known.schema.resolve(asked.table), ())
    return tuple(f"ALTER FUNCTION {function} COST {cost}" for function, cost in of_table)


def _swap(asked: Asked, names: tuple[str, str, str], syncs: tuple[Sync, Sync], before: str) -> Step:
    name, new, old = names
    forward, reversed_sync = syncs
    read_anew = _read_anew(asked)
    there = (*_renames(asked, (name, old), (new, name)), reversed_sync.replace, *read_anew)
    back = (*_renames(asked, (name, new), (old, name)), forward.replace, *read_anew)
    unseen = "" if asked.known.trigger_functions is not None else f" {NOT_READ_ANEW}"
    return step(
        f"swap-{name}",
        "Swap the two names",
        Phase.SWITCH,
        sql(*there),
        lines(*back),
        notes=(
            "One transaction of milliseconds under ACCESS EXCLUSIVE. The old column is written on, so that going"
            f" back is a second swap; a value that {before} cannot hold is refused until the last step. A prepared"
            " SELECT * of the application fails once, with `cached plan must not change result type`, and has to be"
            f" prepared again.{unseen}"
        ),
    )


def _renames(asked: Asked, away: tuple[str, str], into: tuple[str, str]) -> tuple[str, ...]:
    """The name is taken from the one column and given to the other, with its default."""
    table, default = asked.table, asked.known.default(asked.table, asked.column)
    renamed = tuple(
        f"ALTER TABLE {table} RENAME COLUMN {quote_identifier(one)} TO {quote_identifier(other)}"
        for one, other in (away, into)
    )
    if default is None:
        return renamed
    return (
        *renamed,
        f"ALTER TABLE {table} ALTER COLUMN {quote_identifier(away[1])} DROP DEFAULT",
        f"ALTER TABLE {table} ALTER COLUMN {quote_identifier(into[1])} SET DEFAULT {default}",
    )
