"""The names PostgreSQL makes up for constraints, indexes and sequences (ChooseRelationName in the server's source)."""

LONGEST = 63
"""Bytes of an identifier (NAMEDATALEN - 1)."""


def made_name(*parts: str) -> str:
    """A name as PostgreSQL makes one up, cut to the longest there is: t_pkey, t_c_key, t_c_idx, t_c_check."""
    return "_".join(part for part in parts if part)[:LONGEST]
