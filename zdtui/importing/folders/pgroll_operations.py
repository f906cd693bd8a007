"""pgroll's operations as steps: what it would do at its start, meanwhile and at its end, in the phases of a plan. Pure.

What needs the catalog (a column that is made again beside the old one needs its type, its default, its indexes) is
refused with the reason: `zdtui draft` makes that plan from the same change, with the catalog before it.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from zdtui.importing.files import literal
from zdtui.plan.model import (
    Action,
    BackfillAction,
    Irreversible,
    NoRollback,
    Phase,
    Rollback,
    SqlAction,
    SqlRollback,
    Step,
    StepId,
)
from zdtui.sql.text.quote import quote_identifier as quoted

Given = Mapping[str, Any]


class NotReadError(Exception):
    """Why an operation has no steps, as half a sentence."""


def steps_of(operations: list[Any]) -> tuple[Step, ...]:
    """The steps of one migration, those of an earlier phase first. Raises NotReadError."""
    steps = [step for each in operations for step in _of_operation(each)]
    order = list(Phase)
    sorted_steps = sorted(steps, key=lambda step: order.index(step.phase))
    return tuple(step.model_copy(update={"id": StepId(f"{n:02}")}) for n, step in enumerate(sorted_steps, start=1))


def _of_operation(operation: Any) -> Iterator[Step]:
    if not isinstance(operation, Mapping) or len(operation) != 1:
        raise NotReadError("one of its operations is no mapping of one name")
    ((name, given),) = operation.items()
    made = OPERATIONS.get(str(name))
    if made is None:
        raise NotReadError(f"`{name}` needs the catalog: make its plan with `zdtui draft`")
    if not isinstance(given, Mapping):
        raise NotReadError(f"`{name}` has nothing in it")
    try:
        yield from made(given)
    except KeyError as error:
        raise NotReadError(f"`{name}` does not say {error}") from None
    except (TypeError, AttributeError):
        raise NotReadError(f"`{name}` is not as pgroll reads it") from None


def scripts_of(steps: tuple[Step, ...]) -> tuple[str, str]:
    """All of it as SQL that is run at once, there and back: for a look at what it comes to."""
    there = "".join(_at_once(each.action) for each in steps)
    back = "".join(each.rollback.sql for each in reversed(steps) if isinstance(each.rollback, SqlRollback))
    return there, back


def _at_once(action: Action) -> str:
    if isinstance(action, BackfillAction):
        assigned = ", ".join(f"{name} = {value}" for name, value in action.assignments)
        return f"UPDATE {action.table} SET {assigned} WHERE {action.where};\n"
    return action.sql if isinstance(action, SqlAction) else ""


def _step(title: str, phase: Phase, action: Action | str, back: Rollback | str) -> Step:
    action = SqlAction(sql=f"{action};\n") if isinstance(action, str) else action
    rollback = SqlRollback(sql=f"{back};\n") if isinstance(back, str) else back
    return Step(id=StepId("-"), title=title[:200], phase=phase, action=action, rollback=rollback)


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
    yield _step(f"Create table {given['name']}", Phase.EXPAND, sql, f"DROP TABLE {name}")


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
            + _when_it_goes(key)
        )
    return " ".join(parts)


def _when_it_goes(key: Given) -> str:
    events = (("DELETE", "on_delete"), ("UPDATE", "on_update"))
    said = [f" ON {when} {key[name]}" for when, name in events if key.get(name)]
    said += [" DEFERRABLE"] if key.get("deferrable") else []
    return "".join([*said, *([" INITIALLY DEFERRED"] if key.get("initially_deferred") else [])])


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
            return f"{name}FOREIGN KEY ({columns}) REFERENCES {quoted(key['table'])} ({others}){_when_it_goes(key)}"
        case other:
            raise NotReadError(f"a constraint of type `{other}` is not read")


def _comment(table: str, column: Given) -> list[str]:
    if not column.get("comment"):
        return []
    return [f"COMMENT ON COLUMN {quoted(table)}.{quoted(column['name'])} IS {literal(column['comment'])}"]


def _add_column(given: Given) -> Iterator[Step]:
    """Alone, or with the expression that fills it: a trigger for what is written meanwhile, a backfill for the rest."""
    column, up = given["column"], given.get("up")
    table, name = quoted(given["table"]), quoted(column["name"])
    if any(column.get(each) for each in ("pk", "unique", "references", "check")):
        raise NotReadError("`add_column` with a key, a check or a reference: make its plan with `zdtui draft`")
    what = f"{given['table']}.{column['name']}"
    defined = _column(column, nullable=True if up else None)
    sql = ";\n".join([f"ALTER TABLE {table} ADD COLUMN {defined}", *_comment(given["table"], column)])
    yield _step(f"Add {what}", Phase.EXPAND, sql, f"ALTER TABLE {table} DROP COLUMN {name}")
    if up:
        yield from _filled(given, what, str(up))


def _filled(given: Given, what: str, up: str) -> Iterator[Step]:
    column = given["column"]
    table, name = quoted(given["table"]), quoted(column["name"])
    trigger = quoted(f"_pgroll_trigger_{given['table']}_{column['name']}"[:63])
    make = (
        f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $function$\nBEGIN\n"
        f"  IF NEW.{name} IS NULL THEN\n    SELECT {up} INTO NEW.{name} FROM (SELECT NEW.*) AS {table};\n  END IF;\n"
        f"  RETURN NEW;\nEND\n$function$;\n"
        f"CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE ON {table}\n  FOR EACH ROW EXECUTE FUNCTION {trigger}()"
    )
    drop = f"DROP TRIGGER {trigger} ON {table};\nDROP FUNCTION {trigger}()"
    yield _step(f"{what} is filled as rows are written", Phase.DUAL_WRITE, make, drop)
    fill = BackfillAction(table=table, assignments=((name, up),), where=f"{name} IS NULL")
    kept = NoRollback(reason="the column goes with the step that added it")
    yield _step(f"{what} is filled where it is empty", Phase.BACKFILL, fill, kept)
    if not column.get("nullable", False):
        yield from _never_null(table, name, what)
    yield _step(f"{what} needs no trigger any more", Phase.CONTRACT, drop, make)


def _never_null(table: str, name: str, what: str) -> Iterator[Step]:
    """By a constraint that is proved beside the traffic, so that SET NOT NULL need not scan."""
    check = quoted(f"_pgroll_check_not_null_{name.strip(chr(34))}"[:63])
    change = f"ALTER TABLE {table}"
    added = f"{change} ADD CONSTRAINT {check} CHECK ({name} IS NOT NULL) NOT VALID"
    yield _step(f"{what} is not null from now on", Phase.VERIFY, added, f"{change} DROP CONSTRAINT {check}")
    proved = f"{change} VALIDATE CONSTRAINT {check}"
    no_harm = NoRollback(reason="that the rows are proved does no harm")
    yield _step(f"{what} is proved not to be null", Phase.VERIFY, proved, no_harm)
    end = f"{change} ALTER COLUMN {name} SET NOT NULL;\n{change} DROP CONSTRAINT {check}"
    back = f"{added};\n{change} ALTER COLUMN {name} DROP NOT NULL"
    yield _step(f"{what} is NOT NULL", Phase.SWITCH, end, back)


def _drop_table(given: Given) -> Iterator[Step]:
    name, away = quoted(given["name"]), quoted(f"_pgroll_del_{given['name']}"[:63])
    there = f"ALTER TABLE {name} RENAME TO {away}"
    yield _step(f"Table {given['name']} is out of reach", Phase.CONTRACT, there, f"ALTER TABLE {away} RENAME TO {name}")
    gone = Irreversible(consequence="the rows are gone: restore them from a backup")
    yield _step(f"Drop table {given['name']}", Phase.CONTRACT, f"DROP TABLE {away}", gone)


def _drop_column(given: Given) -> Iterator[Step]:
    table, name = quoted(given["table"]), quoted(given["column"])
    away = quoted(f"_pgroll_del_{given['column']}"[:63])
    what = f"{given['table']}.{given['column']}"
    change = f"ALTER TABLE {table} RENAME COLUMN"
    yield _step(f"{what} is out of reach", Phase.CONTRACT, f"{change} {name} TO {away}", f"{change} {away} TO {name}")
    gone = Irreversible(consequence="its values are gone: restore them from a backup")
    yield _step(f"Drop {what}", Phase.CONTRACT, f"ALTER TABLE {table} DROP COLUMN {away}", gone)


def _rename(given: Given, change: str, what: str) -> Iterator[Step]:
    old, new = quoted(given["from"]), quoted(given["to"])
    title = f"{what} {given['from']} becomes {given['to']}"
    yield _step(title, Phase.CONTRACT, change.format(old, new), change.format(new, old))


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
    yield _step(f"Create index {given['name']}", Phase.EXPAND, sql, f"DROP INDEX CONCURRENTLY {name}")


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
    yield _step(f"Drop index {given['name']}", Phase.CONTRACT, sql, gone)


def _set_replica_identity(given: Given) -> Iterator[Step]:
    said = given["identity"]
    kind = str(said["type"]).upper()
    identity = f"USING INDEX {quoted(said['index'])}" if kind == "INDEX" else kind
    unknown = Irreversible(consequence="what it was before is not in this migration: set it by hand")
    sql = f"ALTER TABLE {quoted(given['table'])} REPLICA IDENTITY {identity}"
    yield _step(f"Replica identity of {given['table']}", Phase.EXPAND, sql, unknown)


def _sql(given: Given) -> Iterator[Step]:
    phase = Phase.CONTRACT if given.get("onComplete") else Phase.EXPAND
    lost = Irreversible(consequence="the migration says no way down")
    back: Rollback | str = str(given["down"]).rstrip().rstrip(";") if given.get("down") else lost
    yield _step("SQL of the migration", phase, str(given["up"]).rstrip().rstrip(";"), back)


OPERATIONS: dict[str, Callable[[Given], Iterator[Step]]] = {
    "create_table": _create_table,
    "drop_table": _drop_table,
    "add_column": _add_column,
    "drop_column": _drop_column,
    "rename_table": _rename_table,
    "rename_column": _rename_column,
    "rename_constraint": _rename_constraint,
    "create_index": _create_index,
    "drop_index": _drop_index,
    "set_replica_identity": _set_replica_identity,
    "sql": _sql,
}
