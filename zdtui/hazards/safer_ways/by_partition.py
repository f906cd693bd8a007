"""A partitioned table gets an index or a foreign key partition by partition, beside the others. Pure.

An index is made ON ONLY the partitioned table, CONCURRENTLY on each partition, and attached. A foreign key is added NOT
VALID to each partition and validated there; added to the partitioned table at the end it takes those over.
"""

from collections.abc import Iterator

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Safer
from zdtui.hazards.planned import Beside, in_steps, name_of
from zdtui.hazards.rewriting import with_words_after
from zdtui.sql.operation import Constraint, Operation
from zdtui.sql.schema.relations import Relation, RelationKind
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import quote_identifier
from zdtui.sql.text.tokens import tokens

MOST_PARTITIONS = 200
SENTENCE = "build it ON ONLY the partitioned table, then concurrently on each partition, and attach those"
KEY_SENTENCE = (
    "add it NOT VALID to each partition and validate it there; added to the partitioned table last, it takes those "
    "over and reads nothing"
)
KEY_TAKEN_ALONG = "it goes with that of the partitioned table"
TAKEN_ALONG = "the index goes with that of the partitioned table"


def index_by_partition(context: Context, operation: Operation) -> Safer:
    """The steps where each partition is known; else what is to be done, in words.

    Partitions that are partitioned themselves, and an index without a name, are left to the author.
    """
    text = context.statement.text
    only = text if "ONLY" in operation.words else with_words_after(text, ("ON",), "ONLY")
    known, rest = context.schema.find(operation.relation), _after_table(text)
    partitions = _partitions(context, operation)
    if operation.object is None or known is None or rest is None or not partitions:
        return Safer(sentence=SENTENCE, sql=f"{only};")
    parent = Name(known.name.schema, operation.object.name)
    names = {each.name: name_of(each.name.name, parent.name) for each in partitions}
    return in_steps(
        context,
        SENTENCE,
        instead=only,
        after=[*_builds(operation, partitions, names, rest), *_attach(parent, names)],
    )


def key_by_partition(context: Context, operation: Operation, constraint: Constraint, action: str) -> Safer:
    """The same for a foreign key; `action` is the author's, from ADD on or before it."""
    found = list(tokens(action))
    at = next((token.start for token in found if token.upper == "FOREIGN"), None)
    partitions = _partitions(context, operation)
    if constraint.name is None or at is None or not partitions or len(context.operations) != 1:
        return Safer(sentence=KEY_SENTENCE)
    name, said = quote_identifier(constraint.name), action[at : found[-1].end]
    before = [
        step
        for each in partitions
        for step in (
            Beside(
                "partition",
                f"Promise {name} for new rows of {each.name}",
                f"ALTER TABLE {each.name} ADD CONSTRAINT {name} {said} NOT VALID",
                because=KEY_TAKEN_ALONG,
            ),
            Beside(
                "validate",
                f"Prove {name} for the rows of {each.name}",
                f"ALTER TABLE {each.name} VALIDATE CONSTRAINT {name}",
                because="a constraint that is proved may stay so",
            ),
        )
    ]
    return in_steps(context, KEY_SENTENCE, before=before)


def has_proved_keys(context: Context, operation: Operation, constraint: Constraint) -> bool:
    """Whether each partition has the same foreign key, validated: then it is taken over and nothing is read."""
    partitions = _partitions(context, operation)
    if constraint.references is None or not partitions:
        return False
    wanted = (constraint.columns, context.schema.resolve(constraint.references))
    return all(
        any(
            key.validated and (key.columns, context.schema.resolve(key.references)) == wanted
            for key in context.schema.referenced_by(each.name)
        )
        for each in partitions
    )


def _partitions(context: Context, operation: Operation) -> list[Relation]:
    """Those that are known, where none of them is partitioned itself and they are not too many; else none."""
    known = context.schema.find(operation.relation)
    found = (
        []
        if known is None or known.kind is not RelationKind.PARTITIONED
        else list(context.schema.children_of(known.name))
    )
    flat = all(each.kind is RelationKind.TABLE for each in found)
    return found if flat and len(found) <= MOST_PARTITIONS else []


def _builds(operation: Operation, partitions: list[Relation], names: dict[Name, str], rest: str) -> Iterator[Beside]:
    unique = "UNIQUE " if "UNIQUE" in operation.words else ""
    for each in partitions:
        name = quote_identifier(names[each.name])
        yield Beside(
            "partition",
            f"Build it on {each.name}",
            f"CREATE {unique}INDEX CONCURRENTLY IF NOT EXISTS {name} ON {each.name} {rest}",
            because=TAKEN_ALONG,
        )


def _attach(parent: Name, names: dict[Name, str]) -> Iterator[Beside]:
    """Each by itself: two in one transaction deadlock with a statement that writes to both partitions."""
    for table, name in names.items():
        part = Name(table.schema, name)
        yield Beside("attach", f"Attach {part}", f"ALTER INDEX {parent} ATTACH PARTITION {part}", because=TAKEN_ALONG)


def _after_table(text: str) -> str | None:
    """What is said of the index behind its table: method, columns, WHERE."""
    found = list(tokens(text))
    at = next((place for place, token in enumerate(found) if token.upper == "ON"), None)
    if at is None:
        return None
    end = at + (2 if at + 1 < len(found) and found[at + 1].upper == "ONLY" else 1)
    while end + 1 < len(found) and found[end + 1].text == ".":
        end += 2
    return text[found[end + 1].start : found[-1].end] if end + 1 < len(found) else None
