"""The tools whose files a plan can be written as."""

from zdtui.exporting.exported import Exporter, File, Place
from zdtui.exporting.pieces import ExportingError
from zdtui.exporting.tools import alembic, dbmate, django, flyway, golang_migrate, sql
from zdtui.plan.model import Plan
from zdtui.steps.execution import Statements

EXPORTERS: tuple[Exporter, ...] = (
    golang_migrate.EXPORTER,
    dbmate.EXPORTER,
    flyway.EXPORTER,
    alembic.EXPORTER,
    django.EXPORTER,
    sql.EXPORTER,
)


def export_plan(plan: Plan, tool: str, place: Place) -> tuple[File, ...]:
    """The files, in the order in which the tool runs them. Raises ExportingError."""
    found = next((each for each in EXPORTERS if each.name == tool), None)
    if found is None:
        raise ExportingError(f"`{tool}` is no tool that is written here")
    return found.export(plan, place)


def only_said(plan: Plan) -> tuple[str, ...]:
    """The ids of steps of which the files say what to do, and do nothing."""
    return tuple(step.id for step in plan.steps if not isinstance(step.action.execution, Statements))
