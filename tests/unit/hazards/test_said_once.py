"""Of one statement nothing is said twice: of our rules, those that speak together say different things."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations

import pytest

from tests.corpus import SCHEMA, cases
from tests.unit.hazards.test_known_kinds import KINDS
from tests.unit.hazards.test_known_kinds import SCHEMA as OF_KINDS
from zdtui.hazards.example import findings_of_example, schema_of
from zdtui.hazards.find import findings_of_sql
from zdtui.hazards.hazard import Finding
from zdtui.hazards.rules import BY_NAME, RULES

HOW_IT_IS_RUN = frozenset({"no-lock-timeout", "altered-again", "many-strong-locks", "ddl-with-rows", "work-under-lock"})
"""They speak of the file or the transaction, and so beside any other."""
TOGETHER = """
attach-reads-partition: partition-queues
backfill-not-idempotent: backfill-not-provable
commit-in-transaction: opaque-code
lasting-setting: password-in-plan
cascade: drop-index-blocks dropped-early trigger-change truncate uniqueness-lost who-may-what
column-rename: follows-by-number
constraint-not-valid: foreign-key-types-differ foreign-key-without-index many-foreign-keys
drop-index-blocks: uniqueness-lost
dropped-early: opaque-code server-refuses type-rewrite
foreign-key-cascades: foreign-key-without-index many-foreign-keys
foreign-key-types-differ: foreign-key-without-index
foreign-key-without-index: many-foreign-keys new-column-constraint small-primary-key
many-foreign-keys: small-primary-key
new-column-constraint: new-column-not-null
not-repeatable: uniqueness-lost
opaque-code: unbatched-change
server-refuses: truncate vacuum-full-or-cluster
type-change: type-rewrite
"""
"""Rules that were read beside each other: the one says something that the other does not. A new pair is to be read first."""
READ = frozenset(
    frozenset({rule, other})
    for line in TOGETHER.strip().splitlines()
    for rule, _, others in [line.partition(":")]
    for other in others.split()
)


@cache
def findings() -> tuple[Finding, ...]:
    """Of the corpus, of the kinds others know, and of each rule's own examples."""
    return tuple(_all())


def _all() -> Iterator[Finding]:
    for case in cases():
        yield from findings_of_sql(case.sql, "corpus.sql", schema=schema_of(f"{SCHEMA};{case.given}"))
    for kind in KINDS:
        given = schema_of(f"{OF_KINDS};{kind.given}")
        yield from findings_of_sql(kind.sql, "kind.sql", version=kind.version, schema=given)
    for rule in RULES:
        for text in (rule.example.bad, rule.example.good):
            yield from findings_of_example(rule, text)


def test_no_sentence_is_said_twice_of_a_statement() -> None:
    for finding in findings():
        sentences = [hazard.sentence for hazard in finding.hazards]
        assert len(sentences) == len(set(sentences)), finding.statement.text


def test_rules_that_speak_together_were_read_beside_each_other() -> None:
    pairs = {
        frozenset({one.rule, other.rule}): finding.statement.text
        for finding in findings()
        for one, other in combinations(finding.hazards, 2)
        if one.rule != other.rule and not {one.rule, other.rule} & HOW_IT_IS_RUN
    }
    assert {tuple(sorted(pair)): text for pair, text in pairs.items() if pair not in READ} == {}
    assert {tuple(sorted(pair)) for pair in READ - pairs.keys()} == set()


@pytest.mark.parametrize("name", sorted({name for pair in READ for name in pair} | HOW_IT_IS_RUN))
def test_the_list_names_rules(name: str) -> None:
    assert name in BY_NAME
