"""One check cuts each text once and reads each statement once, however many rules, reports and summaries ask."""

from collections import Counter
from collections.abc import Iterator

import pytest
from postgast import parse
from postgast.pg_query_pb2 import ParseResult

from zdtui.checking.as_json import as_json
from zdtui.checking.check import check
from zdtui.checking.inputs import Given, Input
from zdtui.plan.summary import summary_lines
from zdtui.sql import split
from zdtui.sql.operation import Operation
from zdtui.sql.operations import operations_of
from zdtui.sql.statement import Statement
from zdtui.sql.text.pieces import Source

STATEMENTS = 25


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> tuple[Counter[str], Counter[str]]:
    """How often each text was cut, and each statement read for its operations."""
    cut: Counter[str] = Counter()
    read: Counter[str] = Counter()
    cuts = split.statements_in

    def counting_cuts(sql: str) -> Iterator[Statement]:
        cut[sql] += 1
        return cuts(sql)

    def counting_reads(source: Source) -> tuple[Operation, ...]:
        read[source.text] += 1
        return operations_of(source)

    monkeypatch.setattr(split, "statements_in", counting_cuts)
    monkeypatch.setattr("zdtui.sql.statement.operations_of", counting_reads)
    return cut, read


def test_a_plan_is_parsed_once(counted: tuple[Counter[str], Counter[str]]) -> None:
    cut, read = counted
    lines = "".join(f"      ALTER TABLE t{n} ADD COLUMN parsed_once int;\n" for n in range(STATEMENTS))
    back = "".join(f"      ALTER TABLE t{n} DROP COLUMN parsed_once;\n" for n in range(STATEMENTS))
    text = (
        f"zdtui: 1\nname: p\ntitle: P\nsteps:\n  - id: a\n    title: A\n    phase: expand\n    sql: |\n{lines}"
        f"    rollback: |\n{back}    verify: SELECT true AS parsed_once\n"
    )
    checked = check(Given((Input("p.yaml", text, is_plan=True),)), with_squawk=False)
    as_json(checked)
    list(summary_lines(checked.plans[0]))
    assert len(checked.findings) == 2 * STATEMENTS + 1
    assert set(cut.values()) == {1}
    assert len(cut) == 3
    own = {sql: times for sql, times in read.items() if "parsed_once" in sql}
    assert set(own.values()) == {1}
    assert len(own) == 2 * STATEMENTS + 1


def test_the_servers_grammar_is_asked_once_for_what_it_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also by the look for mistakes, which asks again only about what it did not read."""
    asked: Counter[str] = Counter()

    def counting(text: str) -> ParseResult:
        asked[text] += 1
        return parse(text)

    monkeypatch.setattr("zdtui.sql.grammar.parse.parse", counting)
    check(Given((Input("a.sql", "ALTER TABLE asked_once ADD COLUMN a int;\nALTER TABEL not_sql", is_plan=False),)))
    assert asked["ALTER TABLE asked_once ADD COLUMN a int"] == 1
    assert asked["ALTER TABEL not_sql"] == 2
