"""What has no statement of SQL, said in sentences that read like one. Pure.

ALTER TABLE users REPLACE COLUMN name
  BY first_name text AS (split_part(name, ' ', 1)), last_name text AS (substr(name, strpos(name, ' ') + 1))
  BACK name AS (concat_ws(' ', first_name, last_name))
ALTER TABLE users MOVE COLUMNS (bio, avatar) TO profiles
ALTER TABLE log PARTITION BY RANGE (at) FROM ('2020-01-01') TO ('2027-01-01')
ALTER TYPE mood DROP VALUE 'sad'
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from postgast import PgQueryError, parse

from zdtui.draft.drafted import Asked, DraftError
from zdtui.sql.text.name import Name
from zdtui.sql.text.tokens import Token, TokenKind, tokens

WRITTEN_SO = "docs/drafting.md says how it is written"


@dataclass(frozen=True, slots=True)
class NewColumn:
    """A column that takes the place of others."""

    name: str
    type: str
    not_null: bool
    expression: str
    """Its value, from the columns it replaces."""


@dataclass(frozen=True, slots=True)
class Replace:
    """Columns that are replaced by others: split, merged, or of another meaning."""

    table: Name
    old: tuple[str, ...]
    new: tuple[NewColumn, ...]
    back: dict[str, str]
    """By replaced column: its value, from the new ones."""
    kind: str = "ALTER TABLE REPLACE COLUMN"


@dataclass(frozen=True, slots=True)
class Move:
    """Columns that get a table of their own."""

    table: Name
    columns: tuple[str, ...]
    into: Name
    kind: str = "ALTER TABLE MOVE COLUMNS"


@dataclass(frozen=True, slots=True)
class Partition:
    """A table that becomes a partition of one that takes its name."""

    table: Name
    column: str
    low: str
    high: str
    kind: str = "ALTER TABLE PARTITION BY"


@dataclass(frozen=True, slots=True)
class DropValue:
    """A value of an enum that nobody may use any more."""

    type: Name
    value: str
    kind: str = "ALTER TYPE DROP VALUE"
    table: None = None


Form = Replace | Move | Partition | DropValue
Kind = TypeVar("Kind", Replace, Move, Partition, DropValue)


def form_of(asked: Asked, kind: type[Kind]) -> Kind:
    """The sentence that was asked for, as data of this kind. DraftError when it is none."""
    form = read_form(asked.statement.text)
    if not isinstance(form, kind):
        raise DraftError(f"`{asked.shown}` cannot be read. {WRITTEN_SO}")
    return form


def read_form(text: str) -> Form | None:
    """The sentence as data; None: it is none of these. DraftError where it begins like one and cannot be read."""
    words = list(tokens(text))
    upper = [each.upper for each in words]
    if upper[:2] == ["ALTER", "TABLE"] and len(words) > 3:
        for place, word in enumerate(upper[:8]):
            if word == "REPLACE":
                return _replace(text, words, place)
            if word == "MOVE":
                return _move(text, words, place)
            if word == "PARTITION" and upper[place + 1 : place + 2] == ["BY"]:
                return _partition(text, words, place)
    if upper[:2] == ["ALTER", "TYPE"] and "DROP" in upper and upper[upper.index("DROP") + 1 :][:1] == ["VALUE"]:
        return _drop_value(text, words, upper.index("DROP"))
    return None


def _replace(text: str, words: list[Token], place: int) -> Replace:
    by = _keyword(text, words, "BY", place)
    back = _keyword(text, words, "BACK", by)
    new = tuple(_new_column(text, each) for each in _items(words[by + 1 : back]))
    values = dict(_value(text, each)[:2] for each in _items(words[back + 1 :]))
    old = tuple(_column(text, _cut(text, each)) for each in _items(words[place + 2 : by]))
    if set(values) != set(old):
        raise DraftError(
            f"`{_line(text)}`: BACK has to say what each replaced column holds for the release that still reads it:"
            f" {', '.join(old)}. {WRITTEN_SO}"
        )
    return Replace(_table(text, words[2:place]), old, new, {name: _inside(each) for name, each in values.items()})


def _new_column(text: str, words: list[Token]) -> NewColumn:
    name, expression, between = _value(text, words)
    upper = [each.upper for each in between]
    not_null = upper[-2:] == ["NOT", "NULL"]
    type_ = _cut(text, between[:-2] if not_null else between)
    if not type_:
        raise DraftError(f"`{_line(text)}`: {name} needs a type. {WRITTEN_SO}")
    return NewColumn(name, type_, not_null, _inside(expression))


def _value(text: str, words: list[Token]) -> tuple[str, str, list[Token]]:
    """`name [type] AS (expression)`: the name, the expression in its brackets, what stands between name and AS."""
    place = _keyword(text, words, "AS", 0)
    return _column(text, words[0].text), _cut(text, words[place + 1 :]), words[1:place]


def _move(text: str, words: list[Token], place: int) -> Move:
    to = _keyword(text, words, "TO", place)
    inner = [each for each in words[place + 2 : to] if each.text not in "()"]
    columns = tuple(_column(text, _cut(text, each)) for each in _items(inner))
    return Move(_table(text, words[2:place]), columns, _table(text, words[to + 1 :]))


def _partition(text: str, words: list[Token], place: int) -> Partition:
    if words[place + 2].upper != "RANGE":
        raise DraftError(
            f"`{_line(text)}`: a table is adopted as one partition by RANGE. For HASH or LIST decide whether a new"
            " partitioned table is filled beside it (plans/move-to-new-table.yaml)"
        )
    low, high = _keyword(text, words, "FROM", place), _keyword(text, words, "TO", place)
    column = [each for each in words[place + 3 : low] if each.text not in "()"]
    return Partition(
        _table(text, words[2:place]),
        _column(text, _cut(text, column)),
        _inside(_cut(text, words[low + 1 : high])),
        _inside(_cut(text, words[high + 1 :])),
    )


def _drop_value(text: str, words: list[Token], place: int) -> DropValue:
    values = [each for each in words[place + 2 :] if each.kind is TokenKind.STRING]
    if len(values) != 1:
        raise DraftError(f"`{_line(text)}`: which value? {WRITTEN_SO}")
    return DropValue(_table(text, words[2:place]), values[0].text[1:-1].replace("''", "'"))


def _keyword(text: str, words: list[Token], keyword: str, after: int) -> int:
    depth = 0
    for place, each in enumerate(words):
        depth += {"(": 1, ")": -1}.get(each.text, 0)
        if place > after and depth == 0 and each.upper == keyword:
            return place
    raise DraftError(f"`{_line(text)}`: there is no {keyword}. {WRITTEN_SO}")


def _items(words: list[Token]) -> Iterator[list[Token]]:
    """What stands between commas that are in no brackets."""
    depth, item = 0, list[Token]()
    for each in words:
        depth += {"(": 1, ")": -1}.get(each.text, 0)
        if depth == 0 and each.text == ",":
            yield item
            item = []
        elif each.kind is not TokenKind.SEMICOLON:
            item.append(each)
    yield item


def _cut(text: str, words: list[Token]) -> str:
    kept = [each for each in words if each.kind is not TokenKind.SEMICOLON]
    return " ".join(text[kept[0].start : kept[-1].end].split("\n")) if kept else ""


def _inside(bracketed: str) -> str:
    return bracketed[1:-1].strip() if bracketed.startswith("(") and bracketed.endswith(")") else bracketed


def _table(text: str, words: list[Token]) -> Name:
    try:
        relation = parse(f"TABLE {_cut(text, words)}").stmts[0].stmt.select_stmt.from_clause[0].range_var
    except (PgQueryError, IndexError):
        raise DraftError(f"`{_line(text)}`: {_cut(text, words) or 'nothing'} is no name. {WRITTEN_SO}") from None
    return Name(relation.schemaname or None, relation.relname)


def _column(text: str, word: str) -> str:
    try:
        fields = parse(f"SELECT {word}").stmts[0].stmt.select_stmt.target_list[0].res_target.val.column_ref.fields
        return str(fields[0].string.sval)
    except (PgQueryError, IndexError):
        raise DraftError(f"`{_line(text)}`: {word or 'nothing'} is no name of a column. {WRITTEN_SO}") from None


def _line(text: str) -> str:
    return " ".join(text.split())[:100]
