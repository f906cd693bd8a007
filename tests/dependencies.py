"""What zdtui and its tests need, as installed here: the lock file is made of it, and the licences are read from it.

`python -m tests.dependencies` prints constraints.txt; `make lock` writes it.
"""

import re
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

CHECKOUT = Path(__file__).parents[1]
HEAD = """\
# Every package that zdtui and its tests are installed with, made by `make lock`. pip takes these versions and no others:
# `make` installs with it. What people install is bounded in pyproject.toml.
"""


def name_of(name: str) -> str:
    """As package indexes compare names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def wanted() -> tuple[list[str], list[str]]:
    """What pyproject.toml asks for: to run, and to test."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))
    run = [
        *project["project"]["dependencies"],
        *(each for extra in project["project"]["optional-dependencies"].values() for each in extra),
    ]
    return run, project["dependency-groups"]["dev"]


def closure(asked: Iterable[str]) -> dict[str, Distribution]:
    """Everything that is installed because of these, by name. Raises PackageNotFoundError for what is not there."""
    found: dict[str, Distribution] = {}
    todo = [(Requirement(each), "") for each in asked]
    while todo:
        requirement, extra = todo.pop()
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = name_of(requirement.name)
        installed = distribution(name)
        extras = ["", *requirement.extras]
        if name in found and not requirement.extras:
            continue
        found[name] = installed
        todo += [(Requirement(each), one) for each in installed.requires or [] for one in extras]
    return found


def locked() -> dict[str, str]:
    """The versions in constraints.txt, by name."""
    lines = (CHECKOUT / "constraints.txt").read_text("utf-8").splitlines()
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {name_of(name): version for name, version in pairs}


def main() -> None:
    """Print the lock file."""
    run, test = wanted()
    sys.stdout.write(
        HEAD + "\n".join(f"{name}=={each.version}" for name, each in sorted(closure([*run, *test]).items())) + "\n"
    )


if __name__ == "__main__":
    main()
