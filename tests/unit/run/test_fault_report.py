"""A fault report can be sent by anybody to anybody: it holds places and kinds, and nothing of the database."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from zdtui.errors import TargetError
from zdtui.owned_tasks import Fault
from zdtui.run.model.fault_report import Circumstances, report_text, state_folder, write_report
from zdtui.run.model.faults import MEANS, Faults, Part

NOW = datetime(2026, 11, 28, 1, 2, 3, tzinfo=UTC)
SECRET = "s3cret-of-anna@example.org"


def raised(error: BaseException) -> BaseException:
    try:
        raise error from KeyError(SECRET)
    except BaseException as caught:  # noqa: BLE001 (any kind is wanted, with a traceback)
        return caught


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.mark.parametrize("kind", [ValueError, TargetError, RecursionError, MemoryError, UnicodeError])
def test_a_report_tells_types_places_and_kinds_and_no_message(kind: type[Exception]) -> None:
    text = report_text(raised(kind(SECRET)), Circumstances("performer", NOW, 180001, ((NOW, "step started"),)))
    assert SECRET not in text
    assert kind.__name__ in text
    assert "KeyError" in text
    assert "step started" in text
    assert "180001" in text
    assert "performer" in text


def test_a_deep_recursion_is_told_from_its_end() -> None:
    def deeper(depth: int) -> None:
        deeper(depth + 1)

    with pytest.raises(RecursionError) as caught:
        deeper(0)
    assert len(report_text(caught.value, Circumstances("performer", NOW)).splitlines()) < 100


def test_the_file_is_the_persons_own_and_new_each_time(home: Path) -> None:
    first, second = write_report("a", NOW, 1), write_report("b", NOW, 2)
    assert first.parent == home / "zdtui" == state_folder()
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert stat.S_IMODE(first.parent.stat().st_mode) == 0o700
    assert first.read_text() == "a"
    assert second.read_text() == "b"
    with pytest.raises(FileExistsError):
        write_report("c", NOW, 1)


def test_one_sentence_says_what_failed_what_that_means_and_where_the_report_is(home: Path) -> None:
    sentence = Faults().found(Fault(Part.LOCK_WATCH, raised(ValueError(SECRET))))
    (report,) = (home / "zdtui").iterdir()
    assert sentence.startswith("the console's lock watch failed (ValueError")
    assert MEANS[Part.LOCK_WATCH] in sentence
    assert str(report) in sentence
    assert SECRET not in sentence
    assert SECRET not in report.read_text()


def test_a_fault_that_comes_again_writes_one_report_and_many_kinds_write_a_few(home: Path) -> None:
    faults, error = Faults(), raised(ValueError())
    assert faults.found(Fault(Part.HEARTBEAT, error)) == faults.found(Fault(Part.HEARTBEAT, error))
    for number in range(30):
        kind = type(f"Kind{number}Error", (Exception,), {})
        assert "failed" in faults.found(Fault(Part.HEARTBEAT, raised(kind())))
    assert len(list((home / "zdtui").iterdir())) == 10


def test_where_no_report_can_be_written_the_sentence_says_so(home: Path) -> None:
    home.mkdir()
    (home / "zdtui").write_text("in the way")
    assert "no report could be written" in Faults().found(Fault(Part.ENGINE, ValueError()))


def test_every_part_says_what_its_failing_means() -> None:
    assert set(MEANS) == set(Part)
