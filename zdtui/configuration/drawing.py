"""How the console is drawn: the command line goes before the configuration, and that before the terminal. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from zdtui.configuration.settings import Settings
from zdtui.drawable import drawable
from zdtui.errors import ZdtuiError
from zdtui.plan.problems import did_you_mean


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line says; None is left open."""

    mouse: bool | None = None
    ascii_only: bool | None = None
    theme: str | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """How it is done."""

    mouse: bool
    ascii_only: bool
    theme: str | None
    """None: the terminal's own colours."""
    zone: ZoneInfo | None
    """Shown beside UTC."""
    signs: tuple[str, ...]
    """What the terminal itself is given with a notice."""


def drawing_of(wishes: Wishes, settings: Settings, *, plain: bool, themes: Callable[[], Sequence[str]]) -> Drawing:
    """What was wished for, and what was left open by the settings. Raises ZdtuiError for a theme that there is not.

    `plain` says that the terminal knows ASCII alone; `themes`, asked for only where one is named, are those there are.
    """
    said_by = "--theme" if wishes.theme is not None else f"{settings.where}: theme"
    theme = settings.theme if wishes.theme is None else wishes.theme
    ascii_only = settings.ascii_only if wishes.ascii_only is None else wishes.ascii_only
    return Drawing(
        mouse=settings.mouse if wishes.mouse is None else wishes.mouse,
        ascii_only=plain if ascii_only is None else ascii_only,
        theme=None if theme is None else known_theme(theme, said_by, themes()),
        zone=settings.zone,
        signs=settings.signs,
    )


def known_theme(name: str, said_by: str, there_are: Sequence[str]) -> str:
    """The name, if it is a theme's. Raises ZdtuiError, which begins with `said_by`, with the near miss or with all."""
    if name not in there_are:
        said = drawable(name)[:40]
        raise ZdtuiError(f"{said_by}: there is no theme `{said}`{did_you_mean(said, tuple(there_are))}")
    return name
