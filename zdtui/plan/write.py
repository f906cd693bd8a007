"""A plan as YAML that a person would have written: keys in the order of the reference, blocks, comments. Pure.

What is as the format's defaults have it is left out. `parse_plan(write_plan(plan))` is the same plan but for the text
itself, its digest and the lines of its steps; a property test holds that. Everything is made from the tables of keys
(`zdtui.plan.keys`), so that a key added there is written, or a test says that it is not.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, assert_never

from pydantic import BaseModel

from zdtui.plan.keys import FORMAT_VERSION, LIMITS, TABLES, Key, Kind
from zdtui.plan.model import Irreversible, NoRollback, Plan, Rollback, SqlRollback, Step, Window
from zdtui.plan.yaml_text import WIDEST, block, comment, scalar
from zdtui.quantities import BYTES, format_duration
from zdtui.steps.kind import StepKind

Comments = Mapping[tuple[str, str], str]
"""By step id and key: ('', '') stands before everything, ('', 'guards') before a key of the plan, ('add', '') before a
step, ('add', 'sql') before a key of it."""
INDENT = "  "


def write_plan(plan: Plan, comments: Comments | None = None) -> str:
    """The plan file's text."""
    return "\n".join(_plan(plan, comments or {})) + "\n"


def _plan(plan: Plan, comments: Comments) -> Iterator[str]:
    yield from comment(comments.get(("", ""), ""), "")
    for key in TABLES["plan"]:
        if key.kind is Kind.OBJECTS:
            yield f"{key.name}:"
            for number, step in enumerate(plan.steps):
                yield from [""] if number else []
                yield from _step(step, plan, comments)
            continue
        value: Any = FORMAT_VERSION if key.kind is Kind.VERSION else getattr(plan, key.name)
        if value in (None, "", ()) or (key.kind is Kind.OBJECT and not _given(value, key.of)):
            continue
        yield from comment(comments.get(("", key.name), ""), "")
        yield from _key(key, value, "")


def _step(step: Step, plan: Plan, comments: Comments) -> Iterator[str]:
    yield from comment(comments.get((step.id, ""), ""), INDENT)
    first = True
    for key, value in _of_step(step, plan):
        said = comment(comments.get((step.id, key.name), ""), INDENT * 2)
        lines = [*said, *_key(key, value, INDENT * 2)]
        if first:
            lines[0] = f"{INDENT}- {lines[0].lstrip()}"
            first = False
        yield from lines


def _of_step(step: Step, plan: Plan) -> Iterator[tuple[Key, Any]]:
    """The keys the step is written with, and their values."""
    limits = {key.name for key in LIMITS}
    own = (*step.action.step_keys(), *step.action.beside())
    for key in TABLES["step"]:
        if key.name in limits:
            value = getattr(step.limits, key.name)
            if value != getattr(plan.defaults, key.name):
                yield key, value
        elif key.name == "rollback":
            yield key, step.rollback
        elif key.name in ("id", "title", "phase", "notes", "links", "silence", "verify"):
            value = getattr(step, key.name)
            if value not in ("", ()):
                yield key, value
        elif key in own and (value := step.action.value_of(key)) is not None:
            yield key, value


def _key(key: Key, value: Any, indent: str) -> Iterator[str]:
    """The key with its value."""
    match key.kind:
        case Kind.OBJECT:
            yield from _object(key, value, indent)
        case Kind.OBJECTS:
            raise AssertionError(f"{key.name} is a list of mappings, which only steps are")
        case Kind.PAIRS | Kind.REASONS:
            yield f"{indent}{key.name}:"
            for name, text in value:
                yield from _text(scalar(name), text, indent + INDENT, keep_end=False)
        case Kind.TEXTS | Kind.COLUMNS | Kind.WINDOWS:
            yield from _list(key, value, indent)
        case Kind.SQL:
            yield from _text(key.name, value, indent, keep_end=True)
        case Kind.TEXT | Kind.NAME | Kind.FILE | Kind.CHOICE | Kind.ADDRESS:
            yield from _text(key.name, _word(key, value), indent, keep_end=False)
        case Kind.VERSION | Kind.DURATION | Kind.LIMIT_DURATION | Kind.LIMIT_COUNT | Kind.LIMIT_SIZE | Kind.COUNT:
            yield f"{indent}{key.name}: {_quantity(key.kind, value)}"
        case _ as never:
            assert_never(never)


def _text(name: str, text: str, indent: str, keep_end: bool) -> Iterator[str]:
    """`name: text`; where the reader strips the text, its end may be written as a block ends anyway."""
    as_line = f"{indent}{name}: {scalar(text)}"
    if "\n" not in text and len(as_line) <= WIDEST and not (keep_end and text.endswith("\n")):
        yield as_line
        return
    ended = text if keep_end or text.endswith("\n") else f"{text}\n"
    found = block(ended, indent + INDENT)
    yield as_line if found is None else f"{indent}{name}: {found}"


def _list(key: Key, value: tuple[Any, ...], indent: str) -> Iterator[str]:
    items = [_window(each) if isinstance(each, Window) else str(each) for each in value]
    if len(items) == 1:
        yield from _text(key.name, items[0], indent, keep_end=False)
        return
    yield f"{indent}{key.name}:"
    for item in items:
        (first, *rest) = _text("-", item, indent + INDENT, keep_end=False)
        yield first.replace("-: ", "- ", 1)
        yield from rest


def _object(key: Key, value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, SqlRollback | NoRollback | Irreversible):
        yield from _rollback(value, indent)
        return
    yield f"{indent}{key.name}:"
    for each, found in _given(value, key.of):
        yield from _key(each, found, indent + INDENT)


def _rollback(value: Rollback, indent: str) -> Iterator[str]:
    match value:
        case SqlRollback(sql=sql, file=None, transaction=True):
            yield from _text("rollback", sql, indent, keep_end=True)
        case SqlRollback(sql=sql, file=file, transaction=together):
            yield f"{indent}rollback:"
            if file is None:
                yield from _text("sql", sql, indent + INDENT, keep_end=True)
            else:
                yield from _text("sql_file", file, indent + INDENT, keep_end=False)
            yield from [] if together else [f"{indent}{INDENT}transaction: off"]
        case NoRollback(reason=reason):
            yield f"{indent}rollback:"
            yield from _text("none", reason, indent + INDENT, keep_end=False)
        case Irreversible(consequence=consequence):
            yield f"{indent}rollback:"
            yield from _text("irreversible", consequence, indent + INDENT, keep_end=False)
        case _ as never:
            assert_never(never)


def _given(model: BaseModel, table: str) -> list[tuple[Key, Any]]:
    """The keys of that table which are not as they are by default, and their values."""
    found = []
    for key in TABLES[table]:
        holder, name = _holder(model, key.field_name)
        value, field = getattr(holder, name), type(holder).model_fields[name]
        if isinstance(model, StepKind) and model.goes_without_saying(key):
            continue
        if field.is_required() or value != field.get_default(call_default_factory=True):
            found.append((key, value))
    return found


def _holder(model: BaseModel, name: str) -> tuple[BaseModel, str]:
    """The model that has the field: the action, or how its batches are sized."""
    if name in type(model).model_fields:
        return model, name
    tuning: BaseModel = getattr(model, "tuning")  # noqa: B009 (an action of batches; the type is the reader's)
    return tuning, name


def _word(key: Key, value: Any) -> str:
    if isinstance(value, bool):
        return key.choices[0] if value else key.choices[1]
    return str(value)


def _quantity(kind: Kind, value: Any) -> str:
    if value is None:
        return "off"
    if isinstance(value, timedelta):
        return format_duration(value)
    if kind is Kind.LIMIT_SIZE and value:
        unit = next(unit for unit in reversed(BYTES) if value % BYTES[unit] == 0)
        return f"{value // BYTES[unit]}{unit}"
    return str(value)


def _window(window: Window) -> str:
    return f"{window.begins // 60:02}:{window.begins % 60:02}-{window.ends // 60:02}:{window.ends % 60:02}"
