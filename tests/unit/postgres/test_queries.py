"""Which text of a question a server is asked, by its version; and that texts which ask the same do not drift apart."""

import re
from pathlib import Path

import pytest

from zdtui.postgres.queries import SUFFIX, query

QUERIES = Path(__file__).parents[3] / "zdtui/postgres/queries"
COPY = "pg_catalog.pg_stat_progress_copy AS p"
UNION = "UNION ALL\n"
NEWER: dict[str, list[tuple[str, str]]] = {
    "locks_from_14": [
        ("`waited` is null: this server does not say since when.", "`waited`: time spent in the queue so far."),
        ("PostgreSQL 13.", "PostgreSQL 14 and later."),
        ("NULL::interval AS waited", "pg_catalog.clock_timestamp() - l.waitstart AS waited"),
    ],
    "victims_from_14": [
        (" (unknown before PostgreSQL 14: true)", ""),
        (" (before PostgreSQL 14: of its statement)", ""),
        ("PostgreSQL 13. No privilege.", "PostgreSQL 14 and later. Needs no privilege."),
        ("true AS behind", "coalesce(w.waitstart >= o.waitstart, true) AS behind"),
        ("clock_timestamp() - s.query_start", "clock_timestamp() - w.waitstart"),
    ],
    "progress_from_14": [("PostgreSQL 13 (no COPY).", "PostgreSQL 14 and later.")],
    "backend_progress_from_14": [("PostgreSQL 13 (no COPY).", "PostgreSQL 14 and later.")],
    "progress_from_19": [
        ("PostgreSQL 14 and later.", "PostgreSQL 19 and later."),
        ("pg_stat_progress_cluster", "pg_stat_progress_repack"),
    ],
    "backend_progress_from_19": [
        ("PostgreSQL 14 and later.", "PostgreSQL 19 and later."),
        ("pg_stat_progress_cluster", "pg_stat_progress_repack"),
    ],
    "server_checkpoints_from_17": [
        ("PostgreSQL 13 to 16.", "PostgreSQL 17 and later."),
        ("b.checkpoints_req", "k.num_requested"),
        ("pg_stat_bgwriter AS b", "pg_stat_checkpointer AS k"),
    ],
}
"""All that a newer text has other than the one before it. Beside that, from 14 on COPY's progress is a part of its own."""
OLD_BEFORE_14 = ("progress_from_14", "backend_progress_from_14")


@pytest.mark.parametrize("newer", sorted(path.stem for path in QUERIES.glob("*.sql") if SUFFIX.search(path.name)))
def test_a_newer_text_differs_from_the_one_before_it_by_what_is_named_and_by_nothing_else(newer: str) -> None:
    name, version = re.split(r"_from_(?=\d+$)", newer)
    text, before = (query(name, (int(version) - off) * 10000) for off in (0, 1))
    for old, new in NEWER[newer]:
        assert old in before, f"{old} stands no longer in the older text"
        before = before.replace(old, new)
    if newer in OLD_BEFORE_14:
        parts = text.split(UNION)
        assert [COPY in part for part in parts] == [False] * (len(parts) - 1) + [True]
        text = UNION.join(parts[:-1])
    assert _words(text) == _words(before)


@pytest.mark.parametrize("name", ["queries", "snapshot_holders", "backend_details"])
def test_a_backend_is_told_by_the_same_columns_wherever_it_is_read(name: str) -> None:
    """`zdtui.watch.backends.backend` reads them all."""
    ours = _columns(query("backends"))
    if name == "backend_details":  # the whole query, and its own count of workers
        ours = re.sub(r"pg_catalog\.left\(((?:(?!left).)*?), 2000\)", r"\1", ours)
        ours = ours.replace("coalesce(led.workers, 0)", "(SELECT pg_catalog.count(*) FROM worker)")
    assert _columns(query(name)) == ours


@pytest.mark.parametrize("version", [130000, 140000, 190000])
def test_what_has_a_row_in_the_pane_has_its_figures_when_it_is_opened(version: int) -> None:
    views = [
        set(re.findall(r"pg_stat_progress_\w+", query(name, version))) for name in ("progress", "backend_progress")
    ]
    assert views[0] == views[1]


@pytest.mark.parametrize("name", ["progress", "backend_progress"])
@pytest.mark.parametrize(("version", "view"), [(180000, "cluster"), (190000, "repack"), (200001, "repack")])
def test_from_19_on_the_progress_of_repack_is_asked_for(name: str, version: int, view: str) -> None:
    text = query(name, version)
    assert f"pg_stat_progress_{view} AS" in text
    assert text.count("pg_stat_progress_repack AS") + text.count("pg_stat_progress_cluster AS") == 1


def _words(text: str) -> list[str]:
    """Without where lines are broken."""
    return re.sub(r"(?m)^--", "", text).split()


def _columns(text: str) -> str:
    """From the pid to the number of workers."""
    found = re.search(r"SELECT a\.pid,.*?::integer AS workers", text, re.DOTALL)
    assert found is not None
    return " ".join(found[0].split())
