"""What zdtui is installed with: every package is locked, bounded, and under a licence that lets people use it."""

import re
from importlib.metadata import Distribution

from packaging.requirements import Requirement

from tests.dependencies import CHECKOUT, closure, locked, name_of, wanted

METADATA = ("License-Expression", "Classifier", "License")
MAY_BE_USED = re.compile(
    r"\b(MIT|Apache|BSD|PSF|Python Software Foundation|ISC|MPL|Mozilla|LGPL|Lesser General Public|PostgreSQL|Unlicense)\b",
    re.IGNORECASE,
)
"""Of a library that is imported and not changed, LGPL and MPL ask nothing of those who use it."""
MAY_NOT = re.compile(
    r"\bA?GPL|\bAffero|(?<!Lesser )\bGeneral Public\b|\bSSPL\b|\bBUSL\b|\bproprietary\b", re.IGNORECASE
)


def licence_of(installed: Distribution) -> str:
    """As its metadata say it, in any of the three ways there have been."""
    told = {name: [str(each) for each in installed.metadata.get_all(name) or ()] for name in METADATA}
    classified = [each.split("::")[-1].strip() for each in told["Classifier"] if each.startswith("License")]
    return ", ".join(told["License-Expression"]) or ", ".join(classified) or "".join(told["License"]).strip()[:60]


def test_every_licence_is_known_and_lets_people_use_it() -> None:
    run, test = wanted()
    told = {name: licence_of(each) for name, each in closure([*run, *test]).items()}
    assert len(told) > 30
    assert {name: each for name, each in told.items() if not MAY_BE_USED.search(each) or MAY_NOT.search(each)} == {}


def test_what_may_not_be_used_would_be_found() -> None:
    for licence in ("GPL-3.0-only", "AGPL-3.0", "GNU General Public License v3 (GPLv3)", "SSPL-1.0", ""):
        assert MAY_NOT.search(licence) or not MAY_BE_USED.search(licence), licence
    assert not MAY_NOT.search("LGPL-3.0-only")
    assert not MAY_NOT.search("GNU Lesser General Public License v3 (LGPLv3)")


def test_everything_is_locked() -> None:
    run, test = wanted()
    assert set(closure([*run, *test])) <= set(locked()), "run make lock"


def test_every_lock_is_within_its_bounds() -> None:
    run, test = wanted()
    for each in map(Requirement, [*run, *test]):
        if name_of(each.name) in locked():
            assert each.specifier.contains(locked()[name_of(each.name)]), each


def test_what_people_install_has_an_upper_bound() -> None:
    for each in map(Requirement, wanted()[0]):
        assert any(bound.operator in ("<", "<=", "==", "~=") for bound in each.specifier), each


def test_make_installs_what_is_locked() -> None:
    text = (CHECKOUT / "Makefile").read_text("utf-8")
    for line in re.findall(r".*pip install.*", text):
        assert "--upgrade pip" in line or "--constraint constraints.txt" in line, line
