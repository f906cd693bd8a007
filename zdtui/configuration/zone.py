"""Time zones by name, such as Europe/Vienna, and a moment told in one beside UTC."""

from datetime import datetime
from zoneinfo import ZoneInfo

from zdtui.drawable import drawable
from zdtui.errors import ZdtuiError


def zone_named(name: str, where: str) -> ZoneInfo:
    """The zone of that name; `local` is the machine's own. Raises ZdtuiError, beginning with `where`."""
    try:
        if name == "local":
            with open("/etc/localtime", "rb") as file:
                return ZoneInfo.from_file(file)
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        said = drawable(name)[:40]
        raise ZdtuiError(
            f"{where}: there is no time zone {said} here; write local, or one such as Europe/Vienna"
        ) from None


def beside_utc(moment: datetime, zone: ZoneInfo | None, form: str) -> str:
    """'14:02 UTC', and with a zone '14:02 UTC, 16:02 CEST'. `form` is as for strftime."""
    told = f"{moment:{form}} UTC"
    if zone is None:
        return told
    there = moment.astimezone(zone)
    return f"{told}, {there:{form}} {drawable(there.tzname() or 'local')}"
