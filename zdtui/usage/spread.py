"""From the subject to everything behind which it is used: views, functions, triggers, generated columns. Pure.

Goes round until nothing new is found: a view reads a view, a function reads it, a trigger of another table calls that.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

from zdtui.sql.text.identifiers import identifiers
from zdtui.sql.text.name import Name
from zdtui.usage.catalog import Catalog, Function, Trigger, View
from zdtui.usage.reader.functions import RUN_SQL_THEY_ARE_GIVEN, read_function
from zdtui.usage.reader.scope import Source
from zdtui.usage.reader.statement import Reading
from zdtui.usage.reader.views import read_view
from zdtui.usage.reader.watched import Watch, Watched, Why
from zdtui.usage.usage import Dependent, Subject

ITSELF = Why("")
MOST_ROUNDS = 50
"""Views on views on views; nobody nests deeper, and what goes in a circle ends by itself."""


@dataclass
class Spread:
    """What was found so far."""

    catalog: Catalog
    subject: Subject
    handled: Collection[Name]
    """What the plan itself makes or takes away."""
    watched: Watched
    family: frozenset[Name]
    """The subject's table with its children, and of a column its parents."""
    read: dict[Name, Reading] = field(default_factory=dict)
    """By signature: what each function does."""
    names_in: dict[str, frozenset[str]] = field(default_factory=dict)


def spread(catalog: Catalog, subject: Subject, handled: Collection[Name] = ()) -> tuple[Watched, tuple[Dependent, ...]]:
    """What to look for in statements, and the functions and triggers that depend on the subject by their text."""
    now = _begin(catalog, subject, handled)
    for _ in range(MOST_ROUNDS):
        before = now.watched
        _views(now)
        _functions(now)
        _triggers(now)
        if now.watched == before:
            break
    return now.watched, tuple(_dependents(now))


def _begin(catalog: Catalog, subject: Subject, handled: Collection[Name]) -> Spread:
    family = _family(catalog, subject)
    if subject.column is None:
        relations = {each: Watch(any_mention=ITSELF) for each in family}
    else:
        relations = {each: Watch(_columns(catalog, each, subject.column)) for each in family}
    watched = Watched(
        relations=relations,
        functions={Name("pg_catalog", each): _given(each) for each in RUN_SQL_THEY_ARE_GIVEN},
        columns=catalog.columns,
        constraints=catalog.constraints,
        returns={each.name: each.returns for each in catalog.functions if each.returns is not None},
    )
    return Spread(catalog, subject, frozenset(handled), watched, family)


def _family(catalog: Catalog, subject: Subject) -> frozenset[Name]:
    """Whoever reads a parent reads its partitions, and a column of a partition is a column of its parent."""
    found = {subject.table}
    while more := {child for each in found for child in catalog.children.get(each, ())} - found:
        found |= more
    if subject.column is None:
        return frozenset(found)
    while (
        more := {
            parent
            for parent, children in catalog.children.items()
            if found & set(children) and subject.column in catalog.columns.get(parent, ())
        }
        - found
    ):
        found |= more
    return frozenset(found)


def _columns(catalog: Catalog, table: Name, column: str) -> dict[str, Why]:
    """The column, and those that the server computes from it."""
    found = {column: ITSELF}
    for (of, generated), expression in catalog.generated.items():
        if of == table and column in identifiers((expression,)):
            found[generated] = Why(f"through the generated column {table.name}.{generated}")
    return found


def _given(name: str) -> Why:
    return Why(f"calls {name}(), which runs SQL that it is given as a value", readable=False)


def _views(now: Spread) -> None:
    for view in now.catalog.views:
        if view.name in now.family or now.watched.names.isdisjoint(_names(now, view.query)):
            continue
        watch = _watch_of(view, now)
        if watch is not None and watch != now.watched.relations.get(view.name):
            now.watched = replace(now.watched, relations={**now.watched.relations, view.name: watch})


def _watch_of(view: View, now: Spread) -> Watch | None:
    read = read_view(view.query, now.watched)
    through = f"through the {'materialized ' if view.materialized else ''}view {view.name}"
    if read.of_rows.unread and not read.of_rows.uses:
        return Watch(any_mention=Why(f"{through}: {read.of_rows.unread[0]}", readable=False))
    if read.of_rows.uses:
        return Watch(any_mention=Why(through))
    columns = now.catalog.columns.get(view.name, ())
    found = {
        column: Why(through) if each.uses else Why(f"{through}: {each.unread[0]}", readable=False)
        for column, each in zip(columns, read.of_columns, strict=False)
        if each.uses or each.unread
    }
    return Watch(found) if found else None


def _functions(now: Spread) -> None:
    for function in now.catalog.functions:
        given = _rows_given(function, now)
        if not given and function.language in ("sql", "plpgsql") and _has_nothing(function, now):
            continue
        read = read_function(function, _with_changed_rows(function, now), given)
        now.read[function.name] = read
        if (why := _why_of(function, read)) is not None and now.watched.functions.get(function.name) != why:
            now.watched = replace(now.watched, functions={**now.watched.functions, function.name: why})


def _with_changed_rows(function: Function, now: Spread) -> Watched:
    """What is looked for in a function that reads the changed rows of a watched table under a name of its trigger's."""
    rows = {
        Name("", each): trigger.table
        for trigger in now.catalog.triggers
        if trigger.function == function.name and trigger.table in now.watched.relations
        for each in trigger.transition_tables
    }
    if not rows:
        return now.watched
    relations = {name: now.watched.relations[table] for name, table in rows.items()}
    columns = {name: now.watched.columns[table] for name, table in rows.items() if table in now.watched.columns}
    return replace(
        now.watched,
        relations={**now.watched.relations, **relations},
        columns={**now.watched.columns, **columns},
    )


def _has_nothing(function: Function, now: Spread) -> bool:
    text = function.body or function.definition
    return "execute" not in text.lower() and now.watched.names.isdisjoint(_names(now, text))


def _rows_given(function: Function, now: Spread) -> tuple[Source, ...]:
    """The rows of watched relations that it is given: by its arguments, or as NEW and OLD of a trigger."""
    rows = [*function.row_arguments.items()]
    for trigger in now.catalog.triggers:
        if trigger.function == function.name:
            rows += [("new", trigger.table), ("old", trigger.table)]
    return tuple(
        Source(alias, now.watched.columns.get(table), now.watched.relations[table], str(table), given=True)
        for alias, table in dict.fromkeys(rows)
        if table in now.watched.relations
    )


def _why_of(function: Function, read: Reading) -> Why | None:
    if read.uses:
        return Why(f"calls {function.name}(), which {read.uses[0]}")
    return Why(f"calls {function.name}(): {read.unread[0]}", readable=False) if read.unread else None


def _triggers(now: Spread) -> None:
    """A change of another table runs its triggers. Those of the table itself are told as what depends on it."""
    for trigger in now.catalog.triggers:
        why = now.watched.functions.get(trigger.function)
        if why is None or trigger.table in now.family or _is_handled(now, trigger.function):
            continue
        text = f"through the trigger {trigger.name} of {trigger.table}, which {why.text}"
        found = Why(text, why.readable)
        if now.watched.written.get(trigger.table) != found:
            now.watched = replace(now.watched, written={**now.watched.written, trigger.table: found})


def _dependents(now: Spread) -> Iterator[Dependent]:
    for function in now.catalog.functions:
        read = now.read.get(function.name)
        if read is None:
            continue
        run_by = [each for each in now.catalog.triggers if each.function == function.name]
        on_it = [each for each in run_by if each.table in now.family]
        mine = _is_handled(now, function.name)
        what = f"function {function.signature or function.name}"
        if read.uses:
            why = "; ".join((*read.uses, *_run_by(run_by)))
            yield Dependent(what=what, why=why, in_the_way=True, of_the_plan=mine)
        elif read.unread and on_it:
            why = "; ".join((*read.unread, *_run_by(on_it)))
            yield Dependent(what=what, why=why, in_the_way=True, of_the_plan=mine)
        elif read.whole_rows and on_it:
            why = "; ".join(("takes whole rows", *_run_by(on_it)))
            yield Dependent(what=what, why=why, in_the_way=False, of_the_plan=mine)


def _is_handled(now: Spread, name: Name) -> bool:
    """Whether the plan names it, with its schema or without."""
    return name in now.handled or Name(None, name.name) in now.handled


def _run_by(triggers: list[Trigger]) -> tuple[str, ...]:
    named = ", ".join(f"{each.name} of {each.table}" for each in triggers)
    return (f"run by the trigger {named}",) if named else ()


def _names(now: Spread, text: str) -> frozenset[str]:
    if (found := now.names_in.get(text)) is None:
        found = now.names_in[text] = identifiers((text,))
    return found
