"""Where to connect, as the person said it, completed the way libpq completes it."""

from dataclasses import dataclass

from psycopg import Error, pq
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from zdtui.errors import TargetError
from zdtui.postgres.target.service_file import service_settings
from zdtui.postgres.target.unreachable import malformed
from zdtui.postgres.target.uri import password_as_written, uri_defect

DEFAULTS = {
    "connect_timeout": "5",
    "keepalives": "1",
    "keepalives_idle": "2",
    "keepalives_interval": "1",
    "keepalives_count": "3",
    "tcp_user_timeout": "5000",
}
"""What we choose when the person chose nothing: a dead link is noticed in about five seconds, not in two hours."""


@dataclass(frozen=True, slots=True, repr=False)
class Target:
    """A database, as libpq understands it."""

    conninfo: str = ""
    """A URI, or keywords and values; may be empty: then PG* variables and defaults say all."""
    password: str | None = None
    """One that was prompted for; None when libpq finds its own (or needs none)."""

    def __repr__(self) -> str:
        """The parameters without any password."""
        return f"Target({self.without_password()!r})"

    def given(self) -> dict[str, str]:
        """The parameters of `conninfo`, password and all. TargetError when it cannot be read, or not as it is meant."""
        if defect := uri_defect(self.conninfo):
            raise TargetError(defect)
        try:
            return {key: str(value) for key, value in conninfo_to_dict(self.conninfo).items() if value is not None}
        except (Error, ValueError) as error:
            raise TargetError(malformed(str(error))) from None

    def effective(self) -> dict[str, str]:
        """What will hold, as far as it can be known before connecting: conninfo, else service, else PG* variables."""
        given = self.given()
        service = service_settings(given["service"]) if "service" in given else {}
        return {**_environment(), **service, **given}

    def complete(self, application_name: str) -> str:
        """The connection string to connect with: as given, with our name and DEFAULTS where the person set none."""
        given = self.given()
        chosen = self.effective()
        ours = {key: value for key, value in DEFAULTS.items() if key not in chosen}
        if self.password is not None:
            ours["password"] = self.password
        return make_conninfo("", **{**given, **ours, "application_name": application_name, "client_encoding": "UTF8"})

    def secrets(self) -> tuple[str | None, ...]:
        """Everything that must never be shown."""
        chosen = self.effective()
        return (self.password, chosen.get("password"), chosen.get("sslpassword"), password_as_written(self.conninfo))

    def without_password(self) -> str:
        """The connection string for people: no password in it. '?' when it cannot be read."""
        try:
            given = self.given()
        except TargetError:
            return "?"
        return make_conninfo("", **{key: value for key, value in given.items() if "password" not in key})


def _environment() -> dict[str, str]:
    """What PG* variables, and the service PGSERVICE names, set. Values that libpq compiled in are nobody's choice."""
    chosen = {}
    for option in pq.Conninfo.get_defaults():
        if option.val is not None and option.val != option.compiled:
            chosen[option.keyword.decode()] = option.val.decode(errors="replace")
    return chosen
