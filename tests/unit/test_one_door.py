"""Every text leaves through one door: what prints stands in one module, what draws takes only what was made safe."""

import ast
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
SOURCES = sorted(path for room in ("zdtui", "screens") for path in (CHECKOUT / room).rglob("*.py"))
DOORS = {
    "zdtui/cli/say.py": {"click.echo", "click.prompt", "click.style", "sys.stdout", "sys.stderr"},
    "zdtui/cli/__init__.py": {"sys.stdout", "sys.stderr"},  # flushed and given away, never written
    "zdtui/cli/drawing/terminal.py": {"sys.__stdout__", "sys.__stderr__"},  # asked whether they are a terminal
    "zdtui/cli/reachable.py": {"getpass.getpass"},  # whose prompt is drawable
    "zdtui/cli/hang_up.py": {"os.write"},  # our own bytes, which put the terminal right
    "zdtui/demo/traffic.py": {"sys.stdout"},  # a program of its own: its output is read by us
    "zdtui/notify/deliver.py": {
        "sys.stdout",
        "sys.stderr",
        ".notify",
    },  # a process of its own: its output is read by us
    "zdtui/glossary.py": {"sys.stdout"},  # the page of docs, of our own words
    "screens/lines.py": {"Segment"},  # takes Drawable
    "screens/terminal/notifier.py": {"os.write"},  # the title, which is Drawable
    "screens/dialogs/frame/base.py": {"Static"},  # a mark of ours
    "screens/dialogs/frame/field.py": {"super().insert_text_at_cursor"},  # as typed, without what is not seen
}
WRITES = frozenset(
    [
        *("print", "input", "click.echo", "click.secho", "click.style", "click.prompt", "click.confirm", "click.pause"),
        *("sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__", "os.write", "os.writev"),
        *("getpass.getpass", "warnings.warn", "traceback.print_exc", "traceback.print_exception"),
        *("logging.basicConfig", "logging.StreamHandler", "faulthandler.enable"),
        *("Segment", "Static", "Label", "Content", "Text", "Markdown", "RichLog", "Log", "Digits"),
        *("super().insert_text_at_cursor", "Console.print", "Strip.from_lines"),
    ]
)
"""What can give a terminal a text."""
CALLED = frozenset({"notify", "write_line", "set_title"})
"""Methods that would, whatever they are called on."""
DRAWN = frozenset({"border_title", "border_subtitle", "sub_title", "tooltip", "placeholder"})
"""Attributes and arguments that Textual draws, most of them as markup."""


def spoken(node: ast.expr) -> str:
    """A name as it is written: 'click.echo', 'super().x'."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            return f"{spoken(value)}.{name}"
        case ast.Call(func=ast.Name(id="super")):
            return "super()"
        case _:
            return "?"


def ways_out(tree: ast.Module) -> set[str]:
    """Everything in a module that can give a terminal a text."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and spoken(node) in WRITES:
            found.add(spoken(node))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CALLED:
            found.add(f".{node.func.attr}")
        if isinstance(node, ast.Attribute) and node.attr in DRAWN:
            found.add(f".{node.attr}")
        if isinstance(node, ast.keyword) and node.arg in DRAWN:
            found.add(f"{node.arg}=")
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(CHECKOUT).as_posix())
def test_only_the_doors_print_or_draw(path: Path) -> None:
    name = path.relative_to(CHECKOUT).as_posix()
    imported = {"Segment", "Static", "Label", "Content", "Text"}
    tree = ast.parse(path.read_text("utf-8"))
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    found = {each for each in ways_out(tree) if each not in imported or each in names}
    assert found - DOORS.get(name, set()) == set(), "print through zdtui/cli/say.py, draw through screens/rows.py"


def test_every_door_is_still_one() -> None:
    for name, ways in DOORS.items():
        found = ways_out(ast.parse((CHECKOUT / name).read_text("utf-8")))
        assert ways <= found, name


def test_a_way_out_is_found() -> None:
    for text in (
        "print(x)",
        "click.echo(x)",
        "sys.stderr.write(x)",
        "self.notify(x)",
        "a.border_title = x",
        "f(tooltip=x)",
    ):
        assert ways_out(ast.parse(text)), text
