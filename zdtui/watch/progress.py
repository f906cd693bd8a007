"""The progress pane: what the server says of long commands, and whose snapshots our build has to outwait."""

from collections.abc import Collection

from zdtui.watch.backends import backend
from zdtui.watch.probe import Asked, Row, Rows
from zdtui.watch.samples import CommandProgress, ProgressSample, SnapshotHolder


class ProgressProbe:
    """Samples the pg_stat_progress_* views."""

    async def take(self, asked: Asked) -> ProgressSample:
        """One sample. Snapshot holders are asked for only while a CONCURRENTLY build of ours is under way."""
        rows = await asked.ask("progress")
        commands = tuple(command(row, asked.ours) for row in rows if row["phase"] is not None)
        build = our_build(commands)
        holders: Rows = ()
        if build is not None:
            holders = await asked.ask("snapshot_holders", build.pid, build.waits_for, sorted(asked.ours))
        return ProgressSample(
            commands,
            tuple(SnapshotHolder(backend(row, asked.ours)) for row in holders),
            hidden_commands=sum(row["phase"] is None and row["pid"] not in asked.ours for row in rows),
        )


def command(row: Row, ours: Collection[int]) -> CommandProgress:
    """One row of progress.sql."""
    return CommandProgress(
        pid=row["pid"],
        command=row["command"],
        relation=row["relation"] or "",
        phase=row["phase"],
        done=row["done"] or 0,
        total=row["total"] or 0,
        unit=row["unit"],
        waits_for=row["waits_for"],
        ours=row["pid"] in ours,
    )


def our_build(commands: Collection[CommandProgress]) -> CommandProgress | None:
    """The CONCURRENTLY build that is ours, if one is under way."""
    return next((each for each in commands if each.ours and "CONCURRENTLY" in each.command), None)
