"""The place that is told of a statement is the one where it stands, however the plan's YAML is written."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zdtui.errors import PlanError
from zdtui.hazards.find import findings_of_plan
from zdtui.hazards.hazard import Part
from zdtui.plan.load import parse_plan
from zdtui.plan.model import Plan, SqlAction

LINE_ENDS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
WORDS = ["a", "users", "''", '"Q"', "'it''s'", "é", "\U0001f600", "'\u00a0'", "$1", "-- c\n", "/* c */", "(", ")"]
GAPS = [" ", "  ", "\n", "\n\n", "\n  ", "\t", "\n\t", " \n "]
ENDS = [";", ";\n", "; ", ";\n\n", " ;\n-- note\n", ";\n    "]


@st.composite
def sql_texts(draw: st.DrawFn) -> str:
    """Some statements; the first word of each is there once: `first0`, `first1` ..."""
    text = draw(st.sampled_from(["", "-- before\n", "/* a */ "]))
    for number in range(draw(st.integers(1, 4))):
        words = draw(st.lists(st.tuples(st.sampled_from(GAPS), st.sampled_from(WORDS)), max_size=5))
        text += f"first{number}" + "".join(gap + word for gap, word in words) + draw(st.sampled_from(ENDS))
    return text


def quoted(text: str, escaped: frozenset[int], end: str) -> str:
    """In double quotes; the characters at these places are written by their number, and lines may be joined."""
    done = []
    for place, letter in enumerate(text):
        if letter == "\n":
            done.append("\\n" if place % 2 else f"\\n\\{end}      ")
        elif letter in '"\\' or not letter.isprintable():
            done.append(f"\\U{ord(letter):08x}")
        elif place in escaped and not letter.isalnum():
            done.append(f"\\x{ord(letter):02x}" if ord(letter) < 256 else f"\\U{ord(letter):08x}")
        else:
            done.append(letter)
    return f'"{"".join(done)}"'


@st.composite
def scalars(draw: st.DrawFn, end: str, indent: int) -> str:
    """A YAML scalar of such a text, in one of its styles; what it means may be folded."""
    text, blanks = draw(sql_texts()), " " * indent
    match draw(st.sampled_from(["|", ">", "'", '"', "plain"])):
        case "|" | ">" as style:
            signs = draw(st.sampled_from(["", "-", "+", str(indent - 4), f"{indent - 4}-"]))
            comment = draw(st.sampled_from(["", " # a comment"]))
            lines = "".join(f"{blanks}{line}{end}" for line in text.split("\n"))
            return f"{style}{signs}{comment}{end}{lines}"
        case "'":
            return "'" + text.replace("'", "''").replace("\n", f"{end}{blanks}") + f"'{end}"
        case '"':
            escaped = draw(st.frozensets(st.integers(0, 60)))
            tag = draw(st.sampled_from(["", "!!str ", f"!!str # a comment{end}{blanks}"]))
            return tag + quoted(text, escaped, end) + end
        case _:
            return re.sub("[^a-z0-9 \n]+", "", text).strip().replace("\n", f"{end}{blanks}") + end


@st.composite
def plan_texts(draw: st.DrawFn) -> str:
    """A plan whose steps hold SQL in odd YAML."""
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    start = draw(st.sampled_from(["", f"# ü first1{end}", f"---{end}"]))
    lines = ["zdtui: 1", "name: p", "title: first0 is not here", "steps:", "  - id: a", "    title: A"]
    lines += ["    phase: expand", "    notes: 'sql: first1'"]
    head = start + "".join(f"{line}{end}" for line in lines)
    indent = draw(st.integers(5, 9))
    return f"{head}    sql: {draw(scalars(end, indent))}    rollback: {{none: 'first2'}}{end}"


def loaded(text: str) -> Plan | None:
    """The plan; None where the text is none: some of what is drawn is not YAML, or no SQL that a plan may hold."""
    try:
        return parse_plan(text, "p.yaml")
    except PlanError:
        return None


def place_of(text: str, at: int) -> tuple[int, int]:
    """Line and column of a character as an editor counts them."""
    before = LINE_ENDS.split(text[:at])
    return len(before), len(before[-1]) + 1


@settings(max_examples=600, deadline=None)
@given(plan_texts())
@example(
    "zdtui: 1\nname: p\ntitle: x\nsteps:\n  - id: a\n    title: A\n    phase: expand\n"
    "    sql: >\n      first0 a\n      b;\n\n      first1\n    rollback: {none: x}\n"
)
def test_a_statement_is_told_where_its_first_word_stands(text: str) -> None:
    plan = loaded(text)
    if plan is None or not isinstance(plan.steps[0].action, SqlAction):
        return
    begins = text.index("    sql: ")
    findings = [each for each in findings_of_plan(plan) if each.place.part is Part.ACTION]
    assert findings
    for finding in findings:
        word = re.match("[a-z0-9]+", finding.statement.text)
        if word is None or len(re.findall(rf"{word[0]}\b", text[begins : text.index("    rollback:")])) != 1:
            continue
        assert (finding.place.line, finding.place.column) == place_of(text, text.index(word[0], begins)), text


@settings(max_examples=300, deadline=None)
@given(plan_texts())
def test_lines_that_are_said_to_be_there_are_there(text: str) -> None:
    plan = loaded(text)
    if plan is None:
        return
    for finding in findings_of_plan(plan):
        lines = finding.statement.text.split("\n")
        assert len(finding.place.lines) in (0, len(lines))
        for at, line in zip(finding.place.lines, lines, strict=False):
            assert text[at : at + len(line)] == line


STYLES = {
    "literal": "|\n      SELECT 1;\n\n      COMMIT;\n",
    "literal that says how far": "|2\n        SELECT 1;\n      COMMIT\n",
    "folded": ">-\n      SELECT\n      1;\n      COMMIT\n",
    "single quotes": "'SELECT ''a'';\n      COMMIT'\n",
    "double quotes": '"SELECT \\"a\\";\\n\\\n       COMMIT"\n',
    "escaped": '"SELECT\\x201; COMMIT"\n',
    "plain": "SELECT 1;\n      COMMIT\n",
    "tabs": "|\n      SELECT\t1;\t\tCOMMIT\n",
    "more than one plane": "|\n      SELECT '\U0001f600é';  COMMIT\n",
}


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("style", STYLES)
def test_a_problem_is_told_where_it_stands(style: str, end: str) -> None:
    text = (
        "zdtui: 1\nname: p\ntitle: T\nsteps:\n  - id: a\n    title: COMMIT\n    phase: expand\n"
        f"    sql: {STYLES[style]}    rollback: {{none: nothing}}\n"
    ).replace("\n", end)
    with pytest.raises(PlanError) as caught:
        parse_plan(text, "p.yaml")
    line, column = place_of(text, text.index("COMMIT", text.index("    sql:")))
    assert str(caught.value).startswith(f"p.yaml:{line}:{column}: `COMMIT`"), str(caught.value)


def test_a_value_is_no_place_of_another_text() -> None:
    """A word of the notes, of a title or of the step before is not taken for the statement."""
    text = (
        "zdtui: 1\nname: p\ntitle: T\nsteps:\n"
        "  - {id: a, title: 'sql: SELECT 1', phase: expand, notes: 'sql: SELECT 1', sql: SELECT 1, rollback: SELECT 1}\n"
    )
    plan = parse_plan(text, "p.yaml")
    forward, back = findings_of_plan(plan)
    assert (forward.place.line, forward.place.column) == place_of(text, text.index("sql: SELECT 1, ") + 5)
    assert (back.place.line, back.place.column) == place_of(text, text.index("rollback: ") + 10)


def test_a_copy_with_other_sql_has_its_own_statements() -> None:
    action = SqlAction(sql="SELECT 1; SELECT 2")
    assert len(action.statements) == 2
    assert len(action.model_copy(update={"sql": "SELECT 3"}).statements) == 1
