"""A rehearsal in the console: the console of a run, with a banner that says it is none."""

from zdtui.cli.drawing.terminal import needs_terminal
from zdtui.cli.rehearsing.lines import PASSED
from zdtui.cli.say import say_error
from zdtui.errors import ZdtuiError
from zdtui.evidence.model import Evidence
from zdtui.plan.model import Plan
from zdtui.postgres.target.target import Target
from zdtui.rehearse.on_screen import OnScreen
from zdtui.rehearse.rehearsal import Wishes, rehearse


def rehearsed_in_console(plan: Plan, target: Target, wishes: Wishes, *, pass_manual: bool) -> Evidence:
    """Open the console on it, and give back what came of it. Raises ZdtuiError where nothing did.

    What a person has to do by hand, they confirm there.
    """
    from screens.app import ConsoleApp
    from zdtui.cli.hang_up import ENGINE_GRACE, HangUp
    from zdtui.cli.run import settled
    from zdtui.configuration.settings import load_settings

    needs_terminal()
    drawing = settled(None, load_settings())
    on_screen = OnScreen(plan, target, PASSED if pass_manual else None)
    on_screen.rehearse = lambda: rehearse(plan, target, wishes, on_screen)
    app = ConsoleApp(
        on_screen, theme=drawing.theme, ascii_only=drawing.ascii_only, zone=drawing.zone, signs=drawing.signs
    )
    on_screen.say = app.say_first
    with HangUp(on_screen, leave=app.leave) as hang_up:
        on_screen.start()
        with hang_up.screen():
            app.run(mouse=drawing.mouse)
        app.give_terminal_back()
        if not on_screen.overdue:
            on_screen.stop("the console was closed", force=True)
            on_screen.join(ENGINE_GRACE)
    for sentence in app.said_first:
        say_error(sentence)
    if on_screen.evidence is None:
        raise ZdtuiError(on_screen.failure.message if on_screen.failure is not None else "the rehearsal was left")
    return on_screen.evidence
