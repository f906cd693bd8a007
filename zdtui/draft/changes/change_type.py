"""ALTER COLUMN TYPE: at once where no row is touched; else a column of the new type beside it, and a swap of names.

Every column that refers to it changes with it (`gathered.py`), in one swap that a second swap undoes.
"""

from zdtui.draft.changes import type_beside, type_swap
from zdtui.draft.columns import column_with_type, who_may_use
from zdtui.draft.drafted import Asked, Drafted, DraftError, sql, step
from zdtui.draft.family import Family
from zdtui.draft.gathered import family_of
from zdtui.draft.tree import is_cast_of
from zdtui.plan.model import NoRollback, Phase, Step
from zdtui.sql.predict import effects
from zdtui.sql.text.quote import quote_identifier


def draft(asked: Asked) -> Drafted:
    """The plan of ALTER COLUMN ... TYPE."""
    column = column_with_type(asked)
    table, name, wanted = asked.table, asked.column, asked.operation.type or ""
    does = effects((asked.operation,), asked.known.schema, asked.known.version)
    collation = _collation(asked)
    title = f"{table}.{name} is {wanted}{collation}"
    if does.certain and not (does.rewrites or does.rebuilds or does.scans):
        return Drafted(title=title, steps=(_at_once(asked, column.type),))
    using = asked.operation.expression
    if using is not None and not is_cast_of(using, name):
        raise DraftError(
            f"`{asked.shown}`: the same name would mean another value, so that no release before it and none after it"
            " reads both right. Ask for a column of a new name, fill it, and drop this one when no release uses it"
        )
    family = family_of(asked, wanted, collation)
    return Drafted(
        title=title,
        steps=(
            *type_beside.steps(asked, family),
            *type_swap.steps(asked, family),
            *type_swap.contract(asked, family),
        ),
        covers=frozenset((each.resolved, each.column) for each in family.members),
        decisions=_decisions(asked, family),
    )


def _collation(asked: Asked) -> str:
    """' COLLATE "C"', or nothing."""
    definition = asked.operation.definition
    return "" if definition is None or definition.collation is None else f" COLLATE {definition.collation}"


def _at_once(asked: Asked, before: str) -> Step:
    table, quoted = asked.table, quote_identifier(asked.column)
    return step(
        f"change-{asked.column}",
        f"Change the type to {asked.operation.type}",
        Phase.EXPAND,
        sql(
            f"ALTER TABLE {table} ALTER COLUMN {quoted} TYPE {asked.operation.type}{_collation(asked)}",
            *type_swap.read_anew(asked, (asked.known.schema.resolve(table),)),
        ),
        NoRollback(reason=f"{asked.operation.type} holds whatever {before} held; a plan of its own goes back"),
        notes=f"PostgreSQL {asked.known.version} changes the catalog alone: no row is read or written.",
        silence=(("type-rewrite", f"from {before} the catalog alone changes"),),
    )


def _decisions(asked: Asked, family: Family) -> tuple[str, ...]:
    found = [said for each in family.members for said in who_may_use(asked.known, each.table, each.column)]
    others = [f"{each.table}.{each.column}" for each in family.members[1:]]
    if others:
        found.append(f"Whether {', '.join(others)} may change as well: they refer to {asked.table}.{asked.column}.")
    if family.keys:
        found.append(
            "Whether a subscriber or a stream of changes reads these tables: it has to take the new type first."
        )
    if any(each.identity for each in family.members):
        found.append(
            "Whether the identity's sequence has an increment or a cache of its own: the new one begins without."
        )
    unknown = [each for each in family.members if each.default and "nextval" in each.default and not each.sequence]
    found += [f"Whether the sequence behind {each.table}.{each.column} is AS {family.wanted}." for each in unknown]
    return tuple(dict.fromkeys(found))
