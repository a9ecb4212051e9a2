"""A scope as SQL: the one place where who may see what becomes a condition.

A scope that is not everywhere names its institutions; one that names none sees nothing, and so does a case query
of a scope without categories. Conditions are made of placeholders alone; values travel as parameters.
"""

from __future__ import annotations

from data.types import Scope

Condition = tuple[str, tuple[str, ...]]


def within(scope: Scope, column: str = "institution_id") -> Condition:
    """The condition that a row's institution is in scope, and its parameters."""
    if scope.everywhere:
        return "1=1", ()
    if not scope.institutions:
        return "0=1", ()
    return f"{column} IN ({marks(len(scope.institutions))})", tuple(sorted(scope.institutions))


def within_cases(scope: Scope, alias: str = "cases") -> Condition:
    """The condition that a case is in scope: its institution and its category."""
    if not scope.categories:
        return "0=1", ()
    places, names = within(scope, f"{alias}.institution_id")
    categories = tuple(sorted(scope.categories))
    return f"{places} AND {alias}.category IN ({marks(len(categories))})", (*names, *categories)


def readable(scope: Scope) -> Condition:
    """The condition that a case may be read: it is in scope, or went on from an institution that is.

    Whoever gave a case away reads on; who may act on it is `within_cases` alone.
    """
    own, names = within_cases(scope)
    if scope.everywhere or not scope.categories or not scope.institutions:
        return own, names
    given, givers = within(scope, "passings.from_id")
    categories = tuple(sorted(scope.categories))
    passed = (
        f"EXISTS (SELECT 1 FROM passings WHERE case_id = cases.id AND ended_at IS NULL AND {given})"  # noqa: S608, placeholders only
        f" AND cases.category IN ({marks(len(categories))})"
    )
    return f"({own} OR {passed})", (*names, *givers, *categories)


def owns(scope: Scope, institution_id: str) -> bool:
    """Whether what stands with an institution is in scope, and not only read on after it was given away."""
    return scope.everywhere or institution_id in scope.institutions


def marks(count: int) -> str:
    """`count` placeholders."""
    return ", ".join("?" * count)
