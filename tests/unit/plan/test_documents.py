"""What is made from the plan format: schema, reference, summary, review documents, shipped plans."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from zdtui.amounts import size
from zdtui.errors import PlanError
from zdtui.plan.load import load_plan
from zdtui.plan.reference import reference
from zdtui.plan.render import render_plan
from zdtui.plan.schema import SHIPPED, plan_schema, schema_text
from zdtui.plan.shipped import find_plan, plans_folder, shipped_plans
from zdtui.plan.summary import POINT_OF_NO_RETURN, summary_lines
from zdtui.quantities import format_duration, parse_duration, parse_size

DOCS = Path(__file__).parents[3] / "docs"


def test_the_shipped_schema_is_the_one_the_loader_reads_by() -> None:
    assert SHIPPED.read_text() == schema_text(), "run: zdtui schema > zdtui/plan/plan.schema.json"


def test_the_reference_in_the_docs_is_the_one_the_loader_reads_by() -> None:
    assert reference() in (DOCS / "plan-format.md").read_text()


@pytest.mark.parametrize("name", shipped_plans())
def test_a_shipped_plan_loads_fits_the_schema_and_refers_to_it(name: str) -> None:
    path = plans_folder() / f"{name}.yaml"
    plan = load_plan(path)
    assert plan.name == name
    jsonschema.Draft202012Validator(plan_schema()).validate(YAML(typ="safe").load(path.read_text()))
    first = path.read_text().splitlines()[0]
    reference_of_schema = first.split("$schema=")[1]
    assert (path.parent / reference_of_schema).resolve() == SHIPPED.resolve()
    assert len(list(summary_lines(plan))) > len(plan.steps)


def test_the_schema_refuses_what_the_loader_refuses() -> None:
    validator = jsonschema.Draft202012Validator(plan_schema())
    good = {"id": "a", "title": "A", "phase": "expand", "sql": "SELECT 1", "rollback": {"none": "r"}}
    head = {"zdtui": 1, "name": "n", "title": "t"}
    assert validator.is_valid({**head, "steps": [good]})
    for bad in (
        {"phase": "x"},
        {"wait": "1h"},
        {"rollback": {"none": "a", "sql": "b"}},
        {"titel": "x"},
        {"retries": "x"},
    ):
        assert not validator.is_valid({**head, "steps": [{**good, **bad}]}), bad
    assert not validator.is_valid({**head, "steps": []})
    assert json.loads(schema_text()) == plan_schema()


def test_a_plan_is_found_by_path_or_by_name() -> None:
    assert find_plan("add-index").endswith("add-index.yaml")
    assert find_plan("some/where.yaml") == "some/where.yaml"
    with pytest.raises(PlanError, match="did you mean `add-index`"):
        find_plan("add-indx")


def test_a_folder_of_the_name_of_a_shipped_plan_is_in_nobodys_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "add-index").mkdir()
    monkeypatch.chdir(tmp_path)
    assert find_plan("add-index") == str(plans_folder() / "add-index.yaml")


def test_the_summary_shows_the_point_of_no_return_and_how_each_step_runs() -> None:
    text = "\n".join(summary_lines(load_plan(find_plan("split-user-name"))))
    assert text.index(POINT_OF_NO_RETURN.strip()) < text.index("drop-name")
    assert "ALTER TABLE (validate)" in text
    assert "outside a transaction" in "\n".join(summary_lines(load_plan(find_plan("add-index"))))


def test_the_summary_names_limits_guards_classes_and_undoing() -> None:
    lines = [line.strip() for line in summary_lines(load_plan(find_plan("split-user-name")))]
    assert "defaults: lock_timeout 200ms, statement_timeout 30s, tried again 30 times" in lines
    assert "guards: replay lag 10s, 10 sessions blocked by us" in lines
    assert "- first_name = split_part(name, ' ', 1)" in lines
    assert "verify: SELECT NOT EXISTS (SELECT FROM users WHERE first_name IS NULL)" in lines
    assert "undo: 2 statements in one transaction" in lines
    assert any(line.startswith("undo: IRREVERSIBLE: users.name is gone") for line in lines)


def hostile_plan(tmp_path: Path) -> Path:
    path = tmp_path / "hostile.yaml"
    path.write_text(
        'zdtui: 1\nname: hostile\ntitle: "a\\e[31mb\\u202E"\nsteps:\n'
        '  - {id: a, title: "\\e]0;x\\a", phase: expand, sql: "SELECT \'\\e[2J\'", rollback: {none: "\\e[0m"}, '
        "notes: \"\\x9b31m\", verify: \"SELECT '\\e' = ''\"}\n"
    )
    return path


@pytest.mark.parametrize("command", ["check", "render"])
def test_nothing_a_plan_holds_reaches_the_terminal_as_a_command(tmp_path: Path, command: str) -> None:
    done = zdtui(command, str(hostile_plan(tmp_path)))
    assert done.returncode == 0
    assert all(character.isprintable() or character == "\n" for character in done.stdout)
    assert "[31mb" in done.stdout


def zdtui(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "zdtui", *arguments], capture_output=True, text=True, check=False)


def test_check_exits_0_for_a_good_plan_and_2_with_every_problem_for_a_bad_one(tmp_path: Path) -> None:
    good = zdtui("check", "add-index")
    assert (good.returncode, good.stderr) == (0, "")
    assert "CREATE INDEX CONCURRENTLY (concurrently)" in good.stdout
    (tmp_path / "bad.yaml").write_text("zdtui: 1\nnam: x\ntitle: t\nsteps: []\n")
    bad = zdtui("check", str(tmp_path / "bad.yaml"))
    assert (bad.returncode, bad.stdout) == (2, "")
    assert "bad.yaml:2:1: a plan has no key `nam`; did you mean `name`?" in bad.stderr
    assert "bad.yaml:4:8: `steps`: is empty" in bad.stderr
    assert "Traceback" not in bad.stderr


@pytest.mark.parametrize("plan", ["/nowhere/x.yaml", "no-such-plan", "/", "/dev/null"])
def test_check_exits_2_with_one_sentence_for_what_is_no_plan_file(plan: str) -> None:
    done = zdtui("check", plan)
    assert done.returncode == 2
    assert done.stderr.startswith("zdtui: ")
    assert done.stderr.count("\n") == 1


def test_schema_prints_the_schema() -> None:
    assert json.loads(zdtui("schema").stdout) == plan_schema()


def test_the_review_documents_hold_every_statement_and_its_undoing_in_reverse() -> None:
    plan = load_plan(find_plan("add-unique-constraint"))
    text = render_plan(plan)
    assert "CREATE UNIQUE INDEX CONCURRENTLY products_sku_key ON products (sku)" in text
    back = text[text.index("# Rollback plan") :]
    assert back.index("Undo unique-constraint") < back.index("Undo unique-index") < back.index("Undo no-doubles-yet")


@pytest.mark.parametrize("text", ["500ms", "10s", "1h30min", "24h", "7d", "1min1s1ms"])
def test_times_survive_reading_and_writing(text: str) -> None:
    assert format_duration(parse_duration(text)) in (text, "1d" if text == "24h" else text)


@pytest.mark.parametrize("text", ["", "5", "0.5ms", "١s", "ten seconds", "5m", "-1s", "1s 2", "9999999d"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match=r"time|years|millisecond"):
        parse_duration(text)


def test_sizes() -> None:
    assert parse_size("64MB") == 64 * 1024 * 1024
    assert parse_size("8kB") == 8192
    assert size(512) == "512 B"
    assert size(88 * 1024 * 1024) == "88 MB"
    assert size(1258291) == "1.2 MB"
    assert parse_size("0") == 0
    assert parse_size("1.5 GB") == 1_610_612_736
    with pytest.raises(ValueError, match="not a size"):
        parse_size("64 megs")
    with pytest.raises(ValueError, match="more than any disk"):
        parse_size("9" * 400 + "TB")
