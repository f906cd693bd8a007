"""The wheel as a stranger gets it: built, installed into an empty environment, and run far from the checkout."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from zdtui import __version__

CHECKOUT = Path(__file__).parents[2]
PATIENCE = 300.0
pytestmark = pytest.mark.timeout(600)


def run(*words: str | Path, cwd: Path) -> str:
    """What the program prints. A failure shows both of its streams."""
    done = subprocess.run(
        [str(word) for word in words], cwd=cwd, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, f"{words} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("built")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, CHECKOUT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder outside the checkout with an environment in which only the wheel and what it asks for is installed."""
    folder = tmp_path_factory.mktemp("elsewhere")
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    run(folder / "venv/bin/python", "-m", "pip", "install", "--quiet", wheel, cwd=folder)
    return folder


def test_the_version_is_told(elsewhere: Path) -> None:
    assert run("venv/bin/zdtui", "--version", cwd=elsewhere).split()[-1] == __version__


def test_a_shipped_plan_is_found_by_name_and_understood(elsewhere: Path) -> None:
    assert "split-user-name" in run("venv/bin/zdtui", "check", "split-user-name", cwd=elsewhere)


def test_every_plan_of_the_checkout_is_in_the_installation(elsewhere: Path) -> None:
    told = run(
        "venv/bin/python",
        "-c",
        "from zdtui.plan.shipped import plans_folder; print(plans_folder()); "
        "print(*sorted(path.name for path in plans_folder().iterdir()))",
        cwd=elsewhere,
    ).splitlines()
    assert Path(told[0]).is_relative_to(elsewhere)
    assert told[1].split() == sorted(path.name for path in (CHECKOUT / "plans").iterdir())


def test_the_console_can_be_opened_from_it(elsewhere: Path) -> None:
    told = run("venv/bin/python", "-c", "import screens.app; print(screens.app.__file__)", cwd=elsewhere)
    assert Path(told.strip()).is_relative_to(elsewhere)


def test_it_does_not_bring_the_embedded_server(elsewhere: Path) -> None:
    """A bastion host gets the console alone; the server is the extra `local`."""
    assert "pixeltable" not in run("venv/bin/python", "-m", "pip", "list", cwd=elsewhere)


@pytest.mark.parametrize("suffix", [".sql", ".tcss", ".schema.json", ".py", "py.typed"])
def test_every_file_that_is_needed_at_run_time_is_inside(wheel: Path, suffix: str) -> None:
    wanted = {
        path.relative_to(CHECKOUT).as_posix()
        for package in ("zdtui", "screens")
        for path in (CHECKOUT / package).rglob(f"*{suffix}")
    }
    assert wanted, f"the checkout has no *{suffix}"
    assert wanted <= set(zipfile.ZipFile(wheel).namelist())


def test_nothing_else_is_inside(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert tops == {"zdtui", "screens", f"zdtui-{__version__}.dist-info"}
    assert not any(set(name.split("/")) & {"tests", "docs", "benchmarks"} for name in zipfile.ZipFile(wheel).namelist())
