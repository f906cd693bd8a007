"""Where the configuration is, and reading it: `$XDG_CONFIG_HOME/zdtui/config.toml`, or in `~/.config`."""

import os
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
    """What the file says; empty where there is none. Raises ZdtuiError, with the line, where it is no TOML."""
    try:
        text = read_text(path, "configuration", largest=LARGEST)
    except NoSuchFileError:
        return {}
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ZdtuiError(f"{path} is not TOML: {error}") from None
    except RecursionError:
        raise ZdtuiError(f"{path} is not TOML: it is nested too deeply") from None
