"""The advisory locks of ours have a key each: one that stood for two things would be taken for the other."""

from zdtui.postgres import journal

KEYS = {name: value for name, value in vars(journal).items() if name.endswith("_KEY")}


def test_every_key_stands_for_one_thing() -> None:
    assert len(KEYS) >= 3
    assert len(set(KEYS.values())) == len(KEYS), KEYS
    assert all(value.to_bytes(8, "big").startswith(b"zdtui\0\0") for value in KEYS.values())
