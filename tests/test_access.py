"""Who sees and does what."""

from __future__ import annotations

import pytest

from dashboard.access import Role, choose, local_viewer, scope_for, viewer_of
from dashboard.settings import PersonSetting
from data.types import Category

ANNA = PersonSetting("Anna", "administrator", ("skolen",))
KIM = PersonSetting("Kim", "communications")


@pytest.mark.parametrize(
    ("role", "everywhere", "categories", "browse", "acts"),
    [
        (Role.READER, False, set(Category), True, False),
        (Role.ADMINISTRATOR, False, set(Category), True, True),
        (Role.COMMUNICATIONS, True, set(Category), True, True),
        (Role.DPO, True, {Category.CONFIDENTIALITY}, False, True),
    ],
)
def test_roles(role, everywhere, categories, browse, acts):
    """Each role has the scope that its line of the table says."""
    scope = scope_for(role, ["skolen"])
    assert (everywhere, categories, browse, acts) == (
        scope.everywhere, set(scope.categories), scope.browse, scope.acts
    )  # fmt: skip
    assert (frozenset() if everywhere else {"skolen"}) == scope.institutions


def test_a_person_brings_their_institutions():
    """An administrator sees those of the configuration; somebody at the machine itself sees all."""
    assert frozenset({"skolen"}) == viewer_of(ANNA).scope.institutions
    assert local_viewer("Lokal").scope.everywhere


def test_the_demo_begins_with_who_sees_most():
    """An unknown name in the address gives no more than the first choice, and nobody where nobody is named."""
    assert ANNA == choose([ANNA, KIM], "Anna")
    assert KIM == choose([ANNA, KIM], "nobody")
    assert choose([], "Anna") is None
