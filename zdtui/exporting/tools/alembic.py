"""Alembic: a Python file a revision, with `op.execute`; outside a transaction in an `autocommit_block`."""

import re

from zdtui.exporting.exported import Exporter, File, Place
from zdtui.exporting.pieces import Piece, Side, pieces
from zdtui.exporting.texts import file_name, python_comment, python_text
from zdtui.plan.model import Plan
from zdtui.sql.split import split

LONGEST = 32
"""Characters of a revision: its history has no room for more."""
COLON = re.compile(r"\\:|(?<![:\w\\]):(?=\w)")


def export(plan: Plan, place: Place) -> tuple[File, ...]:
    """A revision a migration, each after the one before it."""
    found, before = [], place.after
    for number, piece in enumerate(pieces(plan, one_by_one=True), start=place.first):
        name = f"{number:04}_{file_name(piece.name)}"
        revision = name[:LONGEST].rstrip("_")
        found.append(File(f"{name}.py", _text(piece, revision, before)))
        before = revision
    return tuple(found)


def _text(piece: Piece, revision: str, before: str | None) -> str:
    return (
        f"{python_text(piece.title)}\n\nfrom alembic import op\n\nrevision = {revision!r}\ndown_revision = {before!r}\n"
        "branch_labels = None\ndepends_on = None\n\n\n"
        f"def upgrade():\n{_body(piece.forward)}\n\ndef downgrade():\n{_body(piece.back)}"
    )


def _body(side: Side) -> str:
    said = python_comment(side.said, "    ")
    if not side.possible:
        return f"{said}    raise NotImplementedError({python_text(side.said)})\n"
    if not side.sql:
        return f"{said}    pass\n"
    if side.together:
        return f"{said}    op.execute({_as_text(side.sql)})\n"
    lines = "".join(f"        op.execute({_as_text(each.text)})\n" for each in split(side.sql))
    return f"{said}    with op.get_context().autocommit_block():\n{lines}"


def _as_text(sql: str) -> str:
    """SQLAlchemy takes `:name` for a parameter, and a backslash before a colon for the way to say that it is none."""
    return python_text(COLON.sub(lambda found: f"\\{found.group()}", sql))


EXPORTER = Exporter("alembic", export)
