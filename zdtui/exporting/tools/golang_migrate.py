"""golang-migrate: `<number>_<name>.up.sql` and `.down.sql`; it sends a file as one text."""

from zdtui.exporting.exported import Exporter, File, Place
from zdtui.exporting.pieces import pieces
from zdtui.exporting.texts import file_name, sql_comment, sql_of
from zdtui.plan.model import Plan


def export(plan: Plan, place: Place) -> tuple[File, ...]:
    """Two files a migration; where there is no way back only one, whose comment says so."""
    found = []
    for number, piece in enumerate(pieces(plan, one_by_one=False), start=place.first):
        name = f"{number:06}_{file_name(piece.name)}"
        lost = "" if piece.back.possible else sql_comment(piece.back.said)
        found.append(File(f"{name}.up.sql", sql_comment(piece.title) + lost + sql_of(piece.forward, transaction=True)))
        if piece.back.possible:
            found.append(File(f"{name}.down.sql", sql_of(piece.back, transaction=True)))
    return tuple(found)


EXPORTER = Exporter("golang-migrate", export)
