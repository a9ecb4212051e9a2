"""Every platform has a replay suite, and each suite plays every scenario: a door is not done before its faults are."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

from collectors.platforms import names

HERE = Path(__file__).parent
SCENARIOS = (
    "test_first_page",
    "test_paging_to_the_end",
    "test_edit",
    "test_hide",
    "test_delete",
    "test_repeated_ids",
    "test_empty_page",
    "test_too_many_requests",
    "test_expired_token",
    "test_missing_permission",
    "test_removed_endpoint",
    "test_server_error",
    "test_cut_body",
    "test_wrong_content_type",
    "test_clock_skew",
    "test_foreign_letters",
)


def lacking(source: str) -> list[str]:
    """The scenarios that a suite does not play: absent, without an assertion, or marked to be left out."""
    tree = ast.parse(source)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    return [name for name in SCENARIOS if name not in functions or not _plays(functions[name])]


def _plays(function: ast.FunctionDef) -> bool:
    marks = {
        node.attr for mark in function.decorator_list for node in ast.walk(mark) if isinstance(node, ast.Attribute)
    }
    asserts = any(isinstance(node, ast.Assert) and not _is_empty(node.test) for node in ast.walk(function))
    return asserts and not marks & {"skip", "skipif", "xfail"}


def _is_empty(test: ast.expr) -> bool:
    """An assertion of a constant can never fail."""
    return isinstance(test, ast.Constant)


@pytest.mark.parametrize("platform", names())
def test_every_platform_plays_every_scenario(platform: str) -> None:
    """First page, paging, edit, hide, delete, every kind of failure, and letters from everywhere."""
    suite = HERE / f"test_replay_{platform}.py"
    assert suite.is_file(), f"{suite.name} is missing"
    assert [] == lacking(suite.read_text("utf-8"))


@pytest.mark.parametrize("platform", names())
def test_a_suite_can_be_imported(platform: str) -> None:
    """A suite that does not import plays nothing, and every scenario in it can be called."""
    suite = importlib.import_module(f"tests.test_replay_{platform}")
    assert [] == [name for name in SCENARIOS if not callable(getattr(suite, name, None))]


@pytest.mark.parametrize(
    "body",
    ["pass", "assert True", "play()", "def inner():\n        pass"],
)
def test_a_scenario_that_asserts_nothing_is_found(body: str) -> None:
    """The guard itself: an empty function does not count."""
    suite = "\n".join(f"def {name}():\n    assert 1 == play()" for name in SCENARIOS[1:])
    assert [SCENARIOS[0]] == lacking(f"{suite}\ndef {SCENARIOS[0]}():\n    {body}\n")


def test_a_scenario_that_is_left_out_is_found() -> None:
    """A skip mark would make the list complete and the door untested."""
    suite = "\n".join(f"@pytest.mark.skip\ndef {name}():\n    assert 1 == play()" for name in SCENARIOS)
    assert list(SCENARIOS) == lacking(suite)
