"""`zdtui completion SHELL`: commands, options, plans, targets and themes, completed by Tab."""

import click

from zdtui.cli.say import say_ours


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print what makes SHELL complete zdtui: source it, or keep it where your shell looks for completions.

    bash: source <(zdtui completion bash). zsh: the same, after compinit. fish: zdtui completion fish | source.
    """
    from click.shell_completion import get_completion_class

    from zdtui.cli import cli

    of_shell = get_completion_class(shell)
    assert of_shell is not None
    made = of_shell(cli, {}, "zdtui", "_ZDTUI_COMPLETE")
    say_ours(made.source_template % made.source_vars())
