"""A rule's example as it is checked: on the schema that it declares, as tables that are in use. Pure."""

from dataclasses import replace

from zdtui.hazards.find import findings_of_plan, findings_of_sql
from zdtui.hazards.hazard import Finding
from zdtui.hazards.rule import Rule
from zdtui.plan.load import parse_plan
from zdtui.plan.model import Plan
from zdtui.sql.schema.bound import bind
from zdtui.sql.schema.follow import follow
from zdtui.sql.schema.relations import Schema
from zdtui.sql.split import split

HEAD = "zdtui: 1\nname: example\ntitle: Example\nsteps:\n"


def schema_of(given: str) -> Schema:
    """What the SQL makes; all of it is in use."""
    schema = Schema()
    for statement in split(given):
        for operation in statement.operations:
            follow(schema, operation)
            bind(schema, operation, statement.text)
    schema.put([replace(each, fresh=False) for each in list(schema.relations.values())])
    return schema


def plan_of(steps: str) -> Plan:
    """A plan of these steps, which are YAML without indentation."""
    return parse_plan(HEAD + "\n".join(f"  {line}".rstrip() for line in steps.split("\n")) + "\n", "example.yaml")


def findings_of_example(rule: Rule, text: str) -> tuple[Finding, ...]:
    """What is found in the bad or the good of a rule's example."""
    schema = schema_of(rule.example.given)
    if rule.example.steps:
        return findings_of_plan(plan_of(text), schema=schema)
    return findings_of_sql(text, "example.sql", schema=schema)
