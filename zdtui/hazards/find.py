"""Finding the hazards of a plan or of a file of SQL, statement by statement, with what came before in mind. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from zdtui.hazards.context import Context, Seen
from zdtui.hazards.hazard import Finding, Hazard, Part, Place, Severity
from zdtui.hazards.rules import RULES
from zdtui.hazards.written import written_statements
from zdtui.plan.model import Plan, Step
from zdtui.sql.classify import is_transaction_control
from zdtui.sql.follow import follow
from zdtui.sql.name import Name
from zdtui.sql.operation import Operation
from zdtui.sql.operations import operations
from zdtui.sql.predict import effects
from zdtui.sql.relations import Schema
from zdtui.sql.split import split
from zdtui.sql.statement import Statement

NEWEST = 18
BEGINS = frozenset({"BEGIN"})
ENDS = frozenset({"COMMIT", "ROLLBACK", "PREPARE TRANSACTION"})


@dataclass
class _Reader:
    """Carries what is known from statement to statement."""

    version: int
    schema: Schema
    before: list[Seen] = field(default_factory=list)
    """Statements of the transaction that is open."""
    assumed: bool = False
    """Nobody said BEGIN: the file is a transaction if the tool that runs it makes it one."""
    together: tuple[Operation, ...] = ()
    """Every operation of the transaction that is open, where all of it is known beforehand."""
    new_columns: set[tuple[Name, str]] = field(default_factory=set)

    def finding(
        self,
        statement: Statement,
        place: Place,
        step: Step | None = None,
        plan: Plan | None = None,
        *,
        follows: bool = True,
    ) -> Finding:
        """What is found in one statement; afterwards the schema is what the statement makes of it."""
        found = operations(statement)
        does = effects(found, self.schema, self.version)
        context = Context(
            statement=statement,
            operations=found,
            effects=does,
            schema=self.schema,
            version=self.version,
            place=place,
            before=tuple(self.before),
            assumed=self.assumed,
            together=(*self.together, *found),
            new_columns=frozenset(self.new_columns),
            step=step,
            plan=plan,
        )
        hazards = tuple(hazard for rule in RULES for hazard in rule.hazards(context))
        self.before.append(Seen(found, does))
        if follows:
            for operation in found:
                self._note_column(operation)
                follow(self.schema, operation)
        return Finding(statement=statement, place=place, operations=found, effects=does, hazards=hazards)

    def _note_column(self, operation: Operation) -> None:
        if operation.relation is None or operation.column is None:
            return
        table = self.schema.resolve(operation.relation)
        if operation.kind == "ALTER TABLE ADD COLUMN":
            self.new_columns.add((table, operation.column))


def findings_of_plan(plan: Plan, *, version: int | None = None, schema: Schema | None = None) -> tuple[Finding, ...]:
    """Every statement of every step, with what the plan silences; backfills and copies as the statement they amount to.

    `version` is a major version, by default the plan's least or the newest. `schema` is changed as the plan would.
    """
    reader = _Reader(version or plan.target.minimum_version or NEWEST, schema or Schema())
    return tuple(finding for step in plan.steps for finding in _of_step(reader, plan, step))


def _of_step(reader: _Reader, plan: Plan, step: Step) -> Iterator[Finding]:
    reasons = dict(step.silence)
    for part in Part:
        statements = written_statements(plan, step, part)
        together = all(each.statement.transactional for each in statements)
        reader.before = []
        everything = (operation for each in statements for operation in operations(each.statement))
        reader.together = tuple(everything) if together else ()
        for index, each in enumerate(statements):
            if not together:
                reader.before = []
            place = Place(each.path, each.line, each.column, step.id, part, index)
            finding = reader.finding(each.statement, place, step, plan, follows=part is Part.ACTION)
            yield replace(
                finding, hazards=tuple(_silenced(_eased(hazard, part), reasons) for hazard in finding.hazards)
            )
    reader.before, reader.together = [], ()


def _eased(hazard: Hazard, part: Part) -> Hazard:
    """What stops a step only warns in its rollback: that is run when things are bad, and is not to be stopped."""
    eased = part is Part.ROLLBACK and hazard.severity is Severity.STOP
    return replace(hazard, severity=Severity.WARN) if eased else hazard


def _silenced(hazard: Hazard, reasons: dict[str, str]) -> Hazard:
    return replace(hazard, silenced=reasons[hazard.rule]) if hazard.rule in reasons else hazard


def findings_of_sql(
    text: str, path: str, *, version: int | None = None, schema: Schema | None = None
) -> tuple[Finding, ...]:
    """Every statement of a file of SQL; what stands between BEGIN and COMMIT is one transaction.

    A file without BEGIN whose statements may all be in a transaction is taken for one, as most migration tools do; what
    is wrong only then is a warning at most.
    """
    reader = _Reader(version or NEWEST, schema or Schema())
    found: list[Finding] = []
    open_transaction = False
    starts = _line_starts(text)
    statements = split(text)
    reader.assumed = all(each.transactional and not is_transaction_control(each) for each in statements)
    for index, statement in enumerate(statements):
        column = statement.offset - starts[statement.line - 1] + 1
        place = Place(path, statement.line, column, None, Part.ACTION, index)
        if not (open_transaction or reader.assumed):
            reader.before = []
        found.append(reader.finding(statement, place))
        kind = found[-1].operations[0].kind
        if kind in BEGINS:
            open_transaction, reader.before = True, []
        elif kind in ENDS:
            open_transaction = False
    return tuple(found)


def _line_starts(text: str) -> list[int]:
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts
