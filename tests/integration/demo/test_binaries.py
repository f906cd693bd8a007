"""The wheel's programs are found, or a sentence says what to install."""

import importlib.util
import os
import shutil
from pathlib import Path

import pytest

from zdtui.demo import binaries
from zdtui.demo.account import server_account
from zdtui.demo.embedded import Cluster
from zdtui.errors import EmbeddedServerError


@pytest.mark.parametrize("major", [16, 18])
def test_both_versions_are_there(major: int) -> None:
    found = binaries.find_binaries(major)
    said = server_account().run([found.program("postgres"), "--version"], Path("/"))
    assert said.startswith(f"postgres (PostgreSQL) {major}.")


def test_a_missing_wheel_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EmbeddedServerError, match=r"pip install 'zdtui\[local\]'"):
        binaries.find_binaries(18)


def test_a_version_that_is_not_embedded_is_one_sentence() -> None:
    with pytest.raises(EmbeddedServerError, match="no embedded PostgreSQL 15; there is 16 and 18"):
        binaries.find_binaries(15)


def test_a_socket_path_that_is_too_long_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedServerError, match="too long"):
        Cluster.create(tmp_path / ("x" * 100), 18)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another account")
def test_programs_out_of_reach_are_copied_once(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hidden, cache = temporary / "root-only", temporary / "cache"
    wheel = binaries.find_binaries(18).folder.parent
    for folder in wheel.glob("*"):
        shutil.copytree(folder, hidden / wheel.name / folder.name, symlinks=True)
    hidden.chmod(0o700)
    monkeypatch.setattr(binaries, "CACHE", cache)
    monkeypatch.setattr(binaries, "_wheel_folder", lambda: hidden)
    copy = binaries.find_binaries(18)
    assert copy.folder.is_relative_to(cache)
    assert binaries.find_binaries(18) == copy
    assert len(list(cache.iterdir())) == 1
