"""`zdtui schema`: the JSON Schema of a plan file, and of what `status` and `report` print as JSON."""

import click

from zdtui.cli.say import say_ours


@click.command()
@click.argument("document", type=click.Choice(["plan", "status", "report"]), default="plan")
def command(document: str) -> None:
    """Print the JSON Schema of a plan file, for editors; or of what `status --json` or `report --json` print."""
    if document == "plan":
        from zdtui.plan.schema import schema_text

        say_ours(schema_text())
    else:
        from zdtui.run.journal.documents.written import schema_file

        say_ours(schema_file(document).read_text("utf-8"))
