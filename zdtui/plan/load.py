"""From a plan file to a Plan, or to every problem it has at once."""

import hashlib
import os
import re
from pathlib import Path
from typing import Any

from zdtui.errors import PlanError
from zdtui.plan.fields import Fields, known_version, read_fields
from zdtui.plan.keys import ACTIONS, LIMITS, Kind
from zdtui.plan.model import (
    Action,
    Environment,
    Guards,
    Irreversible,
    Limits,
    ManualAction,
    NoRollback,
    Phase,
    Plan,
    Rollback,
    SqlRollback,
    Step,
    StepId,
    Target,
    Texts,
    Throttle,
)
from zdtui.plan.nodes import ScalarNode, compose, items, place, written_in
from zdtui.plan.problems import Problems
from zdtui.plan.rules import check_plan
from zdtui.plan.scalar import Scalar
from zdtui.plan.source import read_text
from zdtui.regular_file import FileOutsideError
from zdtui.steps.action import KINDS
from zdtui.steps.kind import Given
from zdtui.steps.statements import is_together


def load_plan(path: str | os.PathLike[str], *, files_outside: bool = False) -> Plan:
    """The plan in this file. A `sql_file` of it may lie outside of the plan's folder only if `files_outside` is said.

    Raises PlanError, and nothing else, whose message lists every problem with file, line, column and a caret.
    """
    text = read_text(os.fspath(path))
    return parse_plan(text, os.fspath(path), files_outside=files_outside)


def parse_plan(text: str, path: str, *, files_outside: bool = False) -> Plan:
    """The plan in this text; `path` is what it is called and where its `sql_file`s are looked for. See `load_plan`."""
    problems = Problems(path, text)
    root = compose(text, problems)
    if root is not None and known_version(root, problems):
        plan = _Builder(problems, Path(path).parent, files_outside).plan(read_fields(root, "plan", problems), text)
        if not problems.found:
            return plan
    raise problems.error()


NO_SQL = re.compile(
    r"[\s\W]*(?:none|no|not?\s+(?:needed|required|possible|applicable)|n[/.]?a|nothing|null|nil|irreversible|impossible|manual"
    r"|todo|tbd|fixme|xxx|later|unknown|false|off|never|forward[ -]only|restore|backup)?[\s\W]*",
    re.IGNORECASE,
)
"""What people write where there is no rollback, or none yet."""
SHORT = 80
SAY_WHY = "write the statements, or `rollback: {none: ...}` or `rollback: {irreversible: ...}` with the reason in words"
OUTSIDE = (
    "leads out of the plan's folder, so it is not read; put it beside the plan, or say --allow-files-outside "
    "if you trust this plan"
)


KIND_OF = {key.name: kind for kind in KINDS for key in kind.step_keys()}
WRITTEN_HERE = tuple(key.name for kind in KINDS for key in kind.step_keys() if key.kind is Kind.SQL)
"""The keys after which SQL stands in the plan itself."""
STAND_IN = ManualAction(instructions="-")


class _Builder:
    """Turns fields into models. Where a value is missing a problem was noted already; a stand-in keeps us going."""

    def __init__(self, problems: Problems, folder: Path, files_outside: bool) -> None:
        self._problems = problems
        self._folder = folder
        self._files_outside = files_outside
        self._files: list[str] = []
        self._limits = Limits()

    def plan(self, fields: Fields, text: str) -> Plan:
        target, guards, throttle = fields.get("target"), fields.get("guards"), fields.get("throttle")
        self._limits = _limits(fields.get("defaults"), Limits())
        read = fields.get("steps", [])
        steps = tuple(self._step(each) for each in read)
        check_plan(steps, read, self._problems, (target.get("minimum_version") if target is not None else None) or 0)
        return Plan(
            name=fields.get("name", "-"),
            title=fields.get("title", ""),
            description=fields.get("description", ""),
            target=Target() if target is None else _target(target),
            defaults=self._limits,
            guards=Guards() if guards is None else Guards(**guards.values),
            throttle=Throttle() if throttle is None else _throttle(throttle),
            notify=fields.get("notify", ()),
            require_rehearsal=fields.get("require_rehearsal"),
            steps=steps,
            source=text,
            path=self._problems.path,
            digest=_digest([text, *self._files]),
        )

    def _step(self, fields: Fields) -> Step:
        links: Any = fields.get("links", ())
        return Step(
            id=StepId(fields.get("id", "-")),
            title=fields.get("title", ""),
            phase=Phase(fields.get("phase", Phase.EXPAND)),
            notes=fields.get("notes", ""),
            links=links,
            silence=fields.get("silence", ()),
            action=self._action(fields),
            rollback=self._rollback(fields),
            verify=fields.get("verify", ()),
            limits=_limits(fields, self._limits),
            line=place(fields.node)[0],
            texts=_texts(fields),
        )

    def _action(self, fields: Fields) -> Action:
        given = [name for name in ACTIONS if name in fields.nodes]
        if len(given) != 1:
            found = f"has {' and '.join(given)}" if given else "has none"
            sentence = f"a step has exactly one of {', '.join(ACTIONS)}; this one {found}"
            self._problems.add(*place(fields.node), sentence)
        value = fields.get(given[0]) if given else None
        return STAND_IN if value is None else self._read(given[0], value, fields)

    def _read(self, name: str, value: Any, fields: Fields) -> Action:
        found = Given(
            name=name,
            value=value.values if isinstance(value, Fields) else value,
            beside=fields.values,
            file_text=lambda file: self._file(file, fields),
        )
        return KIND_OF[name].read(found)

    def _rollback(self, fields: Fields) -> Rollback:
        value = fields.get("rollback")
        if isinstance(value, str):
            if len(value) <= SHORT and NO_SQL.fullmatch(value):
                written = value.strip()[:40]
                self._problems.add(*fields.place("rollback"), f"`rollback`: `{written}` is no SQL; {SAY_WHY}")
                return NoRollback(reason="-")
            return SqlRollback(sql=value)
        if not isinstance(value, Fields):
            return NoRollback(reason="-")
        if len(value.nodes.keys() - {"transaction"}) != 1:
            self._problems.add(
                *place(value.node), "a rollback is SQL, or exactly one of sql, sql_file, none, irreversible"
            )
        if (sql := value.get("sql")) is not None:
            return SqlRollback(sql=sql, transaction=is_together(value.values))
        if (file := value.get("sql_file")) is not None:
            return SqlRollback(sql=self._file(file, value), file=file, transaction=is_together(value.values))
        if (consequence := value.get("irreversible")) is not None:
            return Irreversible(consequence=consequence)
        return NoRollback(reason=value.get("none", "-"))

    def _file(self, name: str, fields: Fields) -> str:
        file = self._folder / name
        try:
            text = read_text(file, "SQL file", inside=None if self._files_outside else self._folder)
        except FileOutsideError:
            self._problems.add(*fields.place("sql_file"), f"`sql_file`: {name} {OUTSIDE}")
            return "SELECT 1"
        except PlanError as error:
            self._problems.add(*fields.place("sql_file"), str(error))
            return "SELECT 1"
        self._files.append(text)
        if not text.strip():
            self._problems.add(*fields.place("sql_file"), f"{name} is empty")
        return text


def _texts(fields: Fields) -> Texts:
    """Where the SQL of a step is written, as far as that is in the plan itself."""
    rollback = fields.get("rollback")
    back = (rollback, "sql") if isinstance(rollback, Fields) else (fields, "rollback")
    queries = zip(fields.get("verify", ()), items(fields.nodes.get("verify")), strict=False)
    return Texts(
        action=next((text for name in WRITTEN_HERE if (text := _text(fields, name)) is not None), None),
        rollback=_text(*back),
        verify=tuple(written_in(node, query) for query, node in queries if isinstance(node, ScalarNode)),
    )


def _text(fields: Fields, name: str) -> Scalar | None:
    node, value = fields.nodes.get(name), fields.get(name)
    return written_in(node, value) if isinstance(node, ScalarNode) and isinstance(value, str) else None


def _digest(texts: list[str]) -> str:
    digest = hashlib.sha256()
    for text in texts:
        digest.update(len(text).to_bytes(8, "big"))
        digest.update(text.encode())
    return digest.hexdigest()


def _limits(fields: Fields | None, otherwise: Limits) -> Limits:
    if fields is None:
        return otherwise
    given = {key.name: fields.get(key.name) for key in LIMITS if key.name in fields.values}
    return otherwise.model_copy(update=given)


def _target(fields: Fields) -> Target:
    environment = fields.get("environment")
    return Target(
        database=fields.get("database"),
        minimum_version=fields.get("minimum_version"),
        environment=Environment.STAGING if environment is None else Environment(environment),
    )


def _throttle(fields: Fields) -> Throttle:
    values = dict(fields.values)
    if "autovacuum" in values:
        values["autovacuum"] = values["autovacuum"] == "slow"
    return Throttle(**values)
