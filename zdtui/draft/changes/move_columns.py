"""MOVE COLUMNS: columns get a table of their own, whose rows belong to those of the old one.

Both are written by AFTER triggers, which see what a statement really did (an INSERT ... ON CONFLICT DO NOTHING leaves
no trace), and each writes only what differs, so that neither answers the other.
"""

from collections.abc import Iterator

from zdtui.draft.changes.drop import optional
from zdtui.draft.columns import what_hangs_on
from zdtui.draft.drafted import (
    ONLY_LOOKS,
    Asked,
    Drafted,
    DraftError,
    beside,
    columns_of,
    deploy,
    lines,
    nobody_uses,
    slug,
    sql,
    step,
)
from zdtui.draft.forms import Move, form_of
from zdtui.draft.sync import WHAT_NO_TRIGGER_SAVES, trigger_name
from zdtui.plan.model import CheckAction, CopyAction, Irreversible, NoRollback, Phase, Step
from zdtui.sql.schema.relations import KnownColumn, RelationKind
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import quote_identifier


class Moved:
    """What the steps are made of."""

    def __init__(self, form: Move, key: tuple[KnownColumn, ...], columns: tuple[KnownColumn, ...]) -> None:
        self.table, self.into, self.key, self.columns = form.table, form.into, key, columns
        self.theirs = tuple(f"{form.table.name}_{each.name}"[:63] for each in key)
        """By column of the key: the column of the new table that refers to it."""
        self.there, self.back = beside(form.table, "sync", form.into.name), beside(form.into, "sync", form.table.name)

    def of(self, row: str) -> str:
        """The moved columns of a row: 'NEW.bio, NEW.avatar'."""
        return ", ".join(f"{row}.{quote_identifier(each.name)}" for each in self.columns)

    def same_key(self, theirs: str, own: str) -> str:
        """The condition that a row of the new table belongs to one of the old."""
        return " AND ".join(
            f"{theirs}{quote_identifier(other)} = {own}{quote_identifier(each.name)}"
            for other, each in zip(self.theirs, self.key, strict=True)
        )


def draft(asked: Asked) -> Drafted:
    """The plan of ALTER TABLE ... MOVE COLUMNS (...) TO ..."""
    form = form_of(asked, Move)
    it = _possible(asked, form)
    names = ", ".join(form.columns)
    return Drafted(
        title=f"{form.table}: {names} moves to {form.into}",
        steps=(*_filled(asked, it), *_switched(asked, it), *_ended(it)),
        decisions=(
            *(
                f"Whether {thing} may go: it goes with {form.table}.{each}, or stands in its way."
                for each in form.columns
                for thing in what_hangs_on(asked.known, form.table, each)
            ),
            *(() if asked.known.grants is not None else (f"Which owner and rights {form.into} needs.",)),
        ),
    )


def _possible(asked: Asked, form: Move) -> Moved:
    known = asked.known
    relation = known.relation(form.table)
    if relation is None:
        raise DraftError(f"`{asked.shown}`: {form.table} is not known here: give --dsn or --schema")
    if relation.kind is not RelationKind.TABLE or relation.parents:
        raise DraftError(f"`{asked.shown}`: {form.table} is partitioned or has a parent: decide on a plan by hand")
    if known.relation(form.into) is not None:
        raise DraftError(f"`{asked.shown}`: there is a {form.into} already: choose another name")
    primary = next((each for each in known.indexes(relation.name) if each.primary), None)
    if primary is None:
        raise DraftError(f"`{asked.shown}`: {form.table} has no primary key: draft ADD PRIMARY KEY first")
    columns = {each.name: each for each in relation.columns}
    for name in form.columns:
        if name not in columns or not columns[name].type:
            raise DraftError(f"`{asked.shown}`: {form.table}.{name} is not known here: check the name")
        if name in primary.indexed:
            raise DraftError(f"`{asked.shown}`: {name} is part of the primary key, which stays where it is")
        if (relation.name, name) in known.generated:
            raise DraftError(f"`{asked.shown}`: {name} is generated: make it anew in the new table by hand")
    return Moved(form, tuple(columns[each] for each in primary.indexed), tuple(columns[each] for each in form.columns))


def _filled(asked: Asked, it: Moved) -> Iterator[Step]:
    table, into = it.table, it.into
    given = "" if asked.known.grants is not None else f" GRANT on {into} what the application needs."
    yield step(
        f"create-{into.name}",
        f"Create {into}",
        Phase.EXPAND,
        sql(_created(it), *asked.known.granted(table, into)),
        f"DROP TABLE {into}",
        notes=(
            f"A row of it goes with its row of {table}, by the foreign key. The triggers run as whoever writes, so that"
            f" they need the same rights.{given}"
        ),
    )
    yield step(
        f"sync-{into.name}",
        f"What is written to {table} is written to {into}",
        Phase.DUAL_WRITE,
        sql(_trigger(it.there, table, "INSERT OR UPDATE", _forward(it))),
        lines(f"DROP TRIGGER {trigger_name(it.there)} ON {table}", f"DROP FUNCTION {it.there}()"),
        notes=WHAT_NO_TRIGGER_SAVES,
    )
    yield from _copied(it)


def _copied(it: Moved) -> Iterator[Step]:
    table, into = it.table, it.into
    yield step(
        f"copy-{into.name}",
        "Copy what is there",
        Phase.BACKFILL,
        CopyAction(
            source=table.written,
            into=into.written,
            columns=(
                *(
                    (quote_identifier(other), quote_identifier(each.name))
                    for other, each in zip(it.theirs, it.key, strict=True)
                ),
                *((quote_identifier(each.name), quote_identifier(each.name)) for each in it.columns),
            ),
            where=" OR ".join(f"{quote_identifier(each.name)} IS NOT NULL" for each in it.columns),
        ),
        NoRollback(reason=f"the rollback of create-{slug(into.name)} drops the copy; the original was not touched"),
    )
    yield step(
        f"no-drift-{into.name}",
        "Both say the same",
        Phase.VERIFY,
        CheckAction(
            query=(
                f"SELECT NOT EXISTS (\n  SELECT FROM {table} AS t LEFT JOIN {into} AS m ON {it.same_key('m.', 't.')}\n"
                f"   WHERE ({it.of('m')}) IS DISTINCT FROM ({it.of('t')}))"
            )
        ),
        ONLY_LOOKS,
    )


def _created(it: Moved) -> str:
    key = ", ".join(f"{quote_identifier(other)} {each.type}" for other, each in zip(it.theirs, it.key, strict=True))
    moved = "".join(
        f",\n  {quote_identifier(each.name)} {each.type}"
        + (f" COLLATE {quote_identifier(each.collation)}" if each.collation else "")
        + (" NOT NULL" if each.not_null else "")
        for each in it.columns
    )
    theirs = columns_of(it.theirs)
    return (
        f"CREATE TABLE {it.into} (\n  {key}{moved},\n  PRIMARY KEY ({theirs}),\n"
        f"  FOREIGN KEY ({theirs}) REFERENCES {it.table} ({columns_of(tuple(each.name for each in it.key))})"
        " ON UPDATE CASCADE ON DELETE CASCADE\n)"
    )


def _trigger(function: Name, table: Name, events: str, body: str) -> str:
    return lines(
        f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $function$\nBEGIN\n{body}"
        "  RETURN NULL;\nEND\n$function$",
        f"CREATE TRIGGER {trigger_name(function)} AFTER {events} ON {table}\n"
        f"  FOR EACH ROW EXECUTE FUNCTION {function}()",
    )


def _forward(it: Moved) -> str:
    key = ", ".join(f"NEW.{quote_identifier(each.name)}" for each in it.key)
    names = columns_of(tuple(each.name for each in it.columns))
    sets = ", ".join(f"{q} = EXCLUDED.{q}" for q in (quote_identifier(each.name) for each in it.columns))
    there = f"EXISTS (SELECT FROM {it.into} WHERE {it.same_key('', 'NEW.')})"
    return (
        f"  IF TG_OP = 'UPDATE' AND ({it.of('NEW')}) IS NOT DISTINCT FROM ({it.of('OLD')}) AND {there}\n"
        f"     OR num_nonnulls({it.of('NEW')}) = 0 AND NOT {there} THEN\n"
        "    RETURN NULL;  -- nothing to say\n"
        "  END IF;\n"
        f"  INSERT INTO {it.into} AS m ({columns_of(it.theirs)}, {names}) VALUES ({key}, {it.of('NEW')})\n"
        f"  ON CONFLICT ({columns_of(it.theirs)}) DO UPDATE SET {sets}\n"
        f"   WHERE ({it.of('m')}) IS DISTINCT FROM ({it.of('EXCLUDED')});\n"
    )


def _backward(it: Moved) -> str:
    sets = ", ".join(f"{q} = NEW.{q}" for q in (quote_identifier(each.name) for each in it.columns))
    nulls = ", ".join(f"{quote_identifier(each.name)} = NULL" for each in it.columns)
    own = " AND ".join(
        f"t.{quote_identifier(each.name)} = {{}}.{quote_identifier(other)}"
        for other, each in zip(it.theirs, it.key, strict=True)
    )
    return (
        "  IF TG_OP = 'DELETE' THEN\n"
        f"    UPDATE {it.table} AS t SET {nulls} WHERE {own.replace('{}', 'OLD')};\n"
        "  ELSE\n"
        f"    UPDATE {it.table} AS t SET {sets}\n"
        f"     WHERE {own.replace('{}', 'NEW')} AND ({it.of('t')}) IS DISTINCT FROM ({it.of('NEW')});\n"
        "  END IF;\n"
    )


def _switched(asked: Asked, it: Moved) -> Iterator[Step]:
    table, into = it.table, it.into
    names = ", ".join(each.name for each in it.columns)
    for each in it.columns:
        if each.not_null:
            yield optional(table, each.name, Phase.SWITCH)
    yield step(
        f"sync-back-{into.name}",
        f"What is written to {into} is written to {table}",
        Phase.SWITCH,
        sql(_trigger(it.back, into, "INSERT OR UPDATE OR DELETE", _backward(it))),
        lines(f"DROP TRIGGER {trigger_name(it.back)} ON {into}", f"DROP FUNCTION {it.back}()"),
        notes="For the application that writes the new table, beside instances that still read the old columns.",
    )
    yield deploy(
        f"deploy-{into.name}",
        f"Deploy the application that uses {into}",
        Phase.SWITCH,
        f"Deploy the release that reads and writes {into} and does not know {names} of {table} (SELECT * counts as"
        f" reading them), and wait until every instance runs it. It writes by INSERT ... ON CONFLICT DO UPDATE, because"
        " the trigger may have made the row.",
        "the former release still finds the columns, which the triggers keep up to date",
    )
    yield nobody_uses(asked.known, f"soak-{into.name}", table, tuple(each.name for each in it.columns))


def _ended(it: Moved) -> Iterator[Step]:
    names = ", ".join(each.name for each in it.columns)
    yield step(
        f"drop-{slug('-'.join(each.name for each in it.columns))[:40]}",
        f"Take {names} of {it.table} away",
        Phase.CONTRACT,
        sql(
            f"DROP TRIGGER {trigger_name(it.back)} ON {it.into}",
            f"DROP FUNCTION {it.back}()",
            f"DROP TRIGGER {trigger_name(it.there)} ON {it.table}",
            f"DROP FUNCTION {it.there}()",
            f"ALTER TABLE {it.table} " + ", ".join(f"DROP COLUMN {quote_identifier(each.name)}" for each in it.columns),
        ),
        Irreversible(consequence=f"the columns are gone; their values live on in {it.into}"),
    )
