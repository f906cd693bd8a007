"""A plan that was made: printed, or kept in a file that was not there before."""

from pathlib import Path

from zdtui.cli.say import say_whole


def hand_over(plan: str, output: str | None) -> str:
    """Print the plan, or write it into `output`; what to add to the sentence that tells of it: ' in FILE', or nothing.

    Raises ZdtuiError where something is there already: a plan may hold a day's work.
    """
    from zdtui.errors import ZdtuiError
    from zdtui.regular_file import put_in_place

    if output is None:
        say_whole(plan)
        return ""
    if Path(output).exists():
        raise ZdtuiError(f"{output} is there already; name another file, or remove it first")
    put_in_place(output, plan)
    return f" in {output}"
