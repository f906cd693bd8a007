"""Files beside a plan: none holds us up, none is more than it seems, and each that cannot be used is one sentence."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from screens.clipboard import copy
from screens.keymap import load_actions
from zdtui.errors import PlanError, TargetError, ZdtuiError
from zdtui.hazards.trace_file import kept_trace, trace_path
from zdtui.plan.load import load_plan
from zdtui.postgres.target.service_file import service_settings
from zdtui.regular_file import FileError, FileOutsideError, NoSuchFileError, lies_in, put_in_place, put_new, read_text

PLAN = (
    "zdtui: 1\nname: p\ntitle: T\nsteps:\n  - {id: a, title: A, phase: expand, sql: SELECT 1, rollback: {none: no}}\n"
)
FILED = PLAN.replace("sql: SELECT 1", "sql_file: it.sql")


def fifo(path: Path) -> None:
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.mkdir()


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def terminal(path: Path) -> None:
    path.symlink_to("/dev/tty")


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)


def binary(path: Path) -> None:
    path.write_bytes(b"\x7fELF\x00\xff")


def looped(path: Path) -> None:
    path.symlink_to(path.name)


def latin(path: Path) -> None:
    path.write_bytes("café".encode("latin-1"))


KINDS = (fifo, folder, endless, terminal, huge, binary, looped, latin)


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def kind(request: pytest.FixtureRequest) -> Callable[[Path], None]:
    made: Callable[[Path], None] = request.param
    return made


def test_a_file_of_any_kind_is_one_sentence(tmp_path: Path, kind: Callable[..., Any]) -> None:
    kind(tmp_path / "it")
    with pytest.raises(FileError) as refused:
        read_text(tmp_path / "it", "plan", largest=1 << 20)
    assert str(refused.value).startswith(str(tmp_path / "it"))
    assert "\n" not in str(refused.value)


def test_a_plan_and_its_sql_file_are_one_sentence(tmp_path: Path, kind: Callable[..., Any]) -> None:
    kind(tmp_path / "plan.yaml")
    with pytest.raises(PlanError):
        load_plan(tmp_path / "plan.yaml")
    other = tmp_path / "other.yaml"
    other.write_text(FILED)
    kind(tmp_path / "it.sql")
    with pytest.raises(PlanError, match=r"other\.yaml:5:\d+: .*it\.sql"):
        load_plan(other)


def test_a_trace_that_is_no_file_is_told_and_the_plan_goes_on(tmp_path: Path, kind: Callable[..., Any]) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN)
    kind(tmp_path / "plan.trace.json")
    trace, why = kept_trace(load_plan(file))
    assert trace is None
    assert " is not read: " in why


def test_a_trace_elsewhere_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    file = tmp_path / "plans" / "plan.yaml"
    file.write_text(PLAN)
    (tmp_path / "secret.json").write_text("{}")
    trace_path(str(file)).symlink_to(tmp_path / "secret.json")
    trace, why = kept_trace(load_plan(file))
    assert trace is None
    assert why == "plan.trace.json is not read: it is a link that leads out of the plan's folder"


def test_configuration_and_service_file_are_one_sentence(tmp_path: Path, kind: Callable[..., Any]) -> None:
    kind(tmp_path / "it")
    with pytest.raises(ZdtuiError):
        load_actions(tmp_path / "it")
    with pytest.raises(TargetError):
        service_settings("s", {"PGSERVICEFILE": str(tmp_path / "it")})


def test_what_is_copied_waits_for_no_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.delenv("TMUX", raising=False)
    (tmp_path / "zdtui").mkdir()
    os.mkfifo(tmp_path / "zdtui" / "copied.txt")

    class App:
        def copy_to_clipboard(self, text: str) -> None:
            pass

    assert "not saved" in copy(App(), "text")


@pytest.mark.parametrize("make", [fifo, folder, endless])
def test_nothing_is_written_to_what_is_no_file(tmp_path: Path, make: Callable[..., Any]) -> None:
    make(tmp_path / "it")
    with pytest.raises(FileError, match="not a regular file"):
        put_in_place(tmp_path / "it", "text")


def test_a_file_is_put_in_place_whole_with_its_mode_and_through_its_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_text("before")
    real.chmod(0o640)
    link.symlink_to("real")
    put_in_place(link, "after")
    assert link.is_symlink()
    assert real.read_text() == "after"
    assert real.stat().st_mode & 0o777 == 0o640
    put_in_place(tmp_path / "new", "text")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link", "new", "real"]


def test_where_a_file_lies_is_judged_after_its_links(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (outside / "a").write_text("")
    (inside / "b").write_text("")
    (inside / "link").symlink_to("../out/a")
    (inside / "near").symlink_to("b")
    (inside / "up").symlink_to("..")
    assert lies_in(inside, inside / "b")
    assert lies_in(inside, inside / "near")
    assert not lies_in(inside, inside / "link")
    assert not lies_in(inside, inside / "up" / "out" / "a")
    assert not lies_in(inside, inside / ".." / "out" / "a")
    assert not lies_in(inside, tmp_path / "inner")


@pytest.mark.parametrize("swapped", ["a/b/it", "a/b", "a"])
def test_a_link_that_is_put_there_after_the_look_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, swapped: str
) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    for each in (inside, outside):
        (each / "a/b").mkdir(parents=True)
        (each / "a/b/it").write_text(each.name)
    assert read_text(inside / "a/b/it", "plan", largest=9, inside=inside) == "in"
    look = os.path.realpath

    def swap_after(path: Any) -> str:
        found: str = look(path)
        if str(path).endswith("it"):
            (inside / swapped).rename(inside / "before")
            (inside / swapped).symlink_to(outside / swapped)
        return found

    monkeypatch.setattr(os.path, "realpath", swap_after)
    with pytest.raises(FileError):
        read_text(inside / "a/b/it", "plan", largest=9, inside=inside)


def test_a_file_has_to_lie_in_the_folder_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").write_text("out")
    (tmp_path / "in/link").symlink_to("../out")
    (tmp_path / "in/near").symlink_to("it")
    (tmp_path / "in/it").write_text("in")
    for path in ("in/link", "out", "in/../out", "in", "none"):
        with pytest.raises(FileOutsideError):
            read_text(tmp_path / path, "plan", largest=9, inside=tmp_path / "in")
    assert read_text(tmp_path / "in/near", "plan", largest=9, inside=tmp_path / "in") == "in"
    with pytest.raises(NoSuchFileError):
        read_text(tmp_path / "in/none", "plan", largest=9, inside=tmp_path / "in")


def test_a_file_that_is_not_there_is_told_from_one_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(NoSuchFileError):
        read_text(tmp_path / "no", "plan", largest=10)


def test_an_endless_standard_input_ends_in_a_sentence() -> None:
    with open("/dev/zero", "rb") as zeroes:
        done = subprocess.run(
            [sys.executable, "-m", "zdtui", "check", "-"], stdin=zeroes, capture_output=True, text=True, check=False
        )
    assert done.returncode == 2
    assert done.stderr == "zdtui: the standard input is larger than 5 MB; that is no migration\n"


def test_a_new_file_is_never_put_over_one_that_came_meanwhile(tmp_path: Path) -> None:
    put_new(tmp_path / "plan", "ours")
    with pytest.raises(FileError, match="is there already; name another file"):
        put_new(tmp_path / "plan", "another")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileError, match="is there already"):
        put_new(tmp_path / "link", "through a link to what is not there")
    assert (tmp_path / "plan").read_text() == "ours"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link", "plan"]
