"""How texts stand in the files of a tool: comments of SQL, literals of Python, names of files. Pure."""

import re

from zdtui.exporting.pieces import Side


def sql_comment(text: str) -> str:
    """The text as lines of a comment of SQL; empty for nothing."""
    return "".join(f"-- {line}".rstrip() + "\n" for line in text.splitlines())


def sql_of(side: Side, *, transaction: bool = False) -> str:
    """What is said of a side, and its statements; `transaction`: BEGIN and COMMIT around those that are together."""
    if not side.sql:
        return sql_comment(side.said)
    around = ("BEGIN;\n", "COMMIT;\n") if transaction and side.together else ("", "")
    return f"{sql_comment(side.said)}{around[0]}{side.sql}{around[1]}"


def file_name(name: str) -> str:
    """A step's id as a word."""
    return name.replace("-", "_")


def python_text(text: str) -> str:
    """The text as a literal of Python: on lines of its own where that is the same text."""
    if re.search(r'\\|"""|"\Z|[^\x20-\x7e\n\t]', text) or "\n" not in text:
        return repr(text)
    return f'"""\\\n{text}"""'


def python_comment(text: str, indent: str) -> str:
    """The text as lines of a comment of Python."""
    return "".join(f"{indent}# {line}".rstrip() + "\n" for line in text.splitlines())
