"""What completes a value: plans, targets of config.toml, themes. What goes wrong is silence."""

from collections.abc import Iterable

import click
from click.shell_completion import CompletionItem

from zdtui.errors import ZdtuiError


def plans(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Files of YAML by the shell's own rules, and shipped plans by name."""
    from zdtui.plan.shipped import shipped_plans

    found: Iterable[str] = ()
    try:
        found = shipped_plans()
    except ZdtuiError:
        found = ()
    return [CompletionItem(begun, type="file"), *_beginning(found, begun)]


def targets(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Targets that config.toml names."""
    from zdtui.configuration.settings import load_settings

    try:
        return _beginning(load_settings().targets, begun)
    except ZdtuiError:
        return []


def themes(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Every theme there is."""
    from zdtui.cli.drawing.themes import theme_names

    return _beginning(("list", *theme_names()), begun)


def _beginning(names: Iterable[str], begun: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in names if name.startswith(begun)]
