"""Verdicts of two looks: what is passed over, what never is, and that unknown is not exact."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from zdtui.fingerprint.compare import MOST_LINES, compare
from zdtui.fingerprint.dump_text import facts_of_dump
from zdtui.fingerprint.fingerprint import Fingerprint, TableSum
from zdtui.fingerprint.verdict import ButFor, Verdict, VerdictKind

TABLE = ("TABLE", "public.t")
TEXTS = st.text("ab,()'\";\n $", max_size=8)
COLUMNS = st.lists(st.tuples(st.sampled_from("abcdef"), TEXTS), min_size=1, max_size=4, unique_by=lambda each: each[0])


def table(columns: list[tuple[str, str]], *more: str) -> str:
    """A table as pg_dump writes it; a column is its name and its default."""
    lines = [f"    {name} text DEFAULT '{default.replace(chr(39), chr(39) * 2)}'::text" for name, default in columns]
    listed = ",\n".join((*lines, *more))
    return f"CREATE TABLE public.t (\n{listed}\n);\n\n\nALTER TABLE public.t OWNER TO ana;"


def verdict(was: str, now: str) -> Verdict:
    return compare(Fingerprint({TABLE: was}), Fingerprint({TABLE: now}))


@given(COLUMNS, st.data())
def test_another_order_is_passed_over_and_nothing_else(columns: list[tuple[str, str]], data: st.DataObject) -> None:
    """Whatever the strings hold: commas, brackets, quotes, line breaks."""
    there = data.draw(st.one_of(st.permutations(columns), COLUMNS))
    found = verdict(table(columns), table(there))
    if columns == there:
        assert found.kind is VerdictKind.EXACT
    elif sorted(columns) == sorted(there):
        assert found.kind is VerdictKind.EXACT_BUT
        assert [each.what for each in found.but_for] == [ButFor.COLUMN_ORDER]
    else:
        assert found.kind is VerdictKind.DIFFERS


@given(st.dictionaries(st.sampled_from("pqrs"), st.integers(0, 3), min_size=1), st.data())
def test_names_of_constraints_are_passed_over_and_what_they_check_never(
    checks: dict[str, int], data: st.DataObject
) -> None:
    there = data.draw(st.dictionaries(st.sampled_from("pqrs"), st.integers(0, 3), min_size=1))

    def written(named: dict[str, int]) -> str:
        return table([("a", "")], *(f"    CONSTRAINT {name} CHECK ((a > {of}))" for name, of in sorted(named.items())))

    found = verdict(written(checks), written(there))
    if checks == there:
        assert found.kind is VerdictKind.EXACT
    elif sorted(checks.values()) == sorted(there.values()):
        assert found.kind is VerdictKind.EXACT_BUT
    else:
        assert found.kind is VerdictKind.DIFFERS


def test_a_column_that_is_called_like_a_constraint_keeps_its_name() -> None:
    def written(name: str) -> Fingerprint:
        unique = f"ALTER TABLE ONLY public.t\n    ADD CONSTRAINT {name} UNIQUE (x);"
        comment = f"COMMENT ON COLUMN public.t.{name} IS 'said';"
        return Fingerprint(
            {
                TABLE: table([(name, ""), ("x", "")]),
                ("CONSTRAINT", f"public.t {name}"): unique,
                ("COMMENT", f"public.COLUMN t.{name}"): comment,
            }
        )

    found = compare(written("a"), written("b"))
    assert found.kind is VerdictKind.DIFFERS
    assert {each.kind for each in found.differences} == {"TABLE", "COMMENT"}


def test_what_was_not_read_is_unknown_and_never_exact() -> None:
    seen, half = Fingerprint({TABLE: "x"}), Fingerprint({TABLE: "x"}, unread=("the position of s: no privilege",))
    for before, after in ((seen, half), (half, seen), (half, half)):
        found = compare(before, after)
        assert found.kind is VerdictKind.UNKNOWN
        assert found.sentence == "unknown: not everything could be read: the position of s: no privilege"
    found = compare(half, Fingerprint({}))
    assert found.kind is VerdictKind.DIFFERS
    assert "  not read: the position of s: no privilege" in found.lines


def test_two_looks_through_different_programs_are_not_compared() -> None:
    found = compare(Fingerprint({}, made_with="pg_dump 16.1"), Fingerprint({}, made_with="pg_dump 18.4"))
    assert found.sentence == "unknown: they were not seen the same way: pg_dump 16.1, then pg_dump 18.4"


def test_rows_that_are_other_or_could_not_be_summed_again_are_never_exact() -> None:
    before = Fingerprint({TABLE: "x"}, data={"public.t": TableSum(("a",), 2, "17")})
    same = replace(before)
    fewer = replace(before, data={"public.t": TableSum(("a",), 1, "9")})
    other = replace(before, data={"public.t": TableSum(("a",), 2, "18")})
    assert compare(before, same).is_exact
    assert compare(before, fewer).lines == ("differs", "  rows public.t is another", "    - 2 rows", "    + 1 row")
    assert "as many rows, with other values" in "\n".join(compare(before, other).lines)
    for later, why in (
        ({}, "they were not summed the second time"),
        ({"public.t": TableSum(("b",), 2, "17")}, "other columns were summed the second time"),
    ):
        found = compare(before, replace(before, data=later))
        assert found.kind is VerdictKind.UNKNOWN
        assert found.unread == (f"the rows of public.t could not be compared: {why}",)


def test_gaps_are_told_and_do_not_count() -> None:
    found = compare(Fingerprint({}), Fingerprint({}, holes={"public.t": 2}))
    assert found.sentence == "exact (2 more dropped columns in public.t, which nothing takes away)"


def test_a_long_difference_is_cut_and_half_characters_are_told() -> None:
    found = verdict("", "\n".join(f"line {number} \udce9" for number in range(MOST_LINES + 5)))
    (difference,) = found.differences
    assert len(difference.lines) == MOST_LINES + 1
    assert difference.lines[0] == "+ line 0 \\xe9"
    assert difference.lines[-1].endswith("more lines")


def test_an_object_is_its_text_without_where_the_next_one_lies() -> None:
    dump = (
        "\\restrict abc\n-- Dumped by pg_dump version 18.4\nSET x = 1;\n\n--\n-- Name: t; Type: TABLE; Schema: public; Owner: ana\n--\n\n"
        "CREATE TABLE public.t (\n    a integer\n);\n\n\nSET default_tablespace = fast;\n\n"
        "--\n-- Name: TABLE t; Type: ACL; Schema: public; Owner: ana\n--\n\nGRANT b;\nSET SESSION AUTHORIZATION z;\nGRANT a;\n"
        "RESET SESSION AUTHORIZATION;\n\n\n--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict abc\n"
    )
    assert facts_of_dump(dump) == {
        ("TABLE", "public.t"): "CREATE TABLE public.t (\n    a integer\n);",
        ("ACL", "public.TABLE t"): "GRANT a; -- granted by z\nGRANT b;",
    }


def test_a_body_that_reads_like_the_end_of_a_dump_ends_nothing() -> None:
    """What comes after it would be in neither look, and whatever became of it exact."""
    end = "\n--\n-- PostgreSQL database dump complete\n--\n"
    body = f"CREATE FUNCTION public.f() AS $$SELECT '{end}'$$;"
    dump = (
        f"--\n-- Name: f(); Type: FUNCTION; Schema: public; Owner: ana\n--\n\n{body}\n\n\n"
        f"--\n-- Name: t; Type: TABLE; Schema: public; Owner: ana\n--\n\nCREATE TABLE public.t ();\n\n{end}\n"
    )
    assert facts_of_dump(dump) == {("FUNCTION", "public.f()"): body, TABLE: "CREATE TABLE public.t ();"}
