"""Random shapes and numbers with a seed that is printed; a judge that the whole suite shares."""

from __future__ import annotations

import os
import secrets
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import postgres
import pytest

from handgrad import kernels
from handgrad.course import Course, load_course
from handgrad.judging import Judge
from handgrad.kernels.library import Missing, library

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Started in the background of a shell, where Ctrl-C is ignored; the tests send it all the same.
    signal.signal(signal.SIGINT, signal.default_int_handler)

os.environ["HANDGRAD_LANG"] = "en"  # an error's str() speaks the machine's language; tests read one

SEED = int(os.environ.get("HANDGRAD_TEST_SEED", secrets.randbelow(2**31)))


def pytest_report_header() -> str:
    return f"seed of random shapes: HANDGRAD_TEST_SEED={SEED}"


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Numbers of this test's own, repeatable with HANDGRAD_TEST_SEED."""
    label = sum(map(ord, request.node.nodeid))
    print(f"HANDGRAD_TEST_SEED={SEED}")
    return np.random.default_rng([SEED, label])


@pytest.fixture(params=kernels.ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each engine in turn computes during the test."""
    found = library()
    if request.param == "native" and isinstance(found, Missing):
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
