"""Types of columns that people come to regret: json, a length that has to grow, a moment without its time zone."""

import re
from collections.abc import Iterator

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Safer, Severity
from zdtui.hazards.rule import DOCUMENTATION, Example, Found, Rule, in_use, on
from zdtui.sql.operation import Operation
from zdtui.sql.text.quote import quote_identifier

USERS = "CREATE TABLE users (id int PRIMARY KEY, name text, age int)"
LIMITED = re.compile(r"(?:varchar|character\s+varying)\s*\(", re.IGNORECASE)
PADDED = re.compile(r"(?:char|character|bpchar)\s*(?:\(|\Z)", re.IGNORECASE)
WITHOUT_ZONE = re.compile(r"timestamp\s*(?:\(\s*\d+\s*\))?\s*(?:without\s+time\s+zone)?\Z", re.IGNORECASE)
JSON = re.compile(r"json\s*(?:\[|\Z)", re.IGNORECASE)


def _columns(operation: Operation) -> Iterator[tuple[str, str]]:
    """Name and type of the columns that it makes."""
    made = operation.definitions if operation.definition is None else (operation.definition,)
    yield from ((column.name, column.type or "") for column in made)


@in_use("ALTER TABLE ADD COLUMN")
def _json_added(context: Context, each: Operation) -> Iterator[Found]:
    yield from _json(each, Severity.WARN)


@on("CREATE TABLE")
def _json_created(context: Context, each: Operation) -> Iterator[Found]:
    if "TEMPORARY" not in each.words:
        yield from _json(each, Severity.NOTE)


def _json(operation: Operation, severity: Severity) -> Iterator[Found]:
    for name, written in _columns(operation):
        if JSON.match(written) is not None:
            yield Found(
                severity=severity,
                sentence=f"json cannot be compared: with {quote_identifier(name)}, SELECT DISTINCT, GROUP BY and UNION "
                f"on whole rows of {operation.relation} fail",
                safer=Safer(sentence="make it jsonb, which can be compared and indexed"),
            )


@on("ALTER TABLE ADD COLUMN", "CREATE TABLE")
def _regretted(context: Context, each: Operation) -> Iterator[Found]:
    if "TEMPORARY" in each.words:
        return
    for column, written in _columns(each):
        name = quote_identifier(column)
        if LIMITED.match(written) is not None:
            yield Found(
                sentence=f"the length of {name} is part of its type: making it shorter later writes the table anew",
                safer=Safer(
                    sentence="make it text; where a limit is needed, a CHECK that can be changed beside others"
                ),
            )
        elif PADDED.match(written) is not None:
            yield Found(
                sentence=f"{written} fills each value of {name} up with blanks, which comparisons then ignore",
                safer=Safer(sentence="make it text, with a CHECK of the length if that matters"),
            )
        elif WITHOUT_ZONE.match(written) is not None:
            yield Found(
                sentence=f"{name} does not say which moment it means: two sessions in different time zones read it "
                "differently",
                safer=Safer(sentence="make it timestamptz; turning it into one later may write the table anew"),
            )


RULES = (
    Rule(
        name="json-column",
        severity=Severity.WARN,
        title="A column of type json",
        why="json has no equality operator. Queries of the application that compare whole rows (SELECT DISTINCT, GROUP "
        "BY, UNION) fail as soon as the column is there. jsonb has one, and can be indexed.",
        find=(_json_added, _json_created),
        example=Example(
            given=USERS,
            bad="ALTER TABLE users ADD COLUMN settings json;",
            good="ALTER TABLE users ADD COLUMN settings jsonb;",
        ),
        sources=(f"{DOCUMENTATION}datatype-json.html",),
    ),
    Rule(
        name="column-type",
        severity=Severity.NOTE,
        title="A new column of varchar(n), char(n) or timestamp",
        why="A length in the type can be made longer in a moment, but shorter only by writing the table anew. char(n) "
        "is filled up with blanks. A timestamp without time zone does not say which moment it means.",
        find=_regretted,
        example=Example(
            given=USERS,
            bad="ALTER TABLE users ADD COLUMN seen timestamp;",
            good="ALTER TABLE users ADD COLUMN seen timestamptz;",
        ),
        sources=("https://wiki.postgresql.org/wiki/Don't_Do_This", f"{DOCUMENTATION}datatype-character.html"),
        squawk=("prefer-text-field", "ban-char-field", "prefer-timestamp-tz", "prefer-timestamptz"),
    ),
)
