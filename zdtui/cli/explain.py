"""`zdtui explain [RULE]`: what a hazard is, what it does to the application, and the better way."""

import click

from zdtui.cli.say import say_ours


@click.command()
@click.argument("rule", required=False)
@click.option("--write", metavar="FOLDER", help="Write every page as Markdown into that folder, for the documentation.")
def command(rule: str | None, write: str | None) -> None:
    """Explain the hazard RULE with a bad and a good example; without RULE list all of them."""
    from zdtui.hazards.explain import overview, page, rule_named

    if write is not None:
        _write(write)
    elif rule is None:
        say_ours(overview())
    else:
        say_ours(page(rule_named(rule)))


def _write(folder: str) -> None:
    from pathlib import Path

    from zdtui.errors import ZdtuiError
    from zdtui.hazards.explain import index, page
    from zdtui.hazards.rules import RULES
    from zdtui.regular_file import put_in_place

    try:
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        put_in_place(target / "README.md", index())
        for rule in RULES:
            put_in_place(target / f"{rule.name}.md", page(rule))
    except OSError as error:
        raise ZdtuiError(f"{folder} cannot be written to: {error.strerror}; name another folder") from None
