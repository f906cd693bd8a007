"""What is known of domains and types after a statement: what they are over, whether a value could fail them."""

from dataclasses import replace

from zdtui.sql.operation import ConstraintKind, Operation
from zdtui.sql.schema.relations import Domain, Schema
from zdtui.sql.schema.types import is_built_in, type_of

HOLD_VALUES_TO_IT = frozenset({ConstraintKind.CHECK, ConstraintKind.NOT_NULL})


def create_domain(schema: Schema, operation: Operation) -> None:
    """A domain over one that is constrained is constrained itself: `type_of` looks through it."""
    if operation.object is not None:
        held = any(each.kind in HOLD_VALUES_TO_IT for each in operation.constraints)
        schema.domains[operation.object.name] = Domain(operation.type or "", held)


def create_type(schema: Schema, operation: Operation) -> None:
    """CREATE TYPE."""
    if operation.object is not None:
        schema.types.add(operation.object.name)


def constrain_domain(schema: Schema, operation: Operation) -> None:
    """ALTER DOMAIN ADD CONSTRAINT or SET NOT NULL. What loses a constraint may have another: it stays constrained."""
    known = None if operation.object is None else schema.domains.get(operation.object.name)
    if operation.object is not None:
        schema.domains[operation.object.name] = Domain("" if known is None else known.base, constrained=True)


def rename_domain(schema: Schema, operation: Operation) -> None:
    """ALTER DOMAIN or TYPE ... RENAME TO: columns and domains of that type are now of the other name."""
    if operation.object is None or operation.new_name is None:
        return
    old, new = operation.object.name, operation.new_name
    if old in schema.types:
        schema.types = schema.types - {old} | {new}
    if (known := schema.domains.pop(old, None)) is not None:
        schema.domains[new] = known
    for name, domain in list(schema.domains.items()):
        if domain.base == old:
            schema.domains[name] = replace(domain, base=new)
    for relation in list(schema.relations.values()):
        if any(each.type == old for each in relation.columns):
            columns = tuple(replace(each, type=new) if each.type == old else each for each in relation.columns)
            schema.put([replace(relation, columns=columns)])


def drop_domain(schema: Schema, operation: Operation) -> None:
    """DROP DOMAIN or TYPE: the name may be that of another one from then on."""
    if operation.object is not None:
        schema.domains.pop(operation.object.name, None)
        schema.types.discard(operation.object.name)


def is_constrained(schema: Schema, written: str) -> bool:
    """Whether a column of this type would hold its values to a domain's constraint. An array of a domain would not."""
    return type_of(written, schema.domains).constrained


def may_be_a_domain(schema: Schema, written: str) -> bool:
    """Whether nobody has said what the type is: it may be a domain that its values have to be proved against."""
    read = type_of(written, schema.domains)
    known = is_built_in(read) or read.constrained or read.base.rsplit(".", 1)[-1] in schema.types
    return not (schema.complete or known)
