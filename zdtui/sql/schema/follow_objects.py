"""Views, sequences, triggers, policies, functions, statistics and publications, as far as effects depend on them."""

from zdtui.sql.operation import Operation, Role
from zdtui.sql.schema.relations import Relation, RelationKind, Schema


def create_function(schema: Schema, operation: Operation) -> None:
    """A function of people's own that is immutable or stable."""
    if operation.object is not None and operation.words & {"IMMUTABLE", "STABLE"}:
        schema.steady_functions |= {operation.object.name}


def create_statistics(schema: Schema, operation: Operation) -> None:
    """Extended statistics and their table."""
    if operation.object is not None and operation.relation is not None:
        schema.statistics[operation.object.name] = schema.resolve(operation.relation)


def publish(schema: Schema, operation: Operation) -> None:
    """The tables that a publication names."""
    if operation.object is not None:
        before = schema.published.get(operation.object.name, ()) if operation.kind == "ALTER PUBLICATION ADD" else ()
        tables = (schema.resolve(name) for name in operation.mentioned(Role.PUBLISHED))
        schema.published[operation.object.name] = (*before, *tables)


def create_trigger(schema: Schema, operation: Operation) -> None:
    """A trigger of a table."""
    if operation.object is not None and operation.relation is not None:
        table = schema.resolve(operation.relation)
        schema.triggers[table, operation.object.name] = table
        for child in schema.children_of(table) if "FOR EACH ROW" in operation.words else ():
            schema.triggers[child.name, operation.object.name] = child.name


def create_policy(schema: Schema, operation: Operation) -> None:
    """A policy of a table."""
    if operation.object is not None and operation.relation is not None:
        schema.policies.add((schema.resolve(operation.relation), operation.object.name))


def drop_policy(schema: Schema, operation: Operation) -> None:
    """No more."""
    if operation.object is not None and operation.relation is not None:
        schema.policies.discard((schema.resolve(operation.relation), operation.object.name))


def create_view(schema: Schema, operation: Operation) -> None:
    """CREATE VIEW and MATERIALIZED VIEW."""
    if operation.relation is not None:
        kind = RelationKind.MATERIALIZED_VIEW if "MATERIALIZED" in operation.kind else RelationKind.VIEW
        reads = tuple(schema.resolve(name) for name in operation.mentioned(Role.READ))
        schema.put([Relation(name=operation.relation, kind=kind, reads=reads, fresh=True)])


def create_procedure(schema: Schema, operation: Operation) -> None:
    """CREATE PROCEDURE: whether its body ends its transaction."""
    if operation.object is not None:
        change = schema.committing.add if "COMMITS" in operation.words else schema.committing.discard
        change(operation.object.name)
