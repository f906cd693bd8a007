"""Where the configuration is, and reading it: `$XDG_CONFIG_HOME/zdtui/config.toml`, or in `~/.config`."""

import os
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zdtui.errors import ZdtuiError
from zdtui.regular_file import NoSuchFileError, read_text

LARGEST = 1024 * 1024
"""Bytes."""


def config_file() -> Path:
    """Where the configuration is looked for."""
    base = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return Path(base) / "zdtui" / "config.toml"


def read_table(path: Path) -> Mapping[str, Any]:
    """What the file says; empty where there is none.

    Raises ZdtuiError, with the line, where it is no TOML, and where somebody else could have written it.
    """
    try:
        text = read_text(path, "configuration", largest=LARGEST)
        _refuse_a_strangers(os.stat(path), path, os.geteuid())
    except (NoSuchFileError, FileNotFoundError):
        return {}
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ZdtuiError(f"{path} is not TOML: {error}") from None
    except RecursionError:
        raise ZdtuiError(f"{path} is not TOML: it is nested too deeply") from None


def _refuse_a_strangers(status: os.stat_result, path: Path, user: int) -> None:
    """Who writes it says which database `production` is, and where notices go. Root, as by sudo, trusts every owner."""
    if user != 0 and status.st_uid not in (0, user):
        raise ZdtuiError(f"{path} belongs to another user, who could name other databases in it: make a copy your own")
    if status.st_mode & stat.S_IWOTH:
        raise ZdtuiError(f"{path} can be written by everybody on this machine: check it, then chmod o-w {path}")


def is_read_by_others(path: Path) -> bool:
    """Whether more than its owner may read the file; not where there is none."""
    try:
        return bool(os.stat(path).st_mode & (stat.S_IRGRP | stat.S_IROTH))
    except OSError:
        return False
