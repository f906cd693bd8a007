"""The key a table is walked by, and stretches of it as conditions. Pure.

Conditions stand beside the author's expressions, under the author's search_path: operators and types have their schema.
The order of the range predicate is the order of the index: each column carries its index's collation, direction and
place of nulls, so that the server walks the index and never sorts. Keys travel as text and are cast to the column's
type by the server: every type works alike, survives JSON, and compares by the server's own rules.
"""

from dataclasses import dataclass, replace

from zdtui.postgres.encoding import whole

KeyValue = tuple[str, ...]


def key_text(key: KeyValue) -> str:
    """For people: '(4711)', '(4711, eu)'."""
    return whole(f"({', '.join(key)})")


ISO_DATED = ("pg_catalog.date", "date", "timestamp", "time")
"""Types whose text depends on DateStyle: they travel as JSON writes them, which is ISO 8601 in every session."""


@dataclass(frozen=True, slots=True)
class Operators:
    """What the order of an index is made of, each as SQL writes it with its schema."""

    less: str
    upto: str
    equal: str
    since: str
    greater: str


BUILT_IN = Operators(*(f"OPERATOR(pg_catalog.{name})" for name in ("<", "<=", "=", ">=", ">")))


@dataclass(frozen=True, slots=True)
class Order:
    """How one column of the key is ordered in the index it is walked by."""

    descending: bool = False
    nulls_first: bool = False
    collation: str = ""
    """Quoted and qualified; empty where it is the column's own."""
    operators: Operators = BUILT_IN

    @property
    def reversed(self) -> "Order":
        """As the same index is walked backwards."""
        return replace(self, descending=not self.descending, nulls_first=not self.nulls_first)

    def beyond(self, forward: bool, inclusive: bool) -> str:
        """The operator of what comes after a value in the index (before it: not `forward`)."""
        if self.descending is forward:
            return self.operators.upto if inclusive else self.operators.less
        return self.operators.since if inclusive else self.operators.greater

    @property
    def words(self) -> str:
        """What follows the column in ORDER BY; nothing where PostgreSQL means it anyway."""
        nulls = "" if self.nulls_first == self.descending else " NULLS FIRST" if self.nulls_first else " NULLS LAST"
        return f"{' DESC' if self.descending else ''}{nulls}"


@dataclass(frozen=True, slots=True)
class Key:
    """The columns a table is walked by, quoted where needed, and their types."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    orders: tuple[Order, ...] = ()
    """Empty: each ascending in its own collation."""
    nullable: tuple[str, ...] = ()
    """Columns of it that may be null: rows with such a null are not found by walking it."""

    @property
    def is_integer(self) -> bool:
        """Whether the place in the key range tells the share that is done."""
        return len(self.types) == 1 and self.types[0] in ("smallint", "integer", "bigint")

    @property
    def named(self) -> str:
        """For people: '(a, b)'."""
        return f"({', '.join(self.columns)})"

    @property
    def row(self) -> str:
        """The key as an SQL row: 'id', or '(a, b)', in the order of its index."""
        return _row(self._expressions())

    @property
    def selected(self) -> str:
        """The key's columns as text, for a select list.

        Renamed, because ORDER BY prefers an output column of the same name, and '9' sorts after '10' as text.
        """
        return ", ".join(f"{text} AS key_{place}" for place, text in enumerate(self._texts()))

    @property
    def texts(self) -> str:
        """The key's columns as text, for the arguments of a function."""
        return ", ".join(self._texts())

    @property
    def each_text(self) -> list[str]:
        """The key's columns as text, one by one."""
        return self._texts()

    @property
    def backwards(self) -> "Key":
        """The same key, walked from its other end."""
        return Key(self.columns, self.types, tuple(each.reversed for each in self._orders()), self.nullable)

    def parameters(self, first: int) -> str:
        """A row of parameters from $first on, cast to the key's types."""
        return _row([self._parameter(first, place) for place in range(len(self.types))])

    def order(self, descending: bool = False) -> str:
        """For ORDER BY; `descending`: from the other end."""
        orders = self.backwards._orders() if descending else self._orders()
        return ", ".join(f"{column}{each.words}" for column, each in zip(self._expressions(), orders, strict=True))

    def after(self, first: int) -> str:
        """The rows that come after the key in $first and what follows it."""
        return self._beyond(first, inclusive=False, forward=True)

    def upto(self, first: int) -> str:
        """The rows that come no later than the key in $first and what follows it."""
        return self._beyond(first, inclusive=True, forward=False)

    def since(self, first: int) -> str:
        """The rows that come no earlier than the key in $first and what follows it."""
        return self._beyond(first, inclusive=True, forward=True)

    def among(self, first: int) -> str:
        """The rows of some keys: $first is an array of their first columns, and so on."""
        arrays = [f"${first + place}::{kind}[]" for place, kind in enumerate(self.types)]
        if len(arrays) == 1:
            return f"{self.columns[0]} {self._orders()[0].operators.equal} ANY ({arrays[0]})"
        names = [f"zdtui_key_{place}" for place in range(len(arrays))]
        same = " AND ".join(
            f"{column} {order.operators.equal} zdtui_keys.{name}"
            for column, order, name in zip(self.columns, self._orders(), names, strict=True)
        )
        lists = ", ".join(f"pg_catalog.unnest({each})" for each in arrays)
        listed = f"ROWS FROM ({lists}) AS zdtui_keys({', '.join(names)})"
        return f"EXISTS (SELECT FROM {listed} WHERE {same})"

    def some_null(self) -> str:
        """The rows that walking the key does not find."""
        return f"({' OR '.join(f'{column} IS NULL' for column in self.nullable)})"

    def _orders(self) -> tuple[Order, ...]:
        return self.orders or (Order(),) * len(self.columns)

    def _expressions(self) -> list[str]:
        return [
            f"{column} COLLATE {order.collation}" if order.collation else column
            for column, order in zip(self.columns, self._orders(), strict=True)
        ]

    def _texts(self) -> list[str]:
        return [
            f"(pg_catalog.to_jsonb({column}) OPERATOR(pg_catalog.#>>) '{{}}')"
            if kind.startswith(ISO_DATED)
            else f"{column}::pg_catalog.text"
            for column, kind in zip(self.columns, self.types, strict=True)
        ]

    def _parameter(self, first: int, place: int) -> str:
        return f"${first + place}::{self.types[place]}"

    def _beyond(self, first: int, inclusive: bool, forward: bool) -> str:
        """One comparison of rows where all columns run the same way: an index is walked by exactly that."""
        operators = {order.beyond(forward, inclusive) for order in self._orders()}
        if len(operators) == 1:
            return f"{self.row} {operators.pop()} {self.parameters(first)}"
        return self._by_columns(first, inclusive, forward)

    def _by_columns(self, first: int, inclusive: bool, forward: bool) -> str:
        """For an index of mixed directions: the first column bounds the walk, the others break its ties."""
        condition = ""
        for place in reversed(range(len(self.columns))):
            column, value, order = self._expressions()[place], self._parameter(first, place), self._orders()[place]
            beyond, since = order.beyond(forward, inclusive=False), order.beyond(forward, inclusive=True)
            if not condition:
                condition = f"{column} {since if inclusive else beyond} {value}"
            else:
                condition = f"{column} {since} {value} AND ({column} {beyond} {value} OR ({condition}))"
        return f"({condition})"


def _row(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({', '.join(parts)})"


@dataclass(frozen=True, slots=True)
class Bounds:
    """A batch: keys after `after` (None: from the first) up to and including `upto`."""

    after: KeyValue | None
    upto: KeyValue
    inclusive: bool = False
    """Whether the row at `after` belongs to it."""

    @property
    def parameters(self) -> list[str]:
        """The values in the order `condition` names them."""
        return [*(self.after or ()), *self.upto]

    def condition(self, key: Key, first: int = 1) -> str:
        """The batch as a condition, with parameters from $first on."""
        upto = key.upto(first + len(self.after or ()))
        if self.after is None:
            return upto
        return f"{key.since(first) if self.inclusive else key.after(first)} AND {upto}"
