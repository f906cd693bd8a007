"""A copy of what is known, for statements that are only tried on it. Pure."""

from dataclasses import replace

from zdtui.sql.schema.relations import Relations, Schema


def copied(schema: Schema) -> Schema:
    """The same schema with its own tables to change; what is in them is frozen."""
    return replace(
        schema,
        relations=Relations(schema.relations.values()),
        foreign_keys=schema.foreign_keys.copied(),
        checks=schema.checks.copied(),
        domains=dict(schema.domains),
        types=set(schema.types),
        triggers=dict(schema.triggers),
        policies=set(schema.policies),
        bound=set(schema.bound),
        committing=set(schema.committing),
        statistics=dict(schema.statistics),
        published=dict(schema.published),
    )
