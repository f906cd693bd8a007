"""Where the plans that come with zdtui are: beside the package in a checkout, inside it in an installed wheel."""

from pathlib import Path

from zdtui.drawable import drawable
from zdtui.errors import PlanError
from zdtui.plan.problems import did_you_mean

PACKAGE = Path(__file__).parents[1]


def plans_folder() -> Path:
    """The folder of shipped plans. Raises PlanError when this installation has none."""
    for folder in (PACKAGE / "plans", PACKAGE.parent / "plans"):
        if any(folder.glob("*.yaml")):
            return folder
    raise PlanError("this installation of zdtui has no plans of its own; name a plan file")


def shipped_plans() -> tuple[str, ...]:
    """Names of the shipped plans, in order of the alphabet."""
    return tuple(sorted(path.stem for path in plans_folder().glob("*.yaml")))


def find_plan(name_or_path: str) -> str:
    """The path of a plan file: one that exists, or the shipped plan of that name.

    Raises PlanError with the near miss when it is neither.
    """
    path = Path(name_or_path)
    if path.is_file() or path.suffix or path.name != name_or_path:
        return name_or_path
    names = shipped_plans()
    if name_or_path in names:
        return str(plans_folder() / f"{name_or_path}.yaml")
    said = drawable(name_or_path)[:60]
    raise PlanError(f"`{said}` is neither a file here nor a plan that comes with zdtui{did_you_mean(said, names)}")
