"""Reading a plan's text and cutting it into YAML nodes, with the limits that keep a hostile file harmless."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import MappingEndEvent, MappingStartEvent, SequenceEndEvent, SequenceStartEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from zdtui.errors import PlanError
from zdtui.plan.problems import Problems, printable

LARGEST = 5 * 1024 * 1024
DEEPEST = 20


def read_text(path: str | Path, what: str = "plan") -> str:
    """The file's text. Raises PlanError with one sentence for anything that is not a readable text file."""
    file = Path(path)
    try:
        if file.is_dir():
            raise PlanError(f"{path} is a folder; name the {what} file in it")
        if file.stat().st_size > LARGEST:
            raise PlanError(f"{path} is larger than 5 MB; that is no {what}")
        data = file.read_bytes()
    except FileNotFoundError:
        raise PlanError(f"{path}: there is no such {what}; check the path") from None
    except OSError as error:
        raise PlanError(f"{path} cannot be read: {error.strerror or error}") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PlanError(f"{path} is not UTF-8 text (byte {error.start + 1}); is it a binary file?") from None
    if "\x00" in text:
        raise PlanError(f"{path} holds a NUL byte; is it a binary file?")
    return text.replace("\r\n", "\n")


def compose(text: str, problems: Problems) -> MappingNode | None:
    """The document's root mapping; None, with a problem noted, when the text is not one YAML mapping."""
    try:
        documents = _documents(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problems.add(line, column, f"this is not YAML: {error.problem or error.context}")
        return None
    except (YAMLError, ValueError, RecursionError) as error:
        problems.add(1, 1, f"this is not YAML: {' '.join(str(error).split())[:200]}")
        return None
    return _root(documents, problems)


def _depth(text: str) -> int:
    """How deep the text nests, found without recursion: composing recurses in C, where depth would crash us."""
    reader: Any = YAML(typ="safe", pure=False)
    depth = deepest = 0
    for event in reader.parse(text):
        if isinstance(event, MappingStartEvent | SequenceStartEvent):
            depth += 1
            deepest = max(deepest, depth)
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            depth -= 1
        if deepest > DEEPEST:
            break
    return deepest


def _documents(text: str) -> list[Node]:
    """At most two documents: the second one is only needed to say that there is one."""
    if _depth(text) > DEEPEST:
        raise ValueError(f"nested more than {DEEPEST} deep")
    reader: Any = YAML(typ="safe", pure=False)
    documents: list[Node] = []
    for node in reader.compose_all(text):
        documents.append(node)
        if len(documents) > 1:
            break
    return documents


def _root(documents: list[Node], problems: Problems) -> MappingNode | None:
    if not documents or documents[0] is None:
        problems.add(1, 1, "the file is empty; a plan begins with `zdtui: 1`")
        return None
    if len(documents) > 1:
        line, column = place(documents[1])
        problems.add(line, column, "a plan is one YAML document; this is a second one")
        return None
    root = documents[0]
    if not isinstance(root, MappingNode):
        problems.add(*place(root), "a plan is a mapping of keys; it begins with `zdtui: 1`")
        return None
    return root if _is_tame(root, problems) else None


def _is_tame(root: Node, problems: Problems) -> bool:
    """No aliases and no tags of other worlds. Walked without recursion, each node once."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            problems.add(*place(node), "anchors and aliases (& and *) are not allowed in a plan: write it out")
            return False
        seen.add(id(node))
        if not str(node.tag).startswith("tag:yaml.org,2002:"):
            problems.add(*place(node), f"the tag {printable(str(node.tag))[:60]} is not allowed in a plan")
            return False
        waiting.extend(_children(node))
    return True


def _children(node: Node) -> list[Node]:
    if isinstance(node, MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, SequenceNode) else []


def place(node: Node) -> tuple[int, int]:
    """1-based line and column of a node."""
    return node.start_mark.line + 1, node.start_mark.column + 1


def is_null(node: Node) -> bool:
    """Whether a key has nothing after it."""
    return isinstance(node, ScalarNode) and str(node.tag).endswith(":null")
