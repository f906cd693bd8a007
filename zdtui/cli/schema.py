"""`zdtui schema`: the JSON Schema of a plan file."""

import click

from zdtui.cli.say import say_ours


@click.command()
def command() -> None:
    """Print the JSON Schema of a plan file, for editors that complete and check."""
    from zdtui.plan.schema import schema_text

    say_ours(schema_text())
