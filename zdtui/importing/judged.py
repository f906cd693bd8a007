"""Which scripts of a folder the console can run: each is held against what a plan may say, whichever tool wrote it.

Looked at once, for all tools: a migration that a plan cannot have is named with the reason, and never makes the plan
unreadable.
"""

from dataclasses import replace

from zdtui.importing.migration import Folder, Migration, Script
from zdtui.importing.parts import parts_of, why_not_cut
from zdtui.steps.mistake import sql_mistakes
from zdtui.steps.statements import Sql


def judged(folder: Folder) -> Folder:
    """The folder with what cannot be run here named in `unread` and `down_unread`."""
    return replace(folder, migrations=tuple(_judged(each) for each in folder.migrations))


def _judged(migration: Migration) -> Migration:
    up = migration.unread or ("" if migration.up is None else why_unread(migration.up))
    down = migration.down_unread or ("" if migration.down is None else why_unread(migration.down))
    return replace(
        migration,
        up=None if up else migration.up,
        unread=up,
        down=None if down else migration.down,
        down_unread=down,
    )


def why_unread(script: Script) -> str:
    """Why a script cannot be run here, as half a sentence; empty when it can. One without a statement can."""
    if why := why_not_cut(script.sql):
        return why
    for part in parts_of(script):
        text = Sql(sql=part.sql)
        if text.statements and (mistake := next(sql_mistakes(text), None)) is not None:
            return mistake.sentence
    return ""
