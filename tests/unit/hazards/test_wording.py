"""Effects and hazards in words."""

from dataclasses import replace

from zdtui.hazards.hazard import Finding, Hazard, Place, Severity
from zdtui.hazards.wording import blocks_line, counts_line, effects_line, some, taking, worst_line
from zdtui.sql.effects import Effects, Lock, Unnamed
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.operation import Operation
from zdtui.sql.split import split
from zdtui.sql.text.name import Name

ORDERS, USERS = Name(None, "orders"), Name("shop", "users")
STRONG = Lock(ORDERS, LockMode.ACCESS_EXCLUSIVE)
GENTLE = Lock(USERS, LockMode.SHARE_ROW_EXCLUSIVE)
RENAME = Hazard(rule="column-rename", severity=Severity.STOP, sentence="every query that says name fails at once")
RETRY = Hazard(rule="missing-if-exists", severity=Severity.NOTE, sentence="a retry fails")


def finding(effects: Effects = Effects(), *hazards: Hazard, traced: bool = False) -> Finding:  # noqa: B008
    statement = split("ALTER TABLE orders ADD x int")[0]
    operations = (Operation(kind="ALTER TABLE ADD COLUMN"),)
    place = Place(path="-", line=1, column=1)
    return Finding(
        statement=statement, place=place, operations=operations, effects=effects, hazards=hazards, traced=traced
    )


def test_the_strongest_lock_comes_first_and_reading_locks_are_left_out() -> None:
    effects = Effects(locks=(Lock(Name(None, "a"), LockMode.ACCESS_SHARE), GENTLE, STRONG), rewrites=(ORDERS,))
    assert effects_line(finding(effects)) == (
        "ACCESS EXCLUSIVE on orders, SHARE ROW EXCLUSIVE on shop.users · rewrites orders"
    )


def test_what_is_traced_what_is_feared_and_what_is_unknown_are_told_apart() -> None:
    effects = Effects(locks=(STRONG,))
    assert effects_line(finding(effects, traced=True)) == "ACCESS EXCLUSIVE on orders (traced)"
    assert effects_line(finding(replace(effects, certain=False))) == "ACCESS EXCLUSIVE on orders (at the worst)"
    assert "the strongest lock is assumed" in effects_line(finding(Effects(known=False)))
    assert effects_line(finding(Effects(transactional=False))) == "no table locks · not in a transaction"


def test_what_is_not_there_is_not_told_as_a_statement_without_locks() -> None:
    assert effects_line(finding(Effects(absent=(ORDERS,)))) == "nothing to lock: orders is not there"
    assert effects_line(finding(Effects(absent=(ORDERS, USERS)))) == "nothing to lock: orders, shop.users are not there"


def test_many_locks_are_counted() -> None:
    locks = tuple(Lock(Name(None, f"p{n}"), LockMode.ACCESS_EXCLUSIVE) for n in range(5))
    assert effects_line(finding(Effects(locks=locks))) == "ACCESS EXCLUSIVE on p0, p1, p2 and 2 more"


def test_who_has_to_wait() -> None:
    said = "while it holds its locks nobody can read or write orders, or write shop.users"
    assert blocks_line(Effects(locks=(STRONG, GENTLE))) == said
    assert blocks_line(Effects()) == ""


def test_who_has_to_wait_for_what_cannot_be_named_is_not_nobody() -> None:
    unnamed = Unnamed("what depends on it")
    assert (
        blocks_line(Effects(unnamed=unnamed)) == "while it holds its locks nobody can read or write what depends on it"
    )
    assert blocks_line(Effects(locks=(GENTLE,), unnamed=replace(unnamed, mode=LockMode.SHARE))) == (
        "while it holds its locks nobody can write shop.users, or write what depends on it"
    )
    assert blocks_line(Effects(unnamed=replace(unnamed, mode=LockMode.ACCESS_SHARE))) == ""


def test_hazards_are_named_counted_and_the_worst_comes_first() -> None:
    both = finding(Effects(), RETRY, RENAME)
    assert worst_line(both) == "stop column-rename and 1 more"
    assert worst_line(finding()) == ""
    silenced = finding(Effects(), replace(RENAME, silenced="four rows"), RETRY)
    assert worst_line(silenced) == "note missing-if-exists"
    assert counts_line((both, silenced)) == "1 stop, 2 note, 1 silenced"


def test_a_step_takes_the_strongest_first_and_what_takes_nothing_is_not_told_beside_it() -> None:
    none, gentle, strong = (finding(Effects(locks=locks)) for locks in ((), (GENTLE,), (STRONG,)))
    assert taking([none, gentle, strong]) == [strong, gentle]
    assert taking([none]) == [none]
    unknown, doubtful = finding(Effects(known=False)), finding(Effects(certain=False))
    assert taking([gentle, none, unknown]) == [unknown, gentle]
    assert doubtful in taking([strong, doubtful]), "a doubt is not nothing"


def test_several_names_are_said_as_they_come_and_those_of_a_set_by_name() -> None:
    names = [Name(None, each) for each in "dbca"]
    assert some(names) == "d, b, c and 1 more"
    assert some(set(names)) == "a, b, c and 1 more"
    assert some(dict.fromkeys(names[:2])) == "d, b"
