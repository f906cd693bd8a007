"""`zdtui notify`: who would be told, and whether it arrives."""

from typing import TYPE_CHECKING

import click

from zdtui.cli.say import say

if TYPE_CHECKING:
    from zdtui.configuration.settings import Settings
    from zdtui.notify.receivers import Receivers


@click.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--test", is_flag=True, help="Send each of them a test notice, and say which took it.")
def command(names: tuple[str, ...], test: bool) -> None:
    """List the receivers of your config.toml, or those of these names. Their addresses are never printed.

    With --test it ends with 1 when one of them did not take the notice.
    """
    from zdtui.configuration.settings import load_settings
    from zdtui.errors import ZdtuiError
    from zdtui.notify.notice import Trial
    from zdtui.notify.sender import send, why_nothing_is_sent

    settings = load_settings()
    receivers, missing = receivers_of(settings).of_plan(names)
    if missing:
        raise ZdtuiError(missing)
    if not receivers.urls:
        raise ZdtuiError(f"{settings.where} names no receiver; add [notify.receivers] with a name and an address")
    if not test:
        kinds = ", ".join(sorted(receivers.on - {"test"}))
        for name in receivers.urls:
            say(f"{name}: {kinds}")
        return
    if why := why_nothing_is_sent(receivers):
        raise ZdtuiError(why)
    told = send(Trial(), receivers)
    for name, why in told.items():
        say(f"{name}: {why or 'took it'}")
    raise click.exceptions.Exit(1 if any(told.values()) else 0)


def receivers_of(settings: "Settings") -> "Receivers":
    """Who is told, by the configuration."""
    from zdtui.notify.notice import Kind
    from zdtui.notify.receivers import USUAL, Receivers

    on = USUAL if settings.told_on is None else frozenset(Kind(each) for each in settings.told_on)
    return Receivers(settings.receivers, on)
