"""`zdtui man`: the manual page, made of the help of every command, so that it says nothing else."""

from collections.abc import Iterator

import click

from zdtui.cli.say import say_ours

FILES = (
    ("$XDG_CONFIG_HOME/zdtui/config.toml", "Theme, targets, keys, receivers of notices; see docs/operating.md."),
    ("$XDG_STATE_HOME/zdtui", "Reports of faults inside zdtui."),
)
CODES = (
    ("0", "Done, or left by the operator."),
    ("1", "A finding that says stop, or a failure inside zdtui."),
    ("2", "Bad input, or a database that cannot be used: one sentence says what, where and what to do."),
    ("3, 4, 5, 6", "Of status --exit-code: a run waits, works, is held, has failed or is in doubt."),
    ("129, 130, 143", "After a hang-up, an interrupt, a SIGTERM."),
)


@click.command()
def command() -> None:
    """Print the manual page, made of the help: zdtui man | man -l - shows it."""
    say_ours(manual())


def manual() -> str:
    """The whole page, as troff's man macros have it."""
    from zdtui import __version__
    from zdtui.cli import cli

    lines = [f'.TH ZDTUI 1 "" "zdtui {__version__}" "User Commands"', ".SH NAME", f"zdtui \\- {_text(_first(cli))}"]
    lines += [".SH SYNOPSIS", ".B zdtui", "[COMMAND] [OPTION]...", ".SH DESCRIPTION", _text(_paragraphs(cli)[0])]
    context = click.Context(cli, info_name="zdtui")
    lines.append(".SH COMMANDS")
    for name in cli.list_commands(context):
        found = cli.get_command(context, name)
        assert found is not None
        lines += _command(name, found, context)
    lines += [".SH FILES", *_listed(FILES), ".SH EXIT STATUS", *_listed(CODES)]
    return "\n".join(lines) + "\n"


def _command(name: str, command: click.Command, parent: click.Context) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=parent)
    usage = " ".join(command.collect_usage_pieces(context))
    yield f".SS {_text(f'zdtui {name} {usage}')}"
    first, *rest = _paragraphs(command)
    yield _text(first)
    for each in rest:
        yield from (".PP", _text(each))
    for parameter in command.params:
        record = parameter.get_help_record(context)
        if record is not None:
            yield from (".TP", f".B {_text(record[0])}", _text(record[1]) or "\\&")


def _listed(pairs: tuple[tuple[str, str], ...]) -> Iterator[str]:
    for name, meaning in pairs:
        yield from (".TP", f".B {_text(name)}", _text(meaning))


def _paragraphs(command: click.Command) -> list[str]:
    return [" ".join(each.split()) for each in (command.help or "").split("\n\n")] or [""]


def _first(command: click.Command) -> str:
    return _paragraphs(command)[0].rstrip(".").lower()


def _text(text: str) -> str:
    """A line of text that troff takes as text."""
    safe = " ".join(text.split()).replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{safe}" if safe.startswith((".", "'")) else safe
