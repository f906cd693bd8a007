"""A plan that was made: printed, or kept in a file that was not there before."""

from zdtui.cli.say import say_whole


def hand_over(plan: str, output: str | None) -> str:
    """Print the plan, or write it into `output`; what to add to the sentence that tells of it: ' in FILE', or nothing.

    Raises FileError where something is there already: a plan may hold a day's work.
    """
    from zdtui.regular_file import put_new

    if output is None:
        say_whole(plan)
        return ""
    put_new(output, plan)
    return f" in {output}"
