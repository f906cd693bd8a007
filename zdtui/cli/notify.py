"""`zdtui notify`: who would be told, and whether it arrives."""

import click

from zdtui.cli.say import say, say_error


@click.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--test", is_flag=True, help="Send each of them a test notice, and say which took it.")
def command(names: tuple[str, ...], test: bool) -> None:
    """List the receivers that your config.toml names, or only NAME, with what each is told. No address is printed.

    Ends with 0, with 1 when --test is given and one of them did not take the notice, and with 2 when there is none.
    """
    from zdtui.configuration.settings import load_settings
    from zdtui.errors import ZdtuiError
    from zdtui.notify.notice import Trial
    from zdtui.notify.receivers import NOT_INSTALLED, exposed, receivers_of
    from zdtui.notify.sender import is_installed, send

    settings = load_settings()
    receivers, missing = receivers_of(settings).of_plan(names)
    if missing:
        raise ZdtuiError(missing)
    if not receivers.urls:
        raise ZdtuiError(f"{settings.where} names no receiver; add [notify.receivers] with a name and an address")
    if sentence := exposed(settings):
        say_error(sentence)
    if not test:
        kinds = ", ".join(sorted(receivers.on - {"test"}))
        for name in receivers.urls:
            say(f"{name}: {kinds}")
        return
    if not is_installed():
        raise ZdtuiError(NOT_INSTALLED)
    told = send(Trial(), receivers)
    for name, why in told.items():
        say(f"{name}: {why or 'took it'}")
    raise click.exceptions.Exit(1 if any(told.values()) else 0)
