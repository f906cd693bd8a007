"""Going through a folder: each migration up, down and up again, on after a failure where that is possible."""

import time
from collections.abc import Callable

import psycopg

from zdtui.errors import TargetError
from zdtui.fingerprint.compare import compare
from zdtui.fingerprint.fingerprint import Fingerprint
from zdtui.fingerprint.take import take
from zdtui.fingerprint.verdict import Verdict
from zdtui.importing.migration import Folder, ImportingError, Migration, Script
from zdtui.postgres.sessions.connect import connect
from zdtui.postgres.sessions.error_text import sentence
from zdtui.postgres.sessions.session import Session
from zdtui.postgres.target.target import Target
from zdtui.rehearse.folder.judged import JudgedFolder, JudgedMigration, Judgement, judgement, names_of
from zdtui.rehearse.folder.place import Place, place_on, scratch_server
from zdtui.rehearse.folder.scripts import APPLICATION, Broken, Runner, first_that_says

NOTHING = Fingerprint({})
Looked = Fingerprint | str
"""A look, or why there is none."""
Report = Callable[[JudgedMigration], None]


async def rehearse_folder(folder: Folder, first: str | None, server: Target | None, report: Report) -> JudgedFolder:
    """Go through the folder from the version `first` on; those before are only run up.

    `server`: where an empty database is made for it; None: a scratch server. Nothing of either stays, but roles that
    the migrations made on a server that was given. Raises ImportingError, TargetError, EmbeddedServerError.
    """
    versions = [each.version for each in folder.migrations]
    if first is not None and first not in versions:
        raise ImportingError(f"there is no version `{first[:60]}` in the folder")
    start = 0 if first is None else versions.index(first)
    if server is None:
        with scratch_server() as scratch:
            return await _gone(folder, start, scratch, True, report)
    return await _gone(folder, start, server, False, report)


async def _gone(folder: Folder, start: int, server: Target, scratch: bool, report: Report) -> JudgedFolder:
    judged: list[JudgedMigration] = []
    async with place_on(server, scratch=scratch) as place:
        going, roles = Going(place, folder), await place.roles()
        try:
            for each in folder.migrations[:start]:
                await going.only_up(each)
            for each in folder.migrations[start:]:
                judged.append(await going.one(each))
                report(judged[-1])
            stay = () if scratch else sorted(await place.roles() - roles)
        except psycopg.Error as error:
            raise TargetError(f"the server ended the rehearsal: {sentence(error)}") from None
        finally:
            await going.close()
    left_out = (f"left out: {each}" for each in folder.remarks)
    notes = (
        *left_out,
        *going.notes,
        *(f"role {each} was made by a migration and stays on the server" for each in stay),
    )
    return JudgedFolder(folder.tool, place.version, tuple(judged), notes)


class Going:
    """Where a rehearsal of a folder stands."""

    def __init__(self, place: Place, folder: Folder) -> None:
        self.notes: list[str] = []
        self._place = place
        self._names = names_of(folder)
        self._runner = Runner(place.target)
        self._looking: Session | None = None
        self._seen: Fingerprint | None = None
        """The database as it is now, where it was looked at since it was changed."""
        self._up: list[Migration] = []
        """Those that are up, in their order."""
        self._not_as_it_was = False
        """A way down left something different: an error that comes later may come from that."""
        self._skipped: list[tuple[str, str]] = []
        self._failed: list[tuple[str, str]] = []
        self._extensions: list[str] = []

    async def close(self) -> None:
        """End the sessions in the database."""
        await self._runner.close()
        if self._looking is not None:
            await self._looking.close()
            self._looking = None

    async def only_up(self, migration: Migration) -> None:
        """Run it up, because those that are rehearsed need it."""
        broken = await self._run(migration.up, migration) if migration.up is not None else Broken(migration.unread)
        if broken is not None:
            self._failed.append((self._names[migration], "" if migration.up is None else migration.up.sql))
            self.notes.append(f"{migration.path}, which comes before, could not be run: {broken.why}")

    async def one(self, migration: Migration) -> JudgedMigration:
        """Rehearse it."""
        began = time.monotonic()
        verdict, difference = await self._judged(migration)
        seconds = round(time.monotonic() - began, 3)
        return JudgedMigration(self._names[migration], migration.path, verdict, difference, seconds)

    async def _judged(self, migration: Migration) -> tuple[Judgement, str]:
        if migration.up is None:
            return self._passed_over(migration, "", f"it is not read: {migration.unread}")
        before, broken = await self._up_from_here(migration, migration.up)
        if broken is not None and not broken.extension and self._not_as_it_was:
            await self._begin_anew()
            before, broken = await self._up_from_here(migration, migration.up)
        if broken is not None:
            return self._not_up(migration, migration.up, broken)
        if migration.down is None:
            if migration.down_unread:
                return Judgement.SKIPPED, f"its way down is not read: {migration.down_unread}"
            return Judgement.NO_WAY_DOWN, ""
        broken = await self._run(migration.down, migration)
        if broken is not None:
            self._not_as_it_was |= broken.half_done
            return Judgement.FAILED, f"its way down: {broken.why}"
        verdict, difference = judgement(_compared(before, await self._look()))
        broken = await self._run(migration.up, migration)
        self._not_as_it_was |= verdict is Judgement.DIFFERS or broken is not None
        if broken is not None:
            again = f"after its way down it cannot be run again: {broken.why}"
            return Judgement.FAILED if verdict in (Judgement.EXACT, Judgement.EXACT_BUT) else verdict, "\n".join(
                each for each in (difference, again) if each
            )
        return verdict, difference

    def _not_up(self, migration: Migration, up: Script, broken: Broken) -> tuple[Judgement, str]:
        """Why it was not run up: for want of an extension, for want of one that was skipped, or by itself."""
        if broken.extension:
            self._extensions.append(broken.extension)
            return self._passed_over(migration, up.sql, f"this server has no extension {broken.extension}")
        if broken.undefined and (of := first_that_says(self._skipped, broken.undefined)):
            return self._passed_over(migration, up.sql, f"it needs {of}, which was skipped: {broken.why}")
        if broken.may_be_an_extension_s and self._extensions:
            of_one = f"it needs what may be of the missing extension {' or '.join(self._extensions)}: {broken.why}"
            return self._passed_over(migration, up.sql, of_one)
        self._not_as_it_was |= broken.half_done
        of = first_that_says(self._failed, broken.undefined) if broken.undefined else ""
        self._failed.append((self._names[migration], up.sql))
        return Judgement.FAILED, f"{broken.why} ({of} failed, which speaks of it)" if of else broken.why

    def _passed_over(self, migration: Migration, text: str, why: str) -> tuple[Judgement, str]:
        self._skipped.append((self._names[migration], text))
        return Judgement.SKIPPED, why

    async def _up_from_here(self, migration: Migration, up: Script) -> tuple[Looked, Broken | None]:
        """What there was, and the way up. A role that it takes to be there is made on a scratch server, and said."""
        while True:
            before = await self._look() if migration.down is not None else NOTHING
            broken = await self._run(up, migration)
            if broken is None or not broken.role or broken.half_done or not self._place.scratch:
                return before, broken
            self.notes.append(f"role {broken.role} was made, because {migration.path} takes it to be there")
            await self._place.make_role(broken.role)
            self._seen = None

    async def _run(self, script: Script, migration: Migration) -> Broken | None:
        broken = await self._runner.run(script)
        if broken is None or broken.half_done:
            self._seen = None
        if broken is None and script is migration.up and migration not in self._up:
            self._up.append(migration)
        return broken

    async def _begin_anew(self) -> None:
        """An empty database, and everything up again that was: nothing is left of ways down that leave something."""
        await self.close()
        await self._place.begin_anew()
        self._seen, self._not_as_it_was = None, False
        for each in self._up:
            if each.up is not None:
                await self._runner.run(each.up)

    async def _look(self) -> Looked:
        """The database as it is now, or why it cannot be seen."""
        if self._seen is None:
            if self._looking is None:
                self._looking = await connect(self._place.target, application_name=APPLICATION, only_asks=False)
            try:
                self._seen = await take(self._place.target, self._place.dumper, session=self._looking)
            except TargetError as error:
                return str(error)
        return self._seen


def _compared(before: Looked, after: Looked) -> Verdict:
    if isinstance(before, str):
        return Verdict.unknown(before)
    return Verdict.unknown(after) if isinstance(after, str) else compare(before, after)
