"""How text travels between a session and its server, whatever the database is encoded in. The one place it is decided.

* A database in UTF-8: as it is. What is no UTF-8 all the same (the words of a session of another database, in
  pg_stat_activity) is told by its bytes, as `\\xe9`.
* SQL_ASCII: the server knows no characters, only bytes. Bytes that are no UTF-8 become half characters (Python's
  surrogateescape) and go back as the same bytes, so that a key is found again. The session says LATIN1, in which any
  byte is a character: the server then neither converts nor refuses anything.
* Any other: the server converts. A character that the database cannot hold (of a plan's title, say) is written as
  U+001A and its number, `{2026}`, and read back as what it was.
"""

import json
import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, NamedTuple

import psycopg
from psycopg.adapt import Buffer, Dumper, Loader
from psycopg.types.json import set_json_dumps, set_json_loads

SQL_ASCII, UTF8 = "SQL_ASCII", "UTF8"
ANY_BYTE = "LATIN1"
"""The client encoding of a session with SQL_ASCII."""
TEXTS = ("text", "varchar", "bpchar", "name", '"char"', 705, 0)
"""Types that are read as text; 705 is unknown, and 0 every type psycopg does not know: enums, extensions' types."""
ESCAPED = re.compile("\x1a\\{([0-9a-f]{1,6})\\}")
HALF = re.compile("[\ud800-\udfff]")
"""Half characters: Python's stand-ins for bytes that are no text."""
LATIN = (1, 2, 3, 4, 9, 10, 13, 14, 15, 16)
CODECS = {
    **{f"LATIN{number}": (f"iso8859_{part}",) for number, part in enumerate(LATIN, 1)},
    **{f"ISO_8859_{part}": (f"iso8859_{part}",) for part in (5, 6, 7, 8)},
    **{f"WIN{page}": (f"cp{page}",) for page in (866, 874, *range(1250, 1259))},
    "KOI8R": ("koi8_r",),
    "KOI8U": ("koi8_u",),
    "EUC_JP": ("euc_jp", "euc_jis_2004", "cp932"),
    "EUC_JIS_2004": ("euc_jis_2004", "euc_jp", "cp932"),
    "EUC_KR": ("euc_kr", "cp949"),
    "EUC_CN": ("gb2312", "gbk"),
}
"""Python's codecs of the server's encodings: the standard's first, then those of vendors that have more characters."""


async def speak(connection: psycopg.AsyncConnection[Any]) -> None:
    """Make the session read and write text as its database needs. Raises psycopg.Error."""
    encoding = server_encoding(connection)
    client = ANY_BYTE if encoding == SQL_ASCII else UTF8
    if connection.info.parameter_status("client_encoding") != client:
        await connection.execute(f"SET client_encoding = '{client}'".encode())
    known = _adapters(encoding)
    for kind in TEXTS:
        connection.adapters.register_loader(kind, known.loader)
    connection.adapters.register_dumper(str, known.dumper)
    set_json_loads(known.loads, connection)
    set_json_dumps(known.dumps, connection)


class _Adapters(NamedTuple):
    """How psycopg reads and writes text and JSON."""

    loader: type[Loader]
    dumper: type[Dumper]
    loads: Callable[[bytes | str], Any]
    dumps: Callable[[Any], bytes]


@lru_cache
def _adapters(encoding: str) -> _Adapters:
    """Made once for each encoding: psycopg keeps every function it was ever given."""
    reads, writes = reader(encoding), writer(encoding)
    unescaped, escaped = _unescaped(encoding, certain=True), _escaped(encoding, certain=True)
    return _Adapters(
        loader=_loader(reads),
        dumper=_dumper(writes),
        loads=partial(_loads, reads, unescaped),
        dumps=partial(_dumps, writes, escaped),
    )


def _loads(reads: Callable[[bytes], str], unescaped: Callable[[str], str], data: bytes | str) -> Any:
    return _each_text(json.loads(_text(reads, data)), unescaped)


def _dumps(writes: Callable[[str], bytes], escaped: Callable[[str], str], value: Any) -> bytes:
    return writes(json.dumps(_each_text(value, escaped), ensure_ascii=False))


def server_encoding(connection: psycopg.AsyncConnection[Any]) -> str:
    """What the database is encoded in, as the server names it."""
    return connection.info.parameter_status("server_encoding") or UTF8


def reader(encoding: str) -> Callable[[bytes], str]:
    """From the bytes of a session to text; never fails."""
    if encoding == SQL_ASCII:
        return lambda data: data.decode(errors="surrogateescape")
    unescaped = _unescaped(encoding)
    return lambda data: unescaped(data.decode(errors="backslashreplace"))


def writer(encoding: str) -> Callable[[str], bytes]:
    """From text to the bytes of a session; the other way round of `reader`."""
    if encoding == SQL_ASCII:
        return sql_bytes
    escaped = _escaped(encoding)
    return lambda text: escaped(text).encode()


def sql_bytes(sql: str) -> bytes:
    """A statement as it is sent: names that were read from an SQL_ASCII database keep their bytes."""
    return sql.encode(errors="surrogateescape")


def readable(message: str) -> str:
    """A server's message that was read by a session with SQL_ASCII: UTF-8 where it is that."""
    if message.isascii():
        return message
    try:
        return message.encode("latin-1").decode()
    except UnicodeError:
        return message


def whole(text: str) -> str:
    """The text for people and for files: bytes that are no text are told as `\\xe9`."""
    return text if text.isascii() else HALF.sub(lambda found: f"\\x{ord(found[0]) & 0xFF:02x}", text)


@lru_cache(maxsize=4096)
def is_held(encoding: str, character: str, certain: bool = False) -> bool:
    """Whether a database of that encoding can hold the character; `certain`: whatever vendor it is of.

    What is sent to be compared with rows is escaped only when no vendor has it; what the journal keeps, when in doubt.
    """
    if character.isascii() or encoding not in CODECS:
        return True
    for codec in CODECS[encoding][: 1 if certain else None]:
        try:
            character.encode(codec)
        except (UnicodeEncodeError, LookupError):
            continue
        return True
    return False


def _escaped(encoding: str, certain: bool = False) -> Callable[[str], str]:
    def escaped(text: str) -> str:
        if text.isascii() or encoding == SQL_ASCII:
            return text
        text = whole(text)
        if encoding not in CODECS:
            return text
        return "".join(each if is_held(encoding, each, certain) else f"\x1a{{{ord(each):x}}}" for each in text)

    return escaped


def _unescaped(encoding: str, certain: bool = False) -> Callable[[str], str]:
    def character(found: re.Match[str]) -> str:
        number = int(found[1], 16)
        known = number < 0x110000 and f"{number:x}" == found[1] and not is_held(encoding, chr(number), certain)
        return chr(number) if known else found[0]

    return lambda text: ESCAPED.sub(character, text) if "\x1a" in text and encoding in CODECS else text


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    match value:
        case str():
            return change(value)
        case dict():
            return {change(name): _each_text(each, change) for name, each in value.items()}
        case list() | tuple():
            return [_each_text(each, change) for each in value]
        case _:
            return value


def _text(reads: Callable[[bytes], str], data: bytes | str) -> str:
    return data if isinstance(data, str) else reads(bytes(data))


def _loader(reads: Callable[[bytes], str]) -> type[Loader]:
    class TextLoader(Loader):
        def load(self, data: Buffer) -> str:
            return reads(bytes(data))

    return TextLoader


def _dumper(writes: Callable[[str], bytes]) -> type[Dumper]:
    class TextDumper(Dumper):
        oid = 0

        def dump(self, obj: str) -> bytes:
            data = writes(obj)
            if b"\x00" in data:
                raise psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
            return data

    return TextDumper
