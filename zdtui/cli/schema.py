"""`zdtui schema`: the JSON Schema of a plan file."""

import click


@click.command()
def command() -> None:
    """Print the JSON Schema of a plan file, for editors that complete and check."""
    from zdtui.plan.schema import schema_text

    click.echo(schema_text(), nl=False)
