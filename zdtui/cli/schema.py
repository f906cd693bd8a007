"""`zdtui schema`: the JSON Schema of a plan file, of what `status`, `report` and `usage` print, and of evidence."""

import click

from zdtui.cli.say import say_ours


@click.command()
@click.argument("document", type=click.Choice(["plan", "status", "report", "usage", "evidence"]), default="plan")
def command(document: str) -> None:
    """Print the JSON Schema of a plan file, of what `status`, `report` or `usage` print with --json, or of evidence.

    Editors complete and check a plan by it. Evidence is what a rehearsal leaves beside its plan.
    """
    if document == "plan":
        from zdtui.plan.schema import schema_text

        say_ours(schema_text())
    elif document == "evidence":
        from zdtui.evidence.file import SCHEMA_FILE

        say_ours(SCHEMA_FILE.read_text("utf-8"))
    else:
        from zdtui.run.journal.documents.written import schema_file

        say_ours(schema_file(document).read_text("utf-8"))
