"""What is wrong with a plan whose shape is right: order of phases, ids, SQL that the runner cannot take."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from zdtui.plan.fields import Fields
from zdtui.plan.keys import BELONGS_TO, TABLES, Key, Kind
from zdtui.plan.model import Phase, SqlRollback, Step
from zdtui.plan.nodes import MappingNode, Node, ScalarNode, items, place, written_in
from zdtui.plan.problems import Problems
from zdtui.plan.scalar import Places, line_and_column
from zdtui.sql.syntax import GRAMMAR_VERSION
from zdtui.sql.text.expression import certain_mistake
from zdtui.sql.text.quote import read_name
from zdtui.steps.mistake import Mistake, query_mistakes, sql_mistakes, transaction_mistakes

PHASES = tuple(Phase)


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text of the plan and where it is written: in the plan itself, or in a file that the plan names."""

    text: str
    node: Node
    problems: Problems
    file: str | None = None

    def problem(self, sentence: str, offset: int = 0) -> None:
        """Note a problem with the character at `offset` of the text."""
        if self.file is not None:
            line = self.text.count("\n", 0, offset) + 1
            self.problems.add(*place(self.node), f"{self.file}:{line}: {sentence}")
            return
        at = place(self.node) if not isinstance(self.node, ScalarNode) else self._place_in(self.node, offset)
        self.problems.add(*at, sentence)

    def _place_in(self, node: ScalarNode, offset: int) -> tuple[int, int]:
        source = self.problems.text
        return line_and_column(
            self.problems.line_starts, Places(source, written_in(node, self.text), self.text).at(offset)
        )


def check_plan(steps: tuple[Step, ...], read: list[Fields], problems: Problems, version: int = 0) -> None:
    """Note every problem that takes more than one key to see. `version` is the oldest server the plan is for."""
    newer = version > GRAMMAR_VERSION
    seen: dict[str, int] = {}
    furthest: Step | None = None
    for step, fields in zip(steps, read, strict=True):
        if "id" in fields.values:
            if step.id in seen:
                problems.add(*fields.place("id"), f"`{step.id}` is already the id of the step at line {seen[step.id]}")
            seen.setdefault(step.id, step.line)
        if "phase" in fields.values:
            furthest = _check_phase(step, furthest, fields, problems)
        _check_action(step, fields, problems, newer)
        _check_beside(fields, problems)
        _check_rollback(step, fields, problems, newer)
        queries = zip(step.verify, step.verify_statements, items(fields.nodes.get("verify")), strict=False)
        for query, statements, node in queries:
            for mistake in _known(query_mistakes(query, statements, "verify"), newer):
                _note(mistake, PlacedText(query, node, problems), fields)


def _check_phase(step: Step, furthest: Step | None, fields: Fields, problems: Problems) -> Step:
    if furthest is None or PHASES.index(step.phase) >= PHASES.index(furthest.phase):
        return step
    problems.add(
        *fields.place("phase"),
        f"step `{step.id}` is {step.phase}, but step `{furthest.id}` before it (line {furthest.line}) is "
        f"{furthest.phase} already: the phases go only forward",
    )
    return furthest


def _check_action(step: Step, fields: Fields, problems: Problems, newer: bool) -> None:
    """What the kind finds wrong with itself, and what its table of keys says, each where it is written."""
    kind = type(step.action)
    key = next((key for key in kind.step_keys() if key.name in fields.values), None)
    if key is None:
        return
    value = fields.values[key.name]
    if isinstance(value, Fields):
        _check_mapping(value, TABLES[key.of], problems)
        for mistake in step.action.mistakes():
            _note_in_mapping(mistake, value, problems)
        return
    judged = step.action.judged
    for mistake in _known(step.action.mistakes(), newer):
        _note(mistake, PlacedText(judged.text, fields.nodes[key.name], problems, judged.file), fields)


def _known(mistakes: Iterable[Mistake], newer: bool) -> Iterator[Mistake]:
    """Without what only the grammar says, where the server is newer than it."""
    return (mistake for mistake in mistakes if not (newer and mistake.grammar))


def _note(mistake: Mistake, placed: PlacedText, fields: Fields) -> None:
    if mistake.key:
        placed.problems.add(*fields.place(mistake.key), mistake.sentence)
    else:
        placed.problem(mistake.sentence, mistake.offset)


def _note_in_mapping(mistake: Mistake, fields: Fields, problems: Problems) -> None:
    node = fields.nodes.get(mistake.key)
    pairs = node.value if isinstance(node, MappingNode) else ()
    names = (name for name, _ in pairs if isinstance(name, ScalarNode) and name.value.strip() == mistake.name)
    named = next(names, None)
    problems.add(*(fields.place(mistake.key) if named is None else place(named)), mistake.sentence)


def _check_beside(fields: Fields, problems: Problems) -> None:
    """A key that belongs to a kind stands beside one that makes the step of that kind."""
    for beside, names in BELONGS_TO.items():
        if beside in fields.values and not set(names) & fields.nodes.keys():
            problems.add(*fields.place(beside), f"`{beside}` belongs to {' or '.join(f'`{name}`' for name in names)}")


def _check_rollback(step: Step, fields: Fields, problems: Problems, newer: bool) -> None:
    if not isinstance(step.rollback, SqlRollback):
        return
    text, file, value = step.rollback, step.rollback.file, fields.values["rollback"]
    nodes = value.nodes if isinstance(value, Fields) else {"sql": fields.nodes["rollback"]}
    placed = PlacedText(text.sql, nodes["sql_file" if file else "sql"], problems, file)
    wrong = (*sql_mistakes(text), *(transaction_mistakes(text) if isinstance(value, Fields) else ()))
    for mistake in _known(wrong, newer):
        _note(mistake, placed, value if isinstance(value, Fields) else fields)


def _check_mapping(fields: Fields, keys: tuple[Key, ...], problems: Problems) -> None:
    """Certain mistakes only; what an expression means is for the server to say."""
    for key in keys:
        if key.name not in fields.values:
            continue
        value, node = fields.values[key.name], fields.nodes[key.name]
        if key.kind in (Kind.SQL, Kind.PAIRS):
            _check_expressions(node, problems)
        if key.most is not None and value > key.most:
            problems.add(*place(node), f"`{key.name}`: at most {key.most}; {key.why_most}")
        if key.names_table and read_name(value) is None:
            problems.add(*place(node), f"`{key.name}`: `{value[:60]}` is not the name of a table")


def _check_expressions(node: Node, problems: Problems) -> None:
    for each in [value for _, value in node.value] if isinstance(node, MappingNode) else [node]:
        mistake = certain_mistake(each.value) if isinstance(each, ScalarNode) else None
        if mistake and isinstance(each, ScalarNode):
            PlacedText(each.value, each, problems).problem(mistake.sentence, mistake.offset)
