"""What a database's catalogs say that is needed to tell who uses a column. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from zdtui.sql.text.name import Name
from zdtui.usage.usage import Dependent


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function or procedure of people's own."""

    name: Name
    language: str
    body: str
    """As it is stored; of one with a body in standard SQL, that body."""
    definition: str = ""
    """The CREATE FUNCTION that makes it, as the server writes it."""
    row_arguments: Mapping[str, Name] = field(default_factory=dict)
    """By argument (its name and '$1'): the relation whose row it takes."""
    returns: Name | None = None
    """The relation whose rows it returns."""
    signature: str = ""
    """'full_name(users)', as the server writes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A trigger of people's own."""

    name: str
    table: Name
    function: Name
    transition_tables: tuple[str, ...] = ()
    """The names under which its function reads the rows that were changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A view or materialized view, with its query as the server writes it under a pinned search_path."""

    name: Name
    query: str
    materialized: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """One database, as far as it is known."""

    columns: Mapping[Name, tuple[str, ...]] = field(default_factory=dict)
    """By relation (tables, views, foreign tables): its columns in order."""
    children: Mapping[Name, tuple[Name, ...]] = field(default_factory=dict)
    """By table: its partitions and inheriting tables, one level."""
    views: tuple[View, ...] = ()
    functions: tuple[Function, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    constraints: Mapping[tuple[Name, str], tuple[str, ...]] = field(default_factory=dict)
    """By table and constraint: its columns, for ON CONFLICT ON CONSTRAINT."""
    generated: Mapping[tuple[Name, str], str] = field(default_factory=dict)
    """By table and generated column: its expression."""
    dependents: tuple[Dependent, ...] = ()
    """Of the subject, by the server's own records of dependency."""
