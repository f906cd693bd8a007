"""What a function uses, by its body; which languages cannot be read, and which functions run SQL they are given."""

from zdtui.usage.catalog import Function
from zdtui.usage.reader.scope import Source
from zdtui.usage.reader.statement import Reading, read_body, read_queries
from zdtui.usage.reader.watched import Watched

RUN_SQL_THEY_ARE_GIVEN = frozenset(
    {"query_to_xml", "query_to_xmlschema", "query_to_xml_and_xmlschema", "cursor_to_xml", "ts_stat"}
    | {"table_to_xml", "table_to_xmlschema", "table_to_xml_and_xmlschema", "schema_to_xml", "database_to_xml"}
    | {"dblink", "dblink_exec", "dblink_open", "dblink_send_query", "connectby", "xpath_table"}
    | {"crosstab", "crosstab2", "crosstab3", "crosstab4"}
)
"""PostgreSQL's own and those of its extensions: what they run is a value, and values are not kept."""
ASKS_BY = {
    "plpython3u": "plpy",
    "plperl": "spi_",
    "plperlu": "spi_",
    "pltcl": "spi_",
    "pltclu": "spi_",
    "plv8": "plv8.",
}
"""How a body in that language asks the server."""
COMPILED = frozenset({"c", "internal"})
"""Code of the server or of an extension, which knows no table of people's own but by values."""


def read_function(function: Function, watched: Watched, given: tuple[Source, ...] = ()) -> Reading:
    """What it uses; `given` are the rows of watched relations that it is called with."""
    if function.language == "plpgsql":
        return read_body(function.body, watched, given)
    if function.language == "sql":
        return read_queries(function.body or function.definition, watched, given)
    if function.language in COMPILED or _asks_nothing(function):
        return Reading()
    return Reading(unread=(f"it is written in {function.language}",))


def _asks_nothing(function: Function) -> bool:
    word = ASKS_BY.get(function.language)
    return word is not None and word not in function.body
