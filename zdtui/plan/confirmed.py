"""What of a step is confirmed by a person, as text, and the digests it is known by. Pure."""

import hashlib
from collections.abc import Iterable
from typing import assert_never

from zdtui.plan.model import Irreversible, NoRollback, SqlRollback, Step


def forward_text(step: Step) -> str:
    """The step's action as text: SQL to the letter, or words where there is no SQL."""
    return step.action.confirm_text()


def back_text(step: Step) -> str:
    """What undoes the step, to the letter, or why nothing does."""
    match step.rollback:
        case SqlRollback(sql=sql):
            return sql
        case NoRollback(reason=reason):
            return f"nothing to undo: {reason}"
        case Irreversible(consequence=consequence):
            return f"irreversible: {consequence}"
        case _ as never:
            assert_never(never)


def digest(texts: Iterable[str]) -> str:
    """SHA-256 in hex over texts; what a command carries to prove which text was on the screen."""
    joined = hashlib.sha256()
    for text in texts:
        joined.update(len(text.encode()).to_bytes(8, "big"))
        joined.update(text.encode())
    return joined.hexdigest()


def forward_digest(step: Step) -> str:
    """Of the step's shown text and of its verify queries."""
    return digest([forward_text(step), *step.verify])


def back_digest(step: Step) -> str:
    """Of what undoes it."""
    return digest([back_text(step)])


def text_digest(step: Step) -> str:
    """Of all the step would send, either way: a hazard is taken on for that text, and a rehearsal proves it."""
    return digest([forward_digest(step), back_digest(step)])
