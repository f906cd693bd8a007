"""A YAML text as nodes with their places, and the limits that keep a hostile file harmless.

The nodes are made straight from the parser's events: one pass, no recursion (which depth would kill), no resolving of
types that the plan format reads by itself. The parser is ruamel's C extension. Where it is missing (a Python without
a wheel for it) ruamel's own is used, which knows the same YAML 1.2 and takes ten times as long: a plan of 2 000 steps
then loads in about a second instead of a third of one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from zdtui.plan.problems import LINE_BREAK, Problems
from zdtui.plan.scalar import Scalar

DEEPEST = 20
MOST_NODES = 300_000
"""A plan of 2 000 steps has some 40 000."""
TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "map", "seq"))
NULLS = frozenset(["", "~", "null", "Null", "NULL"])


@dataclass(slots=True)
class Node:
    """Something with a place: 1-based line and column."""

    line: int
    column: int


@dataclass(slots=True)
class ScalarNode(Node):
    """A text, as YAML reads it, and where it is written."""

    value: str
    written: Scalar

    @property
    def is_null(self) -> bool:
        """Whether nothing was written, or YAML's word for it."""
        return not self.written.style and self.value in NULLS


@dataclass(slots=True)
class SequenceNode(Node):
    """A list."""

    value: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class MappingNode(Node):
    """Keys and values, in the order of the file, doubles and all."""

    value: list[tuple[Node, Node]] = field(default_factory=list)


class _NotForUs(Exception):
    """YAML that is allowed elsewhere, with its place."""

    def __init__(self, event: Event, sentence: str) -> None:
        super().__init__(sentence)
        self.place = _place_of(event)


def compose(text: str, problems: Problems) -> MappingNode | None:
    """The document's root mapping; None, with a problem noted, when the text is not one YAML mapping."""
    reader: Any = YAML(typ="safe", pure=False)
    try:
        documents = _compose(reader.parse(text))
    except _NotForUs as error:
        problems.add(*error.place, str(error))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problems.add(line, column, f"this is not YAML: {error.problem or error.context}")
    except (YAMLError, ValueError, RecursionError) as error:
        line, column = _place_of_unreadable(text)
        problems.add(line, column, f"this is not YAML: {' '.join(str(error).split())[:200]}")
    else:
        return _root(documents, problems)
    return None


def _place_of(event: Event) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _place_of_unreadable(text: str) -> tuple[int, int]:
    """Where the first character stands that YAML does not allow: the parser names none."""
    for number, line in enumerate(LINE_BREAK.split(text), 1):
        for column, character in enumerate(line, 1):
            if character < " " and character != "\t":
                return number, column
    return 1, 1


def _compose(events: Iterator[Event]) -> list[Node]:
    """The documents' roots; no more than two, since the second one is only needed to say that there is one."""
    documents: list[Node] = []
    open_nodes: list[tuple[Node, list[Node]]] = []
    for number, event in enumerate(events):
        if number > MOST_NODES:
            raise _NotForUs(event, f"more than {MOST_NODES} keys and values; that is no plan")
        node: Node | None = None
        if isinstance(event, ScalarEvent):
            node = _scalar(event)
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            _look_at(event)
            kind = MappingNode if isinstance(event, MappingStartEvent) else SequenceNode
            open_nodes.append((kind(*_place_of(event)), []))
            if len(open_nodes) > DEEPEST:
                raise _NotForUs(event, f"nested more than {DEEPEST} deep; that is no plan")
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            node = _closed(*open_nodes.pop())
        elif isinstance(event, AliasEvent):
            _look_at(event)
        if node is not None:
            (open_nodes[-1][1] if open_nodes else documents).append(node)
        if len(documents) > 1:
            break
    return documents


def _scalar(event: Any) -> ScalarNode:
    _look_at(event)
    value: str = event.value
    if not value.isprintable() and not _is_text(value):
        raise _NotForUs(event, "this holds a NUL or half a character, which no server takes")
    written = Scalar(event.start_mark.index, event.end_mark.index, event.style or "")
    return ScalarNode(*_place_of(event), value, written)


def _closed(node: Node, children: list[Node]) -> Node:
    if isinstance(node, MappingNode):
        node.value = list(zip(children[::2], children[1::2], strict=True))
    elif isinstance(node, SequenceNode):
        node.value = children
    return node


def _look_at(event: Any) -> None:
    """No references and no tags of other worlds."""
    if event.anchor:
        raise _NotForUs(event, "anchors and aliases (& and *) are not allowed in a plan: write it out")
    tag = event.tag if not isinstance(event, AliasEvent) else None
    if tag and tag != "!" and tag not in TAGS:
        raise _NotForUs(event, f"the tag {str(tag)[:60]} is not allowed in a plan")


def _is_text(value: str) -> bool:
    return not any(character == "\x00" or "\ud800" <= character <= "\udfff" for character in value)


def _root(documents: list[Node], problems: Problems) -> MappingNode | None:
    root = documents[0] if documents else None
    if root is None or (isinstance(root, ScalarNode) and root.is_null):
        problems.add(1, 1, "the file is empty; a plan begins with `zdtui: 1`")
    elif len(documents) > 1:
        problems.add(*place(documents[1]), "a plan is one YAML document; this is a second one")
    elif not isinstance(root, MappingNode):
        problems.add(*place(root), "a plan is a mapping of keys; it begins with `zdtui: 1`")
    else:
        return root
    return None


def items(node: Node | None) -> Iterator[Node]:
    """The items of a list; of anything else, itself."""
    if isinstance(node, SequenceNode):
        yield from node.value
    elif node is not None:
        yield node


def written_in(node: ScalarNode, text: str) -> Scalar:
    """Where a text is written that is the node's value, or all of it but the blanks around it."""
    return node.written if node.value == text else replace(node.written, left_out=max(0, node.value.find(text)))


def place(node: Node) -> tuple[int, int]:
    """1-based line and column of a node."""
    return node.line, node.column
