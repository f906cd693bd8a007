"""Flyway: `V<number>__<name>.sql`, `U` to undo, and a file of settings beside one that stands outside a transaction."""

from collections.abc import Iterator

from zdtui.exporting.exported import Exporter, File, Place
from zdtui.exporting.pieces import Side, pieces
from zdtui.exporting.texts import file_name, sql_comment, sql_of
from zdtui.plan.model import Plan


def export(plan: Plan, place: Place) -> tuple[File, ...]:
    """`V`, and `U` where there is a way back."""
    found: list[File] = []
    for number, piece in enumerate(pieces(plan, one_by_one=True), start=place.first):
        name = f"{number}__{file_name(piece.name)}.sql"
        lost = "" if piece.back.possible else sql_comment(piece.back.said)
        found += _files(f"V{name}", piece.forward, sql_comment(piece.title) + lost)
        if piece.back.possible:
            found += _files(f"U{name}", piece.back, "")
    return tuple(found)


def _files(name: str, side: Side, head: str) -> Iterator[File]:
    yield File(name, head + sql_of(side))
    settings = [] if side.together else ["executeInTransaction=false"]
    settings += ["placeholderReplacement=false"] if "${" in side.sql else []
    if settings:
        yield File(f"{name}.conf", "".join(f"{each}\n" for each in settings))


EXPORTER = Exporter("flyway", export)
