"""The themes of the console by name: Textual's own, and none by default."""

from typing import Any

import click


def theme_names() -> tuple[str, ...]:
    """All there are, in the order of the alphabet."""
    from textual.theme import BUILTIN_THEMES

    return tuple(sorted(BUILTIN_THEMES))


def known_theme(name: str, said_by: str) -> str:
    """The name, if it is a theme's. ZdtuiError, which begins with `said_by`, names those there are."""
    from zdtui.drawable import drawable
    from zdtui.errors import ZdtuiError
    from zdtui.plan.problems import did_you_mean

    names = theme_names()
    if name not in names:
        said = drawable(name)[:40]
        hint = did_you_mean(said, names)
        raise ZdtuiError(f"{said_by}: there is no theme `{said}`{hint}; there are {', '.join(names)}")
    return name


def list_themes(context: click.Context, parameter: click.Parameter, value: str | None) -> Any:
    """`--theme list` prints the names and ends, without a plan and a database."""
    if value == "list":
        from zdtui.cli.say import say

        say("\n".join(theme_names()))
        context.exit()
    return value
