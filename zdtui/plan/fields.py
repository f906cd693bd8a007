"""Reading one mapping of the plan file by its table of keys; what is unknown, missing or misshapen is noted."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from zdtui.plan.address import parse_address
from zdtui.plan.keys import FORMAT_VERSION, TABLES, Key, Kind
from zdtui.plan.model import Window
from zdtui.plan.nodes import MappingNode, Node, ScalarNode, SequenceNode, place
from zdtui.plan.problems import Problems, did_you_mean
from zdtui.quantities import parse_duration, parse_size

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
LONGEST_NAME = 60
WINDOW = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])\s*[-–]\s*([01]?[0-9]|2[0-3]):([0-5][0-9])(?:\s*UTC)?\Z")
OFF = ("off", "false", "no", "none")


@dataclass
class Fields:
    """The values of one mapping, by key; what could not be read is not there."""

    node: Node
    values: dict[str, Any] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)

    def get(self, name: str, default: Any = None) -> Any:
        """The value, or the default when the key is not there or could not be read."""
        return self.values.get(name, default)

    def place(self, name: str) -> tuple[int, int]:
        """1-based line and column of the key's value, or of the mapping when it is not there."""
        return place(self.nodes.get(name, self.node))


def read_fields(node: Node, table: str, problems: Problems) -> Fields:
    """Read a mapping by the table of that name."""
    fields = Fields(node)
    if not isinstance(node, MappingNode):
        problems.add(*place(node), f"here belongs a mapping with {', '.join(key.name for key in TABLES[table])}")
        return fields
    keys = {key.name: key for key in TABLES[table]}
    for key_node, value_node in node.value:
        if problems.full:
            break
        _read_pair(fields, keys, key_node, value_node, table, problems)
    for key in TABLES[table]:
        if key.required and key.name not in fields.nodes:
            problems.add(*place(node), f"{_article(table)} needs `{key.name}`: {key.description}")
    return fields


def _read_pair(
    fields: Fields, keys: dict[str, Key], key_node: Node, value_node: Node, table: str, problems: Problems
) -> None:
    name = key_node.value[:60] if isinstance(key_node, ScalarNode) else ""
    key = keys.get(name)
    if key is None:
        sentence = f"{_article(table)} has no key `{name}`{did_you_mean(name, tuple(keys))}"
        problems.add(*place(key_node), sentence)
        return
    if name in fields.nodes:
        problems.add(*place(key_node), f"`{name}` is here for the second time")
        return
    fields.nodes[name] = value_node
    try:
        fields.values[name] = READERS[key.kind](value_node, key, problems)
    except _Misshapen as misshapen:
        problems.add(*place(misshapen.node or value_node), f"`{name}`: {misshapen}")
        fields.values.pop(name, None)


class _Misshapen(Exception):
    def __init__(self, sentence: str, node: Node | None = None) -> None:
        super().__init__(sentence)
        self.node = node


def _article(table: str) -> str:
    return {"plan": "a plan", "step": "a step"}.get(table, f"`{table}`")


def _text(node: Node, key: Key, problems: Problems) -> str:
    if not isinstance(node, ScalarNode):
        raise _Misshapen(f"here belongs {key.kind.value}")
    text = node.value
    if node.is_null or not text.strip():
        raise _Misshapen("is empty")
    return text


def _flat(node: Node, key: Key, problems: Problems) -> str:
    return _text(node, key, problems).strip()


def _address(node: Node, key: Key, problems: Problems) -> str:
    text = _flat(node, key, problems)
    try:
        parse_address(text)
    except ValueError as error:
        raise _Misshapen(str(error)) from None
    return text


def _name(node: Node, key: Key, problems: Problems) -> str:
    name = _flat(node, key, problems)
    if len(name) > LONGEST_NAME or not NAME.match(name):
        raise _Misshapen(f"`{name[:60]}` is no name; use up to 60 lower case letters, digits and dashes")
    return name


def _version(node: Node, key: Key, problems: Problems) -> int:
    """Called for the known version only: see `known_version`."""
    return int(_flat(node, key, problems))


def _duration(node: Node, key: Key, problems: Problems) -> timedelta:
    try:
        duration = parse_duration(_flat(node, key, problems))
    except ValueError as error:
        raise _Misshapen(str(error)) from None
    if key.positive and not duration:
        raise _Misshapen("must be more than nothing")
    return duration


def _count(node: Node, key: Key, problems: Problems) -> int:
    text = _flat(node, key, problems)
    if not re.fullmatch(r"[0-9]{1,12}", text):
        raise _Misshapen(f"`{text[:40]}` is not a whole number")
    if key.positive and int(text) == 0:
        raise _Misshapen("must be at least 1")
    return int(text)


def _limit_duration(node: Node, key: Key, problems: Problems) -> timedelta | None:
    return None if _flat(node, key, problems).lower() in OFF else _duration(node, key, problems)


def _limit_count(node: Node, key: Key, problems: Problems) -> int | None:
    return None if _flat(node, key, problems).lower() in OFF else _count(node, key, problems)


def _limit_size(node: Node, key: Key, problems: Problems) -> int | None:
    text = _flat(node, key, problems)
    if text.lower() in OFF:
        return None
    try:
        return parse_size(text)
    except ValueError as error:
        raise _Misshapen(str(error)) from None


def _windows(node: Node, key: Key, problems: Problems) -> tuple[Window, ...]:
    items = node.value if isinstance(node, SequenceNode) else (node,)
    return tuple(_window(item, key, problems) for item in items)


def _window(node: Node, key: Key, problems: Problems) -> Window:
    text = _flat(node, key, problems)
    found = WINDOW.match(text)
    if found is None:
        raise _Misshapen(f"`{text[:40]}` is not a time of day; write it like 22:00-06:00 (UTC)", node)
    from_hour, from_minute, to_hour, to_minute = map(int, found.groups())
    return Window(begins=from_hour * 60 + from_minute, ends=to_hour * 60 + to_minute)


def _choice(node: Node, key: Key, problems: Problems) -> str:
    word = _flat(node, key, problems)
    if "off" in key.choices:
        word = {"true": "on", "yes": "on", **dict.fromkeys(OFF, "off")}.get(word.lower(), word)
    if word not in key.choices:
        raise _Misshapen(f"`{word[:40]}` is not known{did_you_mean(word, key.choices)}")
    return word


def _texts(node: Node, key: Key, problems: Problems) -> tuple[str, ...]:
    if isinstance(node, SequenceNode):
        return tuple(_item(item, key, problems) for item in node.value)
    return (_flat(node, key, problems),)


def _item(node: Node, key: Key, problems: Problems) -> str:
    try:
        return _flat(node, key, problems)
    except _Misshapen as misshapen:
        raise _Misshapen(str(misshapen), node) from None


def _pairs(node: Node, key: Key, problems: Problems) -> tuple[tuple[str, str], ...]:
    if not isinstance(node, MappingNode) or not node.value:
        raise _Misshapen(f"here belongs {key.kind.value}")
    pairs: dict[str, str] = {}
    for name_node, value_node in node.value:
        name = _flat(name_node, key, problems)
        if name in pairs:
            raise _Misshapen(f"`{name[:60]}` is here for the second time", name_node)
        pairs[name] = _item(value_node, key, problems)
    return tuple(pairs.items())


def _reasons(node: Node, key: Key, problems: Problems) -> tuple[tuple[str, str], ...]:
    pairs = _pairs(node, key, problems)
    for rule, _ in pairs:
        if not NAME.match(rule):
            raise _Misshapen(f"`{rule[:60]}` is no name of a hazard; `zdtui explain` lists them")
    return pairs


def known_version(root: MappingNode, problems: Problems) -> bool:
    """Whether the file is in a format we know. If not, that is its only problem: nothing else is looked at."""
    for key_node, value_node in root.value:
        is_version = isinstance(key_node, ScalarNode) and key_node.value == "zdtui"
        if is_version and isinstance(value_node, ScalarNode) and value_node.value != str(FORMAT_VERSION):
            problems.add(
                *place(value_node),
                f"`zdtui`: version `{value_node.value[:20]}` of the format is not known here; "
                f"this zdtui reads version {FORMAT_VERSION}",
            )
            return False
    return True


def _object(node: Node, key: Key, problems: Problems) -> Fields | str:
    if key.or_text and isinstance(node, ScalarNode):
        return _text(node, key, problems)
    return read_fields(node, key.of, problems)


def _objects(node: Node, key: Key, problems: Problems) -> list[Fields]:
    if not isinstance(node, SequenceNode):
        raise _Misshapen("here belongs a list, each item beginning with a dash")
    if not node.value:
        raise _Misshapen("is empty")
    return [read_fields(item, key.of, problems) for item in node.value]


READERS: dict[Kind, Callable[[Node, Key, Problems], Any]] = {
    Kind.VERSION: _version,
    Kind.TEXT: _flat,
    Kind.NAME: _name,
    Kind.SQL: _text,
    Kind.ADDRESS: _address,
    Kind.FILE: _flat,
    Kind.DURATION: _duration,
    Kind.LIMIT_DURATION: _limit_duration,
    Kind.LIMIT_COUNT: _limit_count,
    Kind.COUNT: _count,
    Kind.LIMIT_SIZE: _limit_size,
    Kind.WINDOWS: _windows,
    Kind.CHOICE: _choice,
    Kind.TEXTS: _texts,
    Kind.COLUMNS: _texts,
    Kind.PAIRS: _pairs,
    Kind.REASONS: _reasons,
    Kind.OBJECT: _object,
    Kind.OBJECTS: _objects,
}
