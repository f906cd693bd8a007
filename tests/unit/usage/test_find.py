"""Which statements use a column: the rule, on texts as pg_stat_statements keeps them."""

from zdtui.sql.text.name import Name
from zdtui.usage.catalog import Catalog
from zdtui.usage.find import usage_of
from zdtui.usage.usage import Called, Dependent, Subject, Usage, Verdict

USERS = Name("public", "users")
NAME = Subject(USERS, "name")


def test_a_statement_whose_text_is_not_to_be_had_counts_as_use() -> None:
    usage = usage_of(Catalog(), [Called(role="app", calls=3, text=None)], NAME)
    assert usage.verdict is Verdict.IN_USE
    assert [(each.role, each.calls) for each in usage.unread] == [("app", 3)]


def test_a_batch_of_our_own_is_told_apart_and_counts() -> None:
    text = "UPDATE users SET first = split_part(name, $1, $2) WHERE (id) OPERATOR(pg_catalog.>) ($3)"
    known = Catalog(columns={USERS: ("id", "name", "first")})
    (use,) = usage_of(known, [Called(role="migrator", calls=9, text=text)], NAME).statements
    assert use.why == "reads users.name; a batch of zdtui's own, of a backfill, a copy or a comparison"


def test_unknown_is_not_unused() -> None:
    assert usage_of(Catalog(), [], NAME, not_seen=("the counters were reset",)).verdict is Verdict.NOT_KNOWN
    assert usage_of(Catalog(), [], NAME).verdict is Verdict.UNUSED


def test_what_goes_with_the_column_is_in_nobodys_way() -> None:
    index = Dependent(what="index users_name", in_the_way=False)
    assert Usage(subject=NAME, since=None, dependents=(index,)).verdict is Verdict.UNUSED
    view = Dependent(what="view names", in_the_way=True)
    assert Usage(subject=NAME, since=None, dependents=(index, view)).in_the_way == (view,)
    ours = Dependent(what="function sync", in_the_way=True, of_the_plan=True)
    assert Usage(subject=NAME, since=None, dependents=(ours,)).verdict is Verdict.UNUSED
