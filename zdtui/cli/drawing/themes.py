"""The themes of the console by name: Textual's own, and none by default."""

from typing import Any

import click


def theme_names() -> tuple[str, ...]:
    """All there are, in the order of the alphabet."""
    from textual.theme import BUILTIN_THEMES

    return tuple(sorted(BUILTIN_THEMES))


def list_themes(context: click.Context, parameter: click.Parameter, value: str | None) -> Any:
    """`--theme list` prints the names and ends, without a plan and a database."""
    if value == "list":
        from zdtui.cli.say import say

        say("\n".join(theme_names()))
        context.exit()
    return value
