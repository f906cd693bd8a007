"""A rule's page: what it means, why, and an example of the bad and of the good. Pure."""

from collections.abc import Iterator

from zdtui.errors import ZdtuiError
from zdtui.hazards.example import findings_of_example
from zdtui.hazards.hazard import PlannedStep
from zdtui.hazards.planned import step_lines
from zdtui.hazards.rule import Rule
from zdtui.hazards.rules import BY_NAME, RULES
from zdtui.hazards.wording import effects_line
from zdtui.plan.problems import did_you_mean

SEVERITIES = {
    "stop": "blocks the step until an operator acknowledges it and gives a reason",
    "warn": "is shown before the step is confirmed",
    "note": "is worth knowing",
}


def rule_named(name: str) -> Rule:
    """The rule. Raises ZdtuiError, naming the near miss, when there is none of that name."""
    rule = BY_NAME.get(name)
    if rule is None:
        raise ZdtuiError(
            f"there is no hazard `{name[:60]}`{did_you_mean(name, tuple(BY_NAME))}; zdtui explain lists them all"
        )
    return rule


def overview() -> str:
    """Every rule, a line each."""
    widest = max(len(rule.name) for rule in RULES)
    return "\n".join(f"{rule.severity:4}  {rule.name:<{widest}}  {rule.title}" for rule in RULES)


def page(rule: Rule) -> str:
    """The rule's page in Markdown."""
    return "\n".join(_page(rule)) + "\n"


def index() -> str:
    """The page that lists all rules, in Markdown."""
    lines = [
        "# Hazards",
        "",
        "What `zdtui check` and the console find in a statement before it runs. Made from the rules themselves; a test",
        "runs every example. Lock modes are in [locks.md](../locks.md); silencing is in [checking.md](../checking.md).",
        "",
        "| severity | rule | what it is |",
        "|---|---|---|",
    ]
    lines += [f"| {rule.severity} | [{rule.name}]({rule.name}.md) | {rule.title} |" for rule in RULES]
    return "\n".join(lines) + "\n"


def _page(rule: Rule) -> Iterator[str]:
    yield f"# {rule.name}"
    yield ""
    yield f"**{rule.title}.** A *{rule.severity}*: it {SEVERITIES[rule.severity]}."
    yield ""
    yield rule.why
    yield ""
    language = "yaml" if rule.example.steps else "sql"
    if rule.example.given:
        yield from _block("On a schema such as", "sql", "\n".join(f"{each.strip()};" for each in _given(rule)))
    yield from _block("Bad", language, rule.example.bad)
    yield from _said(rule)
    yield from _block("Good", language, rule.example.good)
    if rule.squawk:
        yield f"Squawk says the same as {', '.join(f'`{name}`' for name in rule.squawk)}."
        yield ""
    for source in rule.sources:
        yield f"See <{source}>."
    if rule.sources:
        yield ""
    yield "Taken on in a plan with a reason:"
    yield ""
    yield "```yaml"
    yield "silence:"
    yield f"  {rule.name}: why it is safe here"
    yield "```"


def _given(rule: Rule) -> list[str]:
    return [each for each in rule.example.given.split(";") if each.strip()]


def _said(rule: Rule) -> Iterator[str]:
    """What the check says of the bad example."""
    finding, hazard = next(
        (finding, hazard)
        for finding in findings_of_example(rule, rule.example.bad)
        for hazard in finding.hazards
        if hazard.rule == rule.name
    )
    yield f"> {effects_line(finding)}"
    yield ">"
    yield f"> **{hazard.severity}**: {hazard.sentence}"
    if hazard.safer is not None:
        yield ">"
        yield f"> safer: {hazard.safer.sentence}"
    yield ""
    if hazard.safer is not None and (hazard.safer.sql or hazard.safer.steps):
        language = "sql" if hazard.safer.sql else "yaml"
        text = hazard.safer.sql or "\n".join(_step(step) for step in hazard.safer.steps)
        yield from _block("The safer way it tells, with the names of the example", language, text)


def _step(step: PlannedStep) -> str:
    return step.yaml if step.own else "\n".join(step_lines(step))


def _block(title: str, language: str, text: str) -> Iterator[str]:
    yield f"{title}:"
    yield ""
    yield f"```{language}"
    yield text
    yield "```"
    yield ""
