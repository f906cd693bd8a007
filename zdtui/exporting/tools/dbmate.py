"""dbmate: `<digits>_<name>.sql` with `-- migrate:up` and `-- migrate:down`; it sends a block as one text."""

import re

from zdtui.exporting.exported import Exporter, File, Place
from zdtui.exporting.pieces import ExportingError, Piece, Side, pieces
from zdtui.exporting.texts import file_name, sql_comment, sql_of
from zdtui.plan.model import Plan

MARK = re.compile(r"^--\s*migrate:", re.MULTILINE)


def export(plan: Plan, place: Place) -> tuple[File, ...]:
    """A file a migration. Raises ExportingError."""
    return tuple(
        File(f"{number:06}_{file_name(piece.name)}.sql", _text(piece))
        for number, piece in enumerate(pieces(plan, one_by_one=False), start=place.first)
    )


def _text(piece: Piece) -> str:
    for side in (piece.forward, piece.back):
        if MARK.search(side.sql):
            raise ExportingError(f"{piece.name}: its SQL has a line that dbmate takes for a mark of its own")
    up = f"-- migrate:up{_apart(piece.forward)}\n{sql_comment(piece.title)}{sql_of(piece.forward)}"
    return f"{up}\n-- migrate:down{_apart(piece.back)}\n{sql_of(piece.back)}"


def _apart(side: Side) -> str:
    return "" if side.together else " transaction:false"


EXPORTER = Exporter("dbmate", export)
