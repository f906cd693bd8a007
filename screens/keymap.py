"""The operator's own keys: `[keys]` in $XDG_CONFIG_HOME/zdtui/config.toml. Pause, quit and help stay where they are."""

from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from screens.actions import ACTIONS, Action
from screens.text import drawable
from zdtui.configuration.file import config_file, read_table
from zdtui.errors import ZdtuiError


def load_actions(file: Path | None = None) -> tuple[Action, ...]:
    """The registry with the operator's keys. Raises ZdtuiError with one sentence for a file that cannot be used."""
    path = file or config_file()
    return rebound(read_table(path).get("keys", {}), str(path))


def rebound(keys: object, where: str) -> tuple[Action, ...]:
    """The registry with these keys: a mapping of action id to key. Raises ZdtuiError, naming the near miss."""
    if not isinstance(keys, dict) or not all(isinstance(key, str) and key for key in keys.values()):
        raise ZdtuiError(f'{where}: [keys] maps actions to keys, such as note = "N"')
    known = {each.id: each for each in ACTIONS}
    for name in keys:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ZdtuiError(f"{where}: there is no action {drawable(name)[:40]}{hint}")
        if not known[name].rebindable:
            raise ZdtuiError(f"{where}: {name} cannot be rebound, so that its key works on every console")
    new = tuple(replace(each, key=keys[each.id], shown="") if each.id in keys else each for each in ACTIONS)
    taken: dict[str, str] = {}
    for each in new:
        if each.key in taken:
            raise ZdtuiError(f"{where}: {each.key} is given to both {taken[each.key]} and {each.id}")
        taken[each.key] = each.id
    return new
