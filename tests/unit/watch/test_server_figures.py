"""What presses on the server, from rows as data: each figure stands alone, and what was never archived is not nothing."""

from collections.abc import Mapping
from typing import Any

import asyncpg

from zdtui.watch.probe import Asked, Rows
from zdtui.watch.samples import ServerSample, Unseen
from zdtui.watch.server import ServerProbe, segment_number

SEGMENT = 16 * 1024**2


def asked(now: float, **rows: Any) -> Asked:
    answers: Mapping[str, Any] = {
        "wal": {"lsn": 10 * SEGMENT, "in_recovery": False},
        "server": {"archiving": True, "archived": None, "segment": SEGMENT},
        "server_checkpoints": {"requested": 3},
        **rows,
    }

    async def ask(name: str, *_: object) -> Rows:
        answer = answers.get(name, ())
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, tuple) else (answer,)

    return Asked(ask, frozenset(), now)


async def taken(probe: ServerProbe, now: float, **rows: Any) -> ServerSample:
    return await probe.take(asked(now, **rows))


def wal(segments: float) -> dict[str, Any]:
    return {"lsn": round(segments * SEGMENT), "in_recovery": False}


async def test_a_rate_takes_two_readings_and_is_unknown_before() -> None:
    probe = ServerProbe()
    first = await taken(probe, 1.0)
    assert isinstance(first.wal_bytes_per_second, Unseen)
    assert first.wal_bytes_per_second.passing
    assert (await taken(probe, 2.0, wal=wal(11))).wal_bytes_per_second == SEGMENT


async def test_what_was_never_archived_waits_from_when_it_was_first_seen() -> None:
    probe = ServerProbe()
    assert (await taken(probe, 1.0, wal=wal(10.5))).archive_backlog == 0
    assert (await taken(probe, 2.0, wal=wal(30.5))).archive_backlog == 20


async def test_the_backlog_is_what_was_written_since_the_last_one_archived() -> None:
    archived = {"archiving": True, "archived": f"00000001{0:08X}{7:08X}", "segment": SEGMENT}
    assert (await taken(ServerProbe(), 1.0, wal=wal(10.5), server=archived)).archive_backlog == 2
    off = {"archiving": False, "archived": None, "segment": SEGMENT}
    assert (await taken(ServerProbe(), 1.0, server=off)).archive_backlog is None


async def test_one_refused_question_leaves_the_others() -> None:
    refused = asyncpg.InsufficientPrivilegeError("permission denied for function pg_current_wal_lsn")
    sample = await taken(ServerProbe(), 1.0, wal=refused)
    assert isinstance(sample.wal_bytes_per_second, Unseen)
    assert isinstance(sample.archive_backlog, Unseen)
    assert (sample.requested_checkpoints, sample.vacuumed) == (0, ())
    off = {"archiving": False, "archived": None, "segment": SEGMENT}
    assert (await taken(ServerProbe(), 1.0, wal=refused, server=off)).archive_backlog is None


async def test_a_vacuum_whose_table_is_hidden_may_be_on_ours() -> None:
    hidden = await taken(ServerProbe(), 1.0, vacuumed=({"name": "public.t"}, {"name": None}))
    assert isinstance(hidden.vacuumed, Unseen)


def test_a_file_s_number_counts_over_both_its_parts() -> None:
    assert segment_number(f"00000001{2:08X}{3:08X}", SEGMENT) == 2 * 256 + 3
