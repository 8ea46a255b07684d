"""Seeded random shapes and numbers, the engines in turn, databases, a judge shared by the whole suite.

pytest --seeds 20    runs only the tests that draw from `rng`, each with 20 seeds
"""

from __future__ import annotations

import os
import re
import secrets
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import postgres
import pytest
from support.tier import TIER_LINE

from handgrad import kernels
from handgrad.course import Course, load_course
from handgrad.judging import Judge
from handgrad.kernels.native_library import LibraryMissing, native_library

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Started in the background of a shell, where Ctrl-C is ignored; the tests send it all the same.
    signal.signal(signal.SIGINT, signal.default_int_handler)

os.environ["HANDGRAD_LANG"] = "en"  # an error's str() speaks the machine's language; tests read one

# In the environment, so that processes that share the tests draw the same numbers.
SEED = int(os.environ.setdefault("HANDGRAD_TEST_SEED", str(secrets.randbelow(2**31))))


SEED_ID = re.compile(r"seed=\d+-|-?seed=\d+|\[seed=\d+\]")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--seeds", type=int, help="run only the tests that draw random numbers, with so many seeds"
    )


def pytest_report_header() -> list[str]:
    return [f"seed of random shapes: HANDGRAD_TEST_SEED={SEED}", TIER_LINE]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """With --seeds, every test that draws is run with so many seeds in a row."""
    count = metafunc.config.getoption("--seeds")
    if count and "rng" in metafunc.fixturenames:
        seeds = range(SEED, SEED + count)
        metafunc.parametrize("rng", seeds, indirect=True, ids=[f"seed={seed}" for seed in seeds])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With --seeds, tests that draw nothing are left out."""
    if config.getoption("--seeds"):
        left_out = [item for item in items if "rng" not in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if "rng" in getattr(item, "fixturenames", ())]


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Numbers of this test's own, repeatable with HANDGRAD_TEST_SEED."""
    seed = getattr(request, "param", SEED)
    print(f"HANDGRAD_TEST_SEED={seed}")
    label = sum(map(ord, SEED_ID.sub("", request.node.nodeid)))
    return np.random.default_rng([seed, label])


@pytest.fixture(params=kernels.ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each engine in turn computes during the test."""
    found = native_library()
    if request.param == "native" and isinstance(found, LibraryMissing):
        pytest.skip(found.reason.en)
    before = kernels.use_engine(request.param)
    yield request.param
    kernels.use_engine(before)


@pytest.fixture(scope="session")
def course() -> Course:
    """The package's own levels."""
    return load_course()


@pytest.fixture(scope="session")
def judge(course: Course) -> Iterator[Judge]:
    """One warm judge for every test that only needs verdicts."""
    print(f"judge seed {SEED}")
    with Judge(seed=SEED, course=course) as shared:
        yield shared


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL server, without a database's name."""
    with postgres.server() as address:
        if address is None:
            pytest.skip("There is no PostgreSQL here: apt-get install postgresql")
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def store_address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'lab.sqlite3'}"
        return
    with postgres.database(request.getfixturevalue("postgresql_server")) as address:
        yield address
