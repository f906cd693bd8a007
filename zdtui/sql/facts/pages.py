"""The manual's page of a command. Held against psql's own list of them by tests/integration/sql/test_pages.py."""

OBJECTS = {
    "ACCESS METHOD": "-access-method",
    "DEFAULT PRIVILEGES": "defaultprivileges",
    "EVENT TRIGGER": "eventtrigger",
    "FOREIGN DATA WRAPPER": "foreigndatawrapper",
    "FOREIGN TABLE": "foreigntable",
    "LARGE OBJECT": "largeobject",
    "MATERIALIZED VIEW": "materializedview",
    "OPERATOR CLASS": "opclass",
    "OPERATOR FAMILY": "opfamily",
    "OWNED": "-owned",
    "TABLE AS": "tableas",
    "TEXT SEARCH CONFIGURATION": "tsconfig",
    "TEXT SEARCH DICTIONARY": "tsdictionary",
    "TEXT SEARCH PARSER": "tsparser",
    "TEXT SEARCH TEMPLATE": "tstemplate",
    "USER MAPPING": "usermapping",
}
"""What CREATE, ALTER and DROP are followed by where it is not one word."""
COMMANDS = {
    "COMMIT PREPARED": "commit-prepared",
    "IMPORT FOREIGN SCHEMA": "importforeignschema",
    "PREPARE TRANSACTION": "prepare-transaction",
    "REASSIGN OWNED": "reassign-owned",
    "REFRESH": "refreshmaterializedview",
    "RELEASE SAVEPOINT": "release-savepoint",
    "ROLLBACK PREPARED": "rollback-prepared",
    "ROLLBACK TO": "rollback-to",
    "SECURITY LABEL": "security-label",
    "SELECT INTO": "selectinto",
    "SET CONSTRAINTS": "set-constraints",
    "SET TRANSACTION": "set-transaction",
}
"""Commands whose page is not called by their first word."""


def page_of(kind: str) -> str:
    """The command's own page: 'ALTER TYPE ADD VALUE' → sql-altertype.html."""
    verb, _, rest = kind.partition(" ")
    if verb in ("CREATE", "ALTER", "DROP"):
        named = (part for words, part in OBJECTS.items() if f"{rest} ".startswith(f"{words} "))
        return f"sql-{verb.lower()}{next(named, rest.partition(' ')[0].lower())}.html"
    own = (page for words, page in COMMANDS.items() if f"{kind} ".startswith(f"{words} "))
    return f"sql-{next(own, verb.lower())}.html"
