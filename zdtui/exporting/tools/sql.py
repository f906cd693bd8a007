"""Plain SQL for psql: `<number>_<name>.sql`, and `.rollback.sql` beside it."""

from zdtui.exporting.exported import Exporter, File, Place
from zdtui.exporting.pieces import pieces
from zdtui.exporting.texts import file_name, sql_comment, sql_of
from zdtui.plan.model import Plan


def export(plan: Plan, place: Place) -> tuple[File, ...]:
    """Two files a step."""
    found = []
    for number, piece in enumerate(pieces(plan, one_by_one=True), start=place.first):
        name = f"{number:03}_{file_name(piece.name)}"
        found.append(File(f"{name}.sql", sql_comment(piece.title) + sql_of(piece.forward, transaction=True)))
        found.append(File(f"{name}.rollback.sql", sql_of(piece.back, transaction=True)))
    return tuple(found)


EXPORTER = Exporter("sql", export)
