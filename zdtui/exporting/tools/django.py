"""Django: a Python file a migration, with `RunSQL`; not atomic where its statements stand outside a transaction."""

from zdtui.exporting.exported import Exporter, File, Place
from zdtui.exporting.pieces import ExportingError, Piece, Side, pieces
from zdtui.exporting.texts import file_name, python_comment, python_text
from zdtui.plan.model import Plan
from zdtui.sql.split import split

NOTHING = "migrations.RunSQL.noop"


def export(plan: Plan, place: Place) -> tuple[File, ...]:
    """A migration of the app each, after the one before it. Raises ExportingError when the app is not named."""
    if place.app is None:
        raise ExportingError("the migrations of Django belong to an app: say --app NAME")
    found, before = [], place.after
    for number, piece in enumerate(pieces(plan, one_by_one=True), start=place.first):
        name = f"{number:04}_{file_name(piece.name)}"
        found.append(File(f"{name}.py", _text(piece, place.app, before)))
        before = name
    return tuple(found)


def _text(piece: Piece, app: str, before: str | None) -> str:
    atomic = piece.forward.together and piece.back.together
    depends = f"[({app!r}, {before!r})]" if before is not None else "[]"
    lines = [
        "from django.db import migrations\n\n\n",
        "class Migration(migrations.Migration):\n",
        python_comment(piece.title, "    "),
        "" if atomic else "    atomic = False\n",
        f"    dependencies = {depends}\n",
        python_comment(piece.forward.said, "    "),
        python_comment(piece.back.said, "    "),
        f"    operations = [migrations.RunSQL({_sql(piece.forward)}{_reverse(piece.back)})]\n",
    ]
    return "".join(lines)


def _sql(side: Side) -> str:
    if not side.sql:
        return NOTHING
    if side.together:
        return python_text(side.sql)
    return f"[{', '.join(python_text(each.text) for each in split(side.sql))}]"


def _reverse(side: Side) -> str:
    return f", reverse_sql={_sql(side)}" if side.possible else ""


EXPORTER = Exporter("django", export)
