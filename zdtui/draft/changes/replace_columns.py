"""REPLACE COLUMN: columns become others, of another number or meaning: split, merged, counted in cents.

Until the end both shapes are there. What a release writes to the one, a trigger writes to the other; it looks at what
has changed, so that a value which does not come back the same by way of the other shape is left as it was written.
"""

from zdtui.draft.changes import not_null
from zdtui.draft.columns import what_hangs_on, who_may_use
from zdtui.draft.drafted import ONLY_LOOKS, Asked, Drafted, DraftError, backfill, deploy, nobody_uses, slug, sql, step
from zdtui.draft.forms import Replace, form_of
from zdtui.draft.sync import WHAT_NO_TRIGGER_SAVES, Sync, in_step
from zdtui.draft.tree import columns_in
from zdtui.plan.model import CheckAction, Irreversible, NoRollback, Phase, Step
from zdtui.sql.text.quote import quote_identifier
from zdtui.sql.volatility import Volatility, volatility


def draft(asked: Asked) -> Drafted:
    """The plan of ALTER TABLE ... REPLACE COLUMN ... BY ... BACK ..."""
    form = form_of(asked, Replace)
    _possible(asked, form)
    sync = _sync(form)
    proofs = _proofs(asked, form)
    olds, news = " and ".join(form.old), " and ".join(each.name for each in form.new)
    name = slug("-".join(form.old))[:40]
    return Drafted(
        title=f"{form.table}: {olds} becomes {news}",
        steps=(
            *_filled(form, sync, name),
            *(each for each in proofs if each.phase is not Phase.CONTRACT),
            *_deployed(asked, form, name),
            *(each for each in proofs if each.phase is Phase.CONTRACT),
            step(
                f"drop-{name}",
                f"Take {olds} away",
                Phase.CONTRACT,
                sql(
                    sync.drop,
                    f"ALTER TABLE {form.table} "
                    + ", ".join(f"DROP COLUMN {quote_identifier(each)}" for each in form.old),
                ),
                Irreversible(consequence=f"what only {olds} held is gone; a backup brings it back"),
            ),
        ),
        decisions=(
            f"What of {olds} does not come back from {news}: it is kept as long as {olds} is there, and gone with it.",
            *(
                f"Whether {thing} may go: it goes with {form.table}.{each}, or stands in its way."
                for each in form.old
                for thing in what_hangs_on(asked.known, form.table, each)
            ),
            *(said for each in form.old for said in who_may_use(asked.known, form.table, each)),
        ),
    )


def _proofs(asked: Asked, form: Replace) -> list[Step]:
    return [
        each
        for column in form.new
        if column.not_null
        for each in (
            not_null.is_filled(form.table, column.name),
            *not_null.proof(form.table, column.name, asked.known, slug(column.name)),
        )
    ]


def _deployed(asked: Asked, form: Replace, name: str) -> tuple[Step, ...]:
    olds, news = " and ".join(form.old), " and ".join(each.name for each in form.new)
    return (
        deploy(
            f"deploy-{name}",
            f"Deploy the application that uses {news} only",
            Phase.SWITCH,
            f"Deploy the release that reads and writes {news} and does not know {olds} (SELECT * counts as reading"
            " it), and wait until every instance runs it.",
            f"the former release still finds {olds}, which the trigger keeps up to date",
        ),
        nobody_uses(asked.known, f"soak-{name}", form.table, form.old),
    )


def _possible(asked: Asked, form: Replace) -> None:
    relation = asked.known.relation(form.table)
    names = [each.name for each in form.new]
    for column in form.old:
        if relation is not None and relation.column(column) is None:
            raise DraftError(f"`{asked.shown}`: {form.table} has no column {column}")
        if any(each.primary and column in each.indexed for each in asked.known.indexes(form.table)):
            raise DraftError(f"`{asked.shown}`: {column} is part of the primary key: decide on another key first")
    for name in names:
        if relation is not None and relation.column(name) is not None:
            raise DraftError(f"`{asked.shown}`: {form.table} has a column {name} already: decide what becomes of it")
    for made in form.new:
        _reads_only(asked, made.name, made.expression, form.old)
    for name, expression in form.back.items():
        _reads_only(asked, name, expression, tuple(names))


def _reads_only(asked: Asked, name: str, expression: str, columns: tuple[str, ...]) -> None:
    others = [each for each in columns_in(expression) if each not in columns]
    if others:
        raise DraftError(
            f"`{asked.shown}`: the value of {name} is made of {', '.join(others)} as well, which the trigger would not"
            f" follow. Make it of {', '.join(columns)} alone, or name {', '.join(others)} among what is replaced"
        )
    if volatility(expression) is Volatility.VOLATILE:
        raise DraftError(f"`{asked.shown}`: the value of {name} is another each time it is asked for")


def _sync(form: Replace) -> Sync:
    forward = {each.name: each.expression for each in form.new}
    return in_step(form.table, forward, form.back)


def _filled(form: Replace, sync: Sync, name: str) -> tuple[Step, ...]:
    table, names = form.table, [quote_identifier(each.name) for each in form.new]
    empty = " AND ".join(f"{each} IS NULL" for each in names)
    has_value = " OR ".join(f"({each.expression}) IS NOT NULL" for each in form.new)
    unfilled = f"{empty} AND ({has_value})"
    added = step(
        f"add-{slug('-'.join(each.name for each in form.new))[:50]}",
        f"Add {', '.join(names)}",
        Phase.EXPAND,
        sql(
            f"ALTER TABLE {table} "
            + ", ".join(f"ADD COLUMN {each} {column.type}" for each, column in zip(names, form.new, strict=True))
        ),
        f"ALTER TABLE {table} " + ", ".join(f"DROP COLUMN {each}" for each in names),
    )
    first = quote_identifier(form.old[0])
    return (
        added,
        step(
            f"sync-{name}",
            "Keep both shapes in step",
            Phase.DUAL_WRITE,
            sql(sync.create),
            sync.drop,
            notes=(
                f"When one statement writes both, {', '.join(names)} wins. What changes neither leaves both."
                f" {WHAT_NO_TRIGGER_SAVES}"
            ),
        ),
        step(
            f"fill-{name}",
            "Fill the rows that are there",
            Phase.BACKFILL,
            backfill(table, {first: first}, unfilled),
            NoRollback(reason=f"the columns go with the rollback of {added.id}"),
            notes="It touches the rows, and the trigger fills them: what is computed stands in one place.",
        ),
        step(
            f"no-drift-{name}",
            "No row is left out",
            Phase.VERIFY,
            CheckAction(query=f"SELECT NOT EXISTS (SELECT FROM {table} WHERE {unfilled})"),
            ONLY_LOOKS,
        ),
    )
