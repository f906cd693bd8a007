"""Triggers, policies, functions, statistics and publications, as far as effects depend on them."""

from zdtui.sql.operation import Operation, Role
from zdtui.sql.schema.relations import Schema


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


def create_policy(schema: Schema, operation: Operation) -> None:
    """A policy of a table."""
    if operation.object is not None and operation.relation is not None:
        schema.policies.add((schema.resolve(operation.relation), operation.object.name))


def drop_policy(schema: Schema, operation: Operation) -> None:
    """No more."""
    if operation.object is not None and operation.relation is not None:
        schema.policies.discard((schema.resolve(operation.relation), operation.object.name))
