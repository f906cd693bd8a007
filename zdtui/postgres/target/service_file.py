"""What a service of libpq's service file sets: needed to know what a person has chosen already."""

import configparser
import os
from collections.abc import Mapping
from pathlib import Path

from zdtui.errors import TargetError
from zdtui.regular_file import FileError, NoSuchFileError, read_text

LARGEST = 1024 * 1024
"""Bytes."""


def service_settings(name: str, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The settings of service `name`; empty when no file defines it (libpq itself then complains).

    Looks where libpq looks: PGSERVICEFILE or ~/.pg_service.conf, then PGSYSCONFDIR/pg_service.conf.
    TargetError when one of them is no regular file that can be read: libpq would wait for a pipe without an end.
    """
    for path in _files(environment):
        parser = configparser.ConfigParser(interpolation=None, strict=False, delimiters=("=",), comment_prefixes=("#",))
        try:
            parser.read_string(read_text(path, "service file", largest=LARGEST))
        except NoSuchFileError:
            continue
        except FileError as error:
            raise TargetError(str(error)) from None
        except configparser.Error:
            continue
        if parser.has_section(name):
            return dict(parser.items(name))
    return {}


def _files(environment: Mapping[str, str]) -> list[Path]:
    own = environment.get("PGSERVICEFILE")
    files = [Path(own) if own else Path(environment.get("HOME", "~")).expanduser() / ".pg_service.conf"]
    if system := environment.get("PGSYSCONFDIR"):
        files.append(Path(system) / "pg_service.conf")
    return files
