"""Every rule, in the order in which `zdtui explain` lists them."""

from functools import lru_cache

from zdtui.hazards.rule import Finder, Rule
from zdtui.hazards.rules import (
    column_types,
    columns,
    constraints,
    dropped_constraints,
    foreign_keys,
    indexes,
    losing,
    not_null,
    objects,
    partitions,
    plans,
    refused,
    renames,
    replaced_indexes,
    rows,
    secrets,
    security,
    settings,
    transactions,
    triggers,
    under_lock,
    unique,
)

RULES: tuple[Rule, ...] = (
    *renames.RULES,
    *refused.RULES,
    *not_null.RULES,
    *columns.RULES,
    *column_types.RULES,
    *indexes.RULES,
    *replaced_indexes.RULES,
    *constraints.RULES,
    *foreign_keys.RULES,
    *dropped_constraints.RULES,
    *unique.RULES,
    *partitions.RULES,
    *rows.RULES,
    *losing.RULES,
    *objects.RULES,
    *triggers.RULES,
    *security.RULES,
    *secrets.RULES,
    *settings.RULES,
    *transactions.RULES,
    *under_lock.RULES,
    *plans.RULES,
)
BY_NAME: dict[str, Rule] = {rule.name: rule for rule in RULES}
_FINDERS = tuple((rule, finder) for rule in RULES for finder in rule.finders)


@lru_cache(maxsize=512)
def finders_for(kinds: frozenset[str]) -> tuple[tuple[Rule, Finder], ...]:
    """Who looks at a statement whose operations are of these kinds, in the order of the rules."""
    return tuple((rule, each) for rule, each in _FINDERS if each.kinds is None or each.kinds & kinds)


SAME_AS_SQUAWK: dict[str, tuple[str, ...]] = {rule.name: rule.squawk for rule in RULES if rule.squawk}
"""For each of our rules, those of squawk that say the same."""
