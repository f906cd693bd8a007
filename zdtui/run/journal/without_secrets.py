"""An event without passwords: what is written of a run is kept for ever and read by many. Pure."""

from collections.abc import Callable

from zdtui.run.model import events as e
from zdtui.sql.text.secrets import values_without_secrets


def without_secrets(event: e.Event, mask: Callable[[str], str]) -> e.Event:
    """The same event with passwords struck out of all its texts, the plan's whole text too.

    Digests stay those of the real texts: what was run can be told to be the same, and not what the password was.
    """
    changed = {name: clean for name, value in event if (clean := values_without_secrets(value, mask)) != value}
    return event.model_copy(update=changed) if changed else event
