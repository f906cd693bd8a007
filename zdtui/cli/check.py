"""`zdtui check PATH...`: what plans and files of SQL will do to the application, without a database."""

import asyncio
import contextlib
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from zdtui.cli.options import allow_files_outside, database_if_named
from zdtui.cli.say import say, say_error, say_ours, say_styled, say_whole
from zdtui.sql.text.secrets import masked

if TYPE_CHECKING:
    from zdtui.checking.checked import Checked
    from zdtui.checking.inputs import Given
    from zdtui.postgres.sessions.connect import Target
    from zdtui.watch.one_look import Known

BLOCK = 65536
"""Bytes of the standard input that are read at once: a line may have no end."""
FORMATS = ("text", "json", "sarif", "github")
COLOURS = {"stop": "red", "warn": "yellow", "note": "cyan"}


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@allow_files_outside
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option(
    "--postgres-version",
    "version",
    type=click.IntRange(13, 19),
    help="Major version of the server; by default the plan's minimum_version, else 18.",
)
@click.option("--no-squawk", is_flag=True, help="Leave out squawk, whose findings are told beside ours.")
@click.option("--strict", is_flag=True, help="End with 1 after a warning too.")
@click.option(
    "--ignore", "ignore", metavar="RULE[,RULE]", multiple=True, help="Leave these hazards out, ours or squawk's."
)
@database_if_named
@click.option(
    "--fix", is_flag=True, help="Rewrite plans to use the safer form where the result is identical for any data."
)
def command(
    paths: tuple[str, ...],
    form: str,
    version: int | None,
    no_squawk: bool,
    strict: bool,
    ignore: tuple[str, ...],
    dsn: str | None,
    fix: bool,
    files_outside: bool,
) -> None:
    """Print the hazards of each PATH: a plan or the name of a shipped one, a .sql file, a folder of them, or '-'.

    With --dsn or --target the database's own tables count, and how big and how busy they are is told; it is only read.
    Ends with 0, with 1 when a hazard that nobody silenced says stop (with --strict: or warn), and with 2 when something
    cannot be read.
    """
    from zdtui.checking.ignoring import rules_named, without_rules
    from zdtui.checking.inputs import read_inputs

    left_out = rules_named(ignore)
    given = read_inputs(paths, iter(lambda: sys.stdin.buffer.read(BLOCK), b""), files_outside=files_outside)
    target, there = _there(dsn, version)
    if fix:
        given = _fixed(given, version, there)
    checked = _checked(given, target, there, version, with_squawk=not no_squawk)
    checked = _rehearsed(replace(without_rules(checked, left_out), strict=strict), target)
    _write(checked, form)
    raise click.exceptions.Exit(checked.exit_code)


def _there(dsn: str | None, version: int | None) -> tuple["Target | None", "Known | None"]:
    """The database that was named, and what it knows of its tables."""
    if dsn is None:
        return None, None
    if version is not None:
        raise click.UsageError("leave out --postgres-version: with a database its own version counts")
    from zdtui.cli.reachable import reachable
    from zdtui.watch.one_look import known

    target = reachable(dsn)
    return target, asyncio.run(known(target))


def _checked(
    given: "Given", target: "Target | None", there: "Known | None", version: int | None, *, with_squawk: bool
) -> "Checked":
    """The check, offline; or by the tables of a database, whose version is the one that counts."""
    from zdtui.checking.check import check

    if target is None or there is None:
        return check(given, version=version, with_squawk=with_squawk)
    from zdtui.checking.weighing import touched, with_weights
    from zdtui.watch.one_look import weights

    checked = check(given, version=there.version, with_squawk=with_squawk, schema=there.schema)
    return with_weights(checked, asyncio.run(weights(target, touched(checked))))


def _rehearsed(checked: "Checked", target: "Target | None") -> "Checked":
    """The check with what rehearsals left beside its plans, measured by the database where one was named."""
    from zdtui.checking.rehearsals import kept_beside, with_rehearsals

    kept, here = kept_beside(checked.plans), {}
    found = {path: each.evidence for path, each in kept.items() if each.evidence is not None}
    if target is not None and found:
        from zdtui.watch.one_look import places

        here = asyncio.run(places(target, found))
    return with_rehearsals(checked, kept, here, datetime.now(UTC))


def _fixed(given: "Given", version: int | None, there: "Known | None") -> "Given":
    """What was given with every plan put right, in its file too; each change is told on stderr."""
    from zdtui.errors import PlanError
    from zdtui.hazards.fix import fixed
    from zdtui.plan.load import parse_plan
    from zdtui.regular_file import put_in_place

    inputs = []
    for each in given.inputs:
        with contextlib.suppress(PlanError):
            if each.is_plan:
                read = parse_plan(each.text, each.path, files_outside=given.files_outside)
                schema, major = (None, version) if there is None else (there.schema, there.version)
                plan, changes = fixed(read, files_outside=given.files_outside, schema=schema, version=major)
                if changes:
                    put_in_place(each.path, plan.source)
                each = replace(each, text=plan.source, plan=plan)
                for change in changes:
                    say(f"{each.path}: {change.step}: {change.rule}: {change.sentence}", err=True)
        inputs.append(each)
    return replace(given, inputs=tuple(inputs))


def _write(checked: "Checked", form: str) -> None:
    match form:
        case "json":
            from zdtui.checking.as_json import as_json

            say_ours(as_json(checked))
        case "sarif":
            from zdtui.checking.as_sarif import as_sarif

            say_ours(as_sarif(checked))
        case "github":
            from zdtui.checking.as_github import as_github

            say_whole(as_github(checked))
        case _:
            _write_text(checked)


def _write_text(checked: "Checked") -> None:
    """Plans are told in full before their hazards. Colour only where somebody looks."""
    from zdtui.checking.as_text import as_lines

    for unread in checked.unread:
        say_error(unread.message)
    if checked.unread and not checked.findings:
        return
    _write_plans(checked)
    for line in as_lines(checked):
        lead = line.text[: len(line.text) - len(line.text.lstrip())]
        word, *words = line.text.lstrip().split(" ", 1)
        rest = masked(" ".join(["", *words]))
        say_styled([(lead, None), (word, COLOURS.get(str(line.severity))), (rest, None)])


def _write_plans(checked: "Checked") -> None:
    from zdtui.plan.summary import summary_lines

    for plan in checked.plans:
        say("\n".join(summary_lines(plan, checked.rehearsals.told(plan) if checked.rehearsals else None)))
        say()
