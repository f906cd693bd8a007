"""pgroll's operations as steps: what it would do at its start, meanwhile and at its end, in the phases of a plan. Pure.

pgroll makes a changed column again beside the old one. Here it stays, its rows are mended, and what has to hold is
proved. Another type needs the catalog (its default, its indexes) and is refused: `zdtui draft` makes that plan.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from zdtui.importing.files import literal
from zdtui.importing.folders.pgroll_steps import (
    Given,
    NotReadError,
    expression,
    mended,
    never_null,
    proved,
    step,
    unique,
    when_it_goes,
)
from zdtui.importing.inverse import proposed_inverse
from zdtui.plan.model import (
    Action,
    Irreversible,
    Phase,
    Rollback,
    SqlRollback,
    Step,
    StepId,
)
from zdtui.sql.text.quote import quote_identifier as quoted


def steps_of(operations: list[Any]) -> tuple[Step, ...]:
    """The steps of one migration, those of an earlier phase first. Raises NotReadError."""
    steps = [made for each in operations for made in _of_operation(each)]
    order = list(Phase)
    sorted_steps = sorted(steps, key=lambda made: order.index(made.phase))
    return tuple(made.model_copy(update={"id": StepId(f"{n:02}")}) for n, made in enumerate(sorted_steps, start=1))


def _of_operation(operation: Any) -> Iterator[Step]:
    if not isinstance(operation, Mapping) or len(operation) != 1:
        raise NotReadError("one of its operations is no mapping of one name")
    ((name, given),) = operation.items()
    made = OPERATIONS.get(str(name))
    if made is None:
        raise NotReadError(f"`{name}` is no operation that is read here")
    if not isinstance(given, Mapping):
        raise NotReadError(f"`{name}` has nothing in it")
    try:
        yield from made(given)
    except KeyError as error:
        raise NotReadError(f"`{name}` does not say {error}") from None
    except (TypeError, AttributeError):
        raise NotReadError(f"`{name}` is not as pgroll reads it") from None


def scripts_of(steps: tuple[Step, ...]) -> tuple[str, str | None]:
    """All of it as SQL that is run at once, there and back: for a look at what it comes to. None: it cannot go back."""
    there = "".join(_at_once(each.action) for each in steps)
    if any(isinstance(each.rollback, Irreversible) for each in steps):
        return there, None
    return there, "".join(each.rollback.sql for each in reversed(steps) if isinstance(each.rollback, SqlRollback))


def _at_once(action: Action) -> str:
    """What it does to all rows, in one statement where it would work in batches."""
    if action.judged.on_empty_tables is not None:
        return f"{action.judged.on_empty_tables};\n"
    return "" if action.author_sql is None else action.author_sql.sql


def _create_table(given: Given) -> Iterator[Step]:
    name = quoted(given["name"])
    columns = given["columns"]
    keys = [quoted(each["name"]) for each in columns if each.get("pk")]
    lines = [_column(each) for each in columns]
    lines += [f"PRIMARY KEY ({', '.join(keys)})"] if keys else []
    lines += [_table_constraint(each) for each in given.get("constraints") or ()]
    body = ",\n  ".join(lines)
    said = [f"COMMENT ON TABLE {name} IS {literal(given['comment'])}"] if given.get("comment") else []
    said += [line for each in columns for line in _comment(given["name"], each)]
    sql = ";\n".join([f"CREATE TABLE {name} (\n  {body}\n)", *said])
    yield step(f"Create table {given['name']}", Phase.EXPAND, sql, f"DROP TABLE {name}")


def _column(given: Given, *, nullable: bool | None = None) -> str:
    """Its definition in a table: name, type, and what stands after it."""
    parts = [quoted(given["name"]), str(given["type"])]
    may_be_null = bool(given.get("nullable", False)) if nullable is None else nullable
    parts += [] if may_be_null or given.get("pk") else ["NOT NULL"]
    parts += [f"DEFAULT {given['default']}"] if given.get("default") is not None else []
    generated = given.get("generated") or {}
    if generated.get("expression"):
        parts.append(f"GENERATED ALWAYS AS ({generated['expression']}) STORED")
    elif generated:
        always = (generated.get("identity") or {}).get("user_specified_values", "ALWAYS")
        parts.append(f"GENERATED {always} AS IDENTITY")
    parts += ["UNIQUE"] if given.get("unique") else []
    if check := given.get("check"):
        parts.append(f"CONSTRAINT {quoted(check['name'])} CHECK ({check['constraint']})")
    if key := given.get("references"):
        parts.append(
            f"CONSTRAINT {quoted(key['name'])} REFERENCES {quoted(key['table'])} ({quoted(key['column'])})"
            + when_it_goes(key)
        )
    return " ".join(parts)


def _table_constraint(given: Given) -> str:
    columns = ", ".join(quoted(each) for each in given.get("columns") or ())
    name = f"CONSTRAINT {quoted(given['name'])} "
    match given["type"]:
        case "unique":
            return f"{name}UNIQUE{' NULLS NOT DISTINCT' if given.get('nulls_not_distinct') else ''} ({columns})"
        case "primary_key":
            return f"{name}PRIMARY KEY ({columns})"
        case "check":
            return f"{name}CHECK ({given['check']})"
        case "foreign_key":
            key = given["references"]
            others = ", ".join(quoted(each) for each in key["columns"])
            return f"{name}FOREIGN KEY ({columns}) REFERENCES {quoted(key['table'])} ({others}){when_it_goes(key)}"
        case other:
            raise NotReadError(f"a constraint of type `{other}` is not read")


def _comment(table: str, column: Given) -> list[str]:
    if not column.get("comment"):
        return []
    return [f"COMMENT ON COLUMN {quoted(table)}.{quoted(column['name'])} IS {literal(column['comment'])}"]


def _add_column(given: Given) -> Iterator[Step]:
    """Alone, or with the expression that fills it; what has to hold for it is proved afterwards."""
    column, table = dict(given["column"]), str(given["table"])
    if column.get("pk"):
        raise NotReadError("`add_column` with a primary key: make its plan with `zdtui draft`")
    later = {each: column.pop(each, None) for each in ("unique", "references", "check")}
    name, up = str(column["name"]), given.get("up")
    sql = f"ALTER TABLE {quoted(table)} ADD COLUMN {_column(column, nullable=True if up else None)}"
    said = ";\n".join([sql, *_comment(table, column)])
    away = f"ALTER TABLE {quoted(table)} DROP COLUMN {quoted(name)}"
    yield step(f"Add {table}.{name}", Phase.EXPAND, said, away)
    if up:
        kept = "the column goes with the step that added it"
        yield from mended(table, name, f"{quoted(name)} IS NULL", expression(up), kept)
        yield from () if column.get("nullable", False) else never_null(table, name)
    yield from _held_to(table, name, later)


def _held_to(table: str, name: str, given: Given) -> Iterator[Step]:
    """What a column of a table that is there is held to: each proved beside the traffic."""
    if check := given.get("check"):
        yield from proved(table, str(check["name"]), f"CHECK ({check['constraint']})")
    if key := given.get("references"):
        there = f"{quoted(key['table'])} ({quoted(key['column'])})"
        yield from proved(
            table, str(key["name"]), f"FOREIGN KEY ({quoted(name)}) REFERENCES {there}{when_it_goes(key)}"
        )
    if said := given.get("unique"):
        named = said["name"] if isinstance(said, Mapping) else f"_pgroll_uniq_{table}_{name}"[:63]
        yield from unique(table, str(named), quoted(name))


KEPT = "what was filled in stays: it does no harm to the release before"


def _alter_column(given: Given) -> Iterator[Step]:
    """All but another type: the column stays, and what it has to be is mended, then proved."""
    table, name = str(given["table"]), str(given["column"])
    if given.get("type") or given.get("references"):
        raise NotReadError("`alter_column` of the type or with a reference: make its plan with `zdtui draft`")
    column, change = quoted(name), f"ALTER TABLE {quoted(table)} ALTER COLUMN {quoted(name)}"
    if given.get("nullable") is True:
        yield step(f"{table}.{name} may be null", Phase.EXPAND, f"{change} DROP NOT NULL", f"{change} SET NOT NULL")
    if "default" in given:
        said = "DROP DEFAULT" if given["default"] is None else f"SET DEFAULT {given['default']}"
        lost = Irreversible(consequence="the default before is not in this migration: set it by hand")
        yield step(f"Default of {table}.{name}", Phase.EXPAND, f"{change} {said}", lost)
    if "comment" in given:
        said = "NULL" if given["comment"] is None else literal(str(given["comment"]))
        kept = Irreversible(consequence="the comment before is not in this migration: set it by hand")
        yield step(
            f"Comment on {table}.{name}", Phase.EXPAND, f"COMMENT ON COLUMN {quoted(table)}.{column} IS {said}", kept
        )
    check = given.get("check")
    broken = [f"{column} IS NULL"] if given.get("nullable") is False else []
    broken += [f"({check['constraint']}) IS FALSE"] if check else []
    if broken:
        yield from mended(table, name, " OR ".join(broken), expression(given["up"]), KEPT)
    if given.get("nullable") is False:
        yield from never_null(table, name)
    yield from _held_to(table, name, {"check": check, "unique": given.get("unique")})


def _create_constraint(given: Given) -> Iterator[Step]:
    table, name = str(given["table"]), str(given["name"])
    columns = [str(each) for each in given.get("columns") or ()]
    ups = {str(each): expression(up) for each, up in (given.get("up") or {}).items()}
    changed = {each: up for each, up in ups.items() if up not in (each, quoted(each))}
    listed = ", ".join(quoted(each) for each in columns)
    match given["type"]:
        case "check":
            for each, up in changed.items():
                yield from mended(table, each, f"({given['check']}) IS FALSE", up, KEPT)
            yield from proved(table, name, f"CHECK ({given['check']})")
        case "unique" if not changed and not given.get("nulls_not_distinct"):
            yield from unique(table, name, listed)
        case "foreign_key" if not changed:
            key = given["references"]
            others = ", ".join(quoted(each) for each in key["columns"])
            there = f"{quoted(key['table'])} ({others}){when_it_goes(key)}"
            yield from proved(table, name, f"FOREIGN KEY ({listed}) REFERENCES {there}")
        case other:
            raise NotReadError(f"`create_constraint` of type {other} here: make its plan with `zdtui draft`")


def _drop_constraint(given: Given) -> Iterator[Step]:
    lost = Irreversible(consequence="how the constraint was defined is not in this migration: add it again by hand")
    sql = f"ALTER TABLE {quoted(given['table'])} DROP CONSTRAINT {quoted(given['name'])}"
    yield step(f"Drop constraint {given['name']}", Phase.CONTRACT, sql, lost)


def _drop_table(given: Given) -> Iterator[Step]:
    name, away = quoted(given["name"]), quoted(f"_pgroll_del_{given['name']}"[:63])
    there = f"ALTER TABLE {name} RENAME TO {away}"
    yield step(f"Table {given['name']} is out of reach", Phase.CONTRACT, there, f"ALTER TABLE {away} RENAME TO {name}")
    gone = Irreversible(consequence="the rows are gone: restore them from a backup")
    yield step(f"Drop table {given['name']}", Phase.CONTRACT, f"DROP TABLE {away}", gone)


def _drop_column(given: Given) -> Iterator[Step]:
    table, name = quoted(given["table"]), quoted(given["column"])
    away = quoted(f"_pgroll_del_{given['column']}"[:63])
    what = f"{given['table']}.{given['column']}"
    change = f"ALTER TABLE {table} RENAME COLUMN"
    yield step(f"{what} is out of reach", Phase.CONTRACT, f"{change} {name} TO {away}", f"{change} {away} TO {name}")
    gone = Irreversible(consequence="its values are gone: restore them from a backup")
    yield step(f"Drop {what}", Phase.CONTRACT, f"ALTER TABLE {table} DROP COLUMN {away}", gone)


def _rename(given: Given, change: str, what: str) -> Iterator[Step]:
    old, new = quoted(given["from"]), quoted(given["to"])
    title = f"{what} {given['from']} becomes {given['to']}"
    yield step(title, Phase.CONTRACT, change.format(old, new), change.format(new, old))


def _rename_table(given: Given) -> Iterator[Step]:
    return _rename(given, "ALTER TABLE {} RENAME TO {}", "Table")


def _rename_column(given: Given) -> Iterator[Step]:
    table = quoted(given["table"]).replace("{", "{{").replace("}", "}}")
    return _rename(given, f"ALTER TABLE {table} RENAME COLUMN {{}} TO {{}}", f"Column of {given['table']}")


def _rename_constraint(given: Given) -> Iterator[Step]:
    table = quoted(given["table"]).replace("{", "{{").replace("}", "}}")
    return _rename(given, f"ALTER TABLE {table} RENAME CONSTRAINT {{}} TO {{}}", f"Constraint of {given['table']}")


def _create_index(given: Given) -> Iterator[Step]:
    name, columns = quoted(given["name"]), given["columns"]
    fields = columns.items() if isinstance(columns, Mapping) else [(_of(each), each) for each in columns]
    parts = [_index_field(str(column), said) for column, said in fields]
    unique = "UNIQUE " if given.get("unique") else ""
    method = f" USING {given['method']}" if given.get("method") else ""
    tail = f" WITH ({given['storage_parameters']})" if given.get("storage_parameters") else ""
    tail += f" WHERE {given['predicate']}" if given.get("predicate") else ""
    sql = f"CREATE {unique}INDEX CONCURRENTLY {name} ON {quoted(given['table'])}{method} ({', '.join(parts)}){tail}"
    yield step(f"Create index {given['name']}", Phase.EXPAND, sql, f"DROP INDEX CONCURRENTLY {name}")


def _of(field: Any) -> str:
    return str(field["column"]) if isinstance(field, Mapping) else str(field)


def _index_field(column: str, said: Any) -> str:
    said = said if isinstance(said, Mapping) else {}
    if said.get("opclass"):
        raise NotReadError("`create_index` with an operator class is not read: write the index with `zdtui draft`")
    parts = [quoted(column)]
    parts += [f"COLLATE {said['collate']}"] if said.get("collate") else []
    parts += [str(said["sort"])] if said.get("sort") else []
    parts += [f"NULLS {said['nulls']}"] if said.get("nulls") else []
    return " ".join(parts)


def _drop_index(given: Given) -> Iterator[Step]:
    gone = Irreversible(consequence="how the index was made is not in this migration: make it again by hand")
    sql = f"DROP INDEX CONCURRENTLY {quoted(given['name'])}"
    yield step(f"Drop index {given['name']}", Phase.CONTRACT, sql, gone)


def _set_replica_identity(given: Given) -> Iterator[Step]:
    said = given["identity"]
    kind = str(said["type"]).upper()
    identity = f"USING INDEX {quoted(said['index'])}" if kind == "INDEX" else kind
    unknown = Irreversible(consequence="what it was before is not in this migration: set it by hand")
    sql = f"ALTER TABLE {quoted(given['table'])} REPLICA IDENTITY {identity}"
    yield step(f"Replica identity of {given['table']}", Phase.EXPAND, sql, unknown)


def _sql(given: Given) -> Iterator[Step]:
    phase = Phase.CONTRACT if given.get("onComplete") else Phase.EXPAND
    lost = Irreversible(consequence="the migration says no way down, and one of its statements has no inverse")
    down = given.get("down") or proposed_inverse(str(given["up"]))
    back: Rollback | str = str(down).rstrip().rstrip(";") if down else lost
    yield step("SQL of the migration", phase, str(given["up"]).rstrip().rstrip(";"), back)


OPERATIONS: dict[str, Callable[[Given], Iterator[Step]]] = {
    "create_table": _create_table,
    "drop_table": _drop_table,
    "add_column": _add_column,
    "drop_column": _drop_column,
    "alter_column": _alter_column,
    "create_constraint": _create_constraint,
    "drop_constraint": _drop_constraint,
    "drop_multicolumn_constraint": _drop_constraint,
    "rename_table": _rename_table,
    "rename_column": _rename_column,
    "rename_constraint": _rename_constraint,
    "create_index": _create_index,
    "drop_index": _drop_index,
    "set_replica_identity": _set_replica_identity,
    "sql": _sql,
}
