"""The verdict: one word, why, with the figure, and what can be done next. Is it safe?"""

from screens.look import Look
from screens.rows import Row, Span, row
from screens.scene import Scene
from screens.text import cut, drawable, width_of
from zdtui.run.decisions.snapshot import VerdictWord

LOOKS = {
    VerdictWord.READY: Look.GOOD,
    VerdictWord.RUNNING: Look.GOOD,
    VerdictWord.THROTTLED: Look.WARN,
    VerdictWord.BLOCKED: Look.LOUD,
    VerdictWord.ARMED: Look.LOUD,
    VerdictWord.HELD: Look.LOUD,
    VerdictWord.STALLED: Look.LOUD,
    VerdictWord.FAILED: Look.LOUD,
    VerdictWord.LOST: Look.LOUD,
    VerdictWord.OBSERVING: Look.STRONG,
    VerdictWord.FINISHED: Look.GOOD,
}
ADVICE_BESIDE = 160
"""Columns from which on the advice stands beside the reason: below, one would cut the other."""


def verdict_rows(scene: Scene) -> list[Row]:
    """One row where there is room for the advice beside the reason, else two."""
    verdict = scene.snapshot.verdict
    word = Span(f" {verdict.word.upper()} ", LOOKS[verdict.word])
    reason, advice = drawable(verdict.reason), drawable(scene.message or verdict.advice)
    look = Look.STRONG if scene.message else Look.QUIET
    room = scene.width - width_of(word.text) - 1
    if scene.width >= ADVICE_BESIDE:
        short = cut(reason, max(20, room - width_of(advice) - 4))
        return [row(word, " ", short, Span(cut(f"  → {advice}", room - width_of(short)), look))]
    return [row(word, " ", cut(reason, room)), row(Span(cut(f" → {advice}", scene.width), look))]
