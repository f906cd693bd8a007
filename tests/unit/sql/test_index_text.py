"""Whether the index that is there is the one the plan writes."""

import pytest

from zdtui.sql.text.index_text import is_the_same


@pytest.mark.parametrize(
    ("wanted", "there", "same"),
    [
        ("CREATE INDEX i ON t (a)", "CREATE INDEX i ON public.t USING btree (a)", True),
        (
            'create index concurrently if not exists I on only T ( A, "b" )',
            "CREATE INDEX i ON t USING btree (a, b)",
            True,
        ),
        ("CREATE INDEX i ON t USING gin (a)", "CREATE INDEX i ON t USING gin (a)", True),
        ("CREATE INDEX i ON t (a DESC)", "CREATE INDEX i ON t USING btree (a DESC)", True),
        ("CREATE INDEX i ON t (a)", "CREATE INDEX i ON t USING btree (b)", False),
        ("CREATE INDEX i ON t (a)", "CREATE INDEX i ON t USING btree (a, b)", False),
        ("CREATE INDEX i ON t (a)", 'CREATE INDEX i ON t USING btree ("A")', False),
        ("CREATE UNIQUE INDEX i ON t (a)", "CREATE INDEX i ON t USING btree (a)", False),
        ("CREATE INDEX i ON t USING hash (a)", "CREATE INDEX i ON t USING btree (a)", False),
        ("CREATE INDEX i ON t (a) WHERE b > 1", "CREATE INDEX i ON t USING btree (a) WHERE (b > 1)", None),
        ("CREATE INDEX i ON t (a)", "CREATE INDEX i ON t USING btree (a) WHERE (b > 1)", False),
        ("CREATE INDEX i ON t (a)", "CREATE INDEX i ON t USING btree (a DESC)", False),
        ("CREATE INDEX i ON t (a)", "CREATE INDEX i ON t USING btree (a) WITH (fillfactor='70')", None),
        ("CREATE INDEX i ON t (a ASC)", "CREATE INDEX i ON t USING btree (a)", None),
        ("CREATE INDEX i ON t (lower(a))", "CREATE INDEX i ON t USING btree (lower((a)::text))", None),
        ("CREATE INDEX i ON t (a)", "", None),
    ],
)
def test_an_index_is_compared_as_far_as_reading_tells(wanted: str, there: str, same: bool | None) -> None:
    assert is_the_same(wanted, there) is same
