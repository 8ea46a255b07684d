"""The pytest plugin: each check takes its seed from its test's id, and *cannot tell* is reported.

pytest loads it at start, so it imports only the standard library until a check runs. It makes no
assertions, so pytest need not rewrite it: PYTEST_DONT_REWRITE.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from handgrad.check_context import CheckContext, use_context
from handgrad.seeds import drawn_seed, seed_of

if TYPE_CHECKING:
    import numpy as np

SECTION = "handgrad"
"""The name of the section in a test's report, of its user property and of the option group."""
NEW_SEEDS = "new"
_context = pytest.StashKey[CheckContext]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the plugin."""
    group = parser.getgroup(SECTION, "gradients checked by handgrad")
    group.addoption(
        "--handgrad-strict",
        action="store_true",
        help="fail a check that cannot tell whether a gradient is right",
    )
    group.addoption(
        "--handgrad-explore",
        nargs="?",
        const=NEW_SEEDS,
        metavar="N",
        help="draw new seeds instead of using those of the test ids; pass the printed N to repeat a run",
    )
    parser.addini(
        "handgrad_strict", "like --handgrad-strict, for every run", type="bool", default=False
    )


def pytest_configure(config: pytest.Config) -> None:
    """Draw the number of an exploration once, so that the workers of pytest-xdist share it."""
    if config.option.handgrad_explore == NEW_SEEDS:
        config.option.handgrad_explore = str(drawn_seed())


def pytest_report_header(config: pytest.Config) -> str | None:
    """How to repeat an exploration."""
    number = config.option.handgrad_explore
    if not number:
        return None
    return f"handgrad: exploring new seeds; --handgrad-explore={number} repeats them"


def seed_for(item: pytest.Item) -> int:
    """The seed of a test: derived from its id, and from the exploration if there is one.

    The id begins at pytest's root folder, so it is the same on every machine.
    """
    number = item.config.option.handgrad_explore
    return seed_of(item.nodeid, *([number] if number else []))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Checks in a test and in its fixtures take their seeds from the test."""
    strict = item.config.option.handgrad_strict or item.config.getini("handgrad_strict")
    item.stash[_context] = CheckContext(seed_for(item), is_strict=bool(strict))
    with use_context(item.stash[_context]):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """A failed test says how to repeat its checks; every *cannot tell* goes into the report."""
    context = item.stash.get(_context, None)
    if context is None or call.when != "call" or not context.outcomes:
        return (yield)
    doubtful = (one.summary for one in context.outcomes if one.verdict == "cannot-tell")
    for summary in dict.fromkeys(doubtful):
        item.user_properties.append((SECTION, summary))
    report: Any = yield
    if report.failed:
        report.sections.append((SECTION, _how_to_repeat(item, context)))
    return report


def _how_to_repeat(item: pytest.Item, context: CheckContext) -> str:
    number = item.config.option.handgrad_explore
    option = f" --handgrad-explore={number}" if number else ""
    last = context.outcomes[-1]
    return (
        f"check {len(context.outcomes)} of this test: {last.name}, {last.verdict}, seed={last.seed}\n"
        f'repeat: pytest "{item.nodeid}"{option}'
    )


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """List the checks that could not tell, whether or not they failed."""
    doubtful = [
        (report.nodeid, summary)
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        for name, summary in getattr(report, "user_properties", [])
        if name == SECTION and getattr(report, "when", "") == "call"
    ]
    if not doubtful:
        return
    terminalreporter.section("handgrad: cannot tell", sep="-", yellow=True)
    for nodeid, summary in doubtful:
        terminalreporter.line(f"{nodeid}\n    {summary}")
    terminalreporter.line("These checks fail under --handgrad-strict.")


@pytest.fixture
def handgrad_seed(request: pytest.FixtureRequest) -> int:
    """The seed of this test: the same in every run, new under --handgrad-explore."""
    return seed_for(request.node)


@pytest.fixture
def handgrad_rng(handgrad_seed: int) -> np.random.Generator:
    """A NumPy generator for this test, to draw the inputs of a check."""
    from handgrad.arrays import seeded  # noqa: PLC0415 -- NumPy is loaded only by tests that use it

    return seeded(handgrad_seed)
