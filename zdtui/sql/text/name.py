"""The name of a relation, a type or a function, as the catalogs hold it."""

from typing import NamedTuple

from zdtui.sql.text.quote import quote_identifier


class Name(NamedTuple):
    """A possibly qualified name: folded to lower case where the author did not quote it. `schema` is None if unsaid."""

    schema: str | None
    name: str

    @property
    def written(self) -> str:
        """As it has to be written in SQL, quoted where that is needed."""
        if self.schema is None:
            return quote_identifier(self.name)
        return ".".join(quote_identifier(part) for part in self if part is not None)

    def __str__(self) -> str:
        return self.written
