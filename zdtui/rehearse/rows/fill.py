"""Filling a scratch server: what the target's planner knows, the shapes of the tables, one INSERT a table."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import psycopg

from zdtui.postgres.ask import ask
from zdtui.postgres.rehearsal import rehearsal_sql
from zdtui.postgres.sessions.connect import connect
from zdtui.postgres.sessions.session import Session
from zdtui.postgres.target.target import Target
from zdtui.rehearse.relations import NAME
from zdtui.rehearse.rows.made_up import MakesUp, rows_of
from zdtui.rehearse.rows.shape import Column, Part, Reference, Shape, Statistics
from zdtui.sql.text.name import Name

FROM = re.compile(r"FOR VALUES FROM \((.*)\) TO \((.*)\)\Z", re.DOTALL)
IN = re.compile(r"FOR VALUES IN \((.*?)(?:, .*)?\)\Z", re.DOTALL)
OPEN = ("MINVALUE", "MAXVALUE", "NULL")
SETTINGS = "SET session_replication_role = replica; SET search_path = pg_catalog, public"
"""No trigger fires, and what refers to a table may come before it."""


async def fill(origin: Target, scratch: Target, most: int) -> list[str]:
    """Make rows up on the scratch server; what could not be filled, a sentence each. Raises TargetError."""
    known, sizes = await _statistics(origin)
    async with await connect(scratch, application_name=NAME, only_asks=False) as session:
        shapes = await _shapes(session, known, sizes)
        makes_up = MakesUp(shapes, rows_of(shapes, most))
        await session.execute(SETTINGS)
        told = [sentence for table in shapes if (sentence := await _fill(session, makes_up, table)) is not None]
        await session.execute("ANALYZE")
    return told


async def _statistics(origin: Target) -> tuple[dict[tuple[Name, str], Statistics], dict[Name, int | None]]:
    async with await connect(origin, application_name=NAME, only_asks=True) as session:
        rows = await ask(session, rehearsal_sql("statistics"))
    sizes = {Name(row[0], row[1]): row[3] for row in rows}
    return {(Name(row[0], row[1]), row[2]): Statistics(row[4], row[5], row[6], tuple(row[7])) for row in rows}, sizes


async def _shapes(
    session: Session, known: dict[tuple[Name, str], Statistics], sizes: dict[Name, int | None]
) -> dict[Name, Shape]:
    columns: dict[Name, list[Column]] = defaultdict(list)
    parts: dict[Name, tuple[str, tuple[Part, ...]]] = {}
    for row in await ask(session, rehearsal_sql("shapes")):
        table, column = Name(row[0], row[1]), _column(row)
        columns[table].append(replace(column, statistics=known.get((table, column.name), Statistics())))
        if row[13]:
            parts[table] = column.name, _parts(row[13])
    unique: dict[Name, list[tuple[str, ...]]] = defaultdict(list)
    references: dict[Name, list[Reference]] = defaultdict(list)
    for schema, name, kind, its, other_schema, other, others in await ask(session, rehearsal_sql("keys_of_shapes")):
        if kind == "u":
            unique[Name(schema, name)].append(tuple(its))
        else:
            references[Name(schema, name)].append(Reference(tuple(its), Name(other_schema, other), tuple(others)))
    return {
        table: Shape(
            table,
            tuple(its),
            tuple(unique[table]),
            tuple(references[table]),
            partitioned_by=parts[table][0] if table in parts else None,
            parts=parts[table][1] if table in parts else (),
            rows=sizes.get(table),
        )
        for table, its in columns.items()
    }


def _column(row: Sequence[Any]) -> Column:
    _, _, name, written, base, element, most, required, computed, sequence, labels, checked, has_check, _ = row
    return Column(
        name=name,
        type=written,
        base=base,
        element=element,
        most=most,
        required=required,
        computed=computed,
        sequence=sequence,
        labels=tuple(labels),
        checked=tuple(checked),
        has_check=has_check,
    )


def _parts(bounds: Sequence[Sequence[str]]) -> tuple[Part, ...]:
    """What a row of each part has to be; a part with an open bound, or of what fits nowhere else, is left out."""
    found = []
    for table, bound in bounds:
        told = FROM.match(bound) or IN.match(bound)
        if told is not None and told[1] not in OPEN:
            found.append(Part(table, told[1]))
    return tuple(found)


async def _fill(session: Session, makes_up: MakesUp, table: Name) -> str | None:
    """Fill one table; why it is left empty, without a row of what was made up."""
    shape, count = makes_up.shapes[table], makes_up.rows[table]
    if not count:
        return None
    try:
        async with session.transaction():
            if shape.parts:
                each = max(1, count // len(shape.parts))
                for place, part in enumerate(shape.parts):
                    await ask(session, makes_up.insert(table, part, place * each + 1, (place + 1) * each))
            else:
                await ask(session, makes_up.insert(table))
            for column in shape.columns:
                if column.sequence is not None:
                    await ask(session, rehearsal_sql("set_sequence"), [column.sequence, count + 1])
    except psycopg.Error as error:
        rule = error.diag.constraint_name
        why = f"its rule {rule}" if rule else (error.diag.message_primary or type(error).__name__).partition(":")[0]
        return f"no rows could be made up for {table}: {why}"
    return None
