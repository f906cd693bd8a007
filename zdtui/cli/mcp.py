"""`zdtui mcp`: agents draft, check, read and propose, over the Model Context Protocol on the standard streams."""

import click

from zdtui.cli.options import database_if_named
from zdtui.cli.say import say_error


@click.command()
@database_if_named
@click.option(
    "--root", default=".", show_default=True, metavar="DIR", help="The folder that agents read and write proposals in."
)
@click.option("--on-behalf-of", metavar="NAME", help="The person, for the journal of calls; by default you@host.")
def command(dsn: str | None, root: str, on_behalf_of: str | None) -> None:
    """Serve agents on the standard streams until the client closes them.

    An agent may draft, check and read, and put a proposal into DIR/proposals. No tool runs anything, and no tool takes
    SQL that reaches a server. With --dsn or --target the catalog is read in one read-only session, and never a row.
    """
    from zdtui.errors import ZdtuiError

    try:
        from zdtui.agents.serve import serve
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("mcp", "mcp_types"):
            raise
        raise ZdtuiError("`zdtui mcp` needs an extra: install it with `pip install 'zdtui[mcp]'`") from None
    from zdtui.agents.calls import CallJournal
    from zdtui.agents.database import Database
    from zdtui.agents.offered import Desk
    from zdtui.agents.root import Root
    from zdtui.agents.tool import Workplace
    from zdtui.postgres.target.target import Target
    from zdtui.run.model.fault_report import state_folder
    from zdtui.run.model.operator import operator_name

    target = None if dsn is None else Target(conninfo=dsn)
    place = Workplace(Root(root), None if target is None else Database(target))
    calls = CallJournal(state_folder() / "agents.jsonl").made()
    secrets = () if target is None else target.secrets()
    serve(Desk(place, calls, on_behalf_of or operator_name(), say_error, secrets))
