"""The whole corpus without a server: what is predicted from its text is what each version was seen to do."""

from functools import cache

import pytest

from tests.corpus import SCHEMA, Case, cases, cases_of
from tests.corpus.comparing import Difference, LeftOpen, differences, wrong
from tests.corpus.kept import Seen, kept
from tests.corpus.servers import VERSIONS
from tests.unit.sql.test_operations import NEWER
from zdtui.hazards.example import schema_of
from zdtui.sql.facts import FACTS
from zdtui.sql.operation import UNKNOWN
from zdtui.sql.predict import UNOBSERVED_DOUBT, effects
from zdtui.sql.schema.relations import Schema
from zdtui.sql.split import split

LEAST_CASES = 900


@cache
def schema(given: str) -> Schema:
    """What the text makes, taken to be the whole: nothing else is there."""
    known = schema_of(f"{SCHEMA};{given}")
    known.complete, known.in_utc = True, True
    return known


@cache
def compared(version: int) -> dict[str, list[Difference]]:
    seen = kept(version)
    return {case.name: of_case(case, seen[case.name], version) for case in cases_of(version) if case.name in seen}


def of_case(case: Case, outcome: Seen | str, version: int) -> list[Difference]:
    if isinstance(outcome, str):
        return [Difference(outcome)]
    known, operations = schema(case.given), split(case.sql)[0].operations
    return differences(outcome, effects(operations, known, version), operations, known, version)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_corpus_is_large_and_every_statement_of_it_was_observed(version: int) -> None:
    assert len(cases_of(version)) >= LEAST_CASES
    assert set(kept(version)) == {case.name for case in cases_of(version)}


def test_nothing_in_the_corpus_is_unknown_or_there_twice() -> None:
    assert len({case.name for case in cases()}) == len(cases())
    unknown = [case.sql for case in cases() if any(each.kind == UNKNOWN for each in split(case.sql)[0].operations)]
    assert unknown == []


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_predicted_is_what_happened(version: int) -> None:
    found = [f"{name}: {text}" for name, each in compared(version).items() for text in wrong(each)]
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("reason", LeftOpen)
def test_every_difference_that_postgresql_leaves_open_is_there_to_be_seen(reason: LeftOpen) -> None:
    assert any(each.left_open is reason for version in VERSIONS for all in compared(version).values() for each in all)


def test_what_is_newer_than_the_grammar_was_observed_or_says_that_it_was_not() -> None:
    """The mark goes with the first observation, and nobody can forget it before."""
    observed = {each.kind for case in cases() for each in split(case.sql)[0].operations}
    locking = {kind for kind in NEWER if FACTS[kind].mode is not None or FACTS[kind].unnamed is not None}
    marked = {kind for kind, fact in FACTS.items() if not fact.observed}
    assert marked == locking - observed
    for kind in marked:
        found = effects(split(NEWER[kind])[0].operations, schema(""))
        assert (found.certain, found.doubt) == (False, UNOBSERVED_DOUBT)


def test_what_is_told_as_taken_late_was_seen_to_be_taken() -> None:
    """One that no case takes would be left open for ever: compared with nothing."""
    told, taken = set[str](), set[str]()
    for version in VERSIONS:
        outcomes = kept(version)
        for case in cases_of(version):
            outcome = outcomes[case.name]
            assert isinstance(outcome, Seen), f"{case.name} on {version}: {outcome}"
            seen = {each.relation.name for each in outcome.observed.locks}
            late = [
                each for each in effects(split(case.sql)[0].operations, schema(case.given), version).locks if each.late
            ]
            told |= {each.why for each in late}
            taken |= {each.why for each in late if each.relation.name in seen}
    assert told
    assert told == taken
