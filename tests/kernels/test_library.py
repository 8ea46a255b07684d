from __future__ import annotations

import pytest

from handgrad.kernels import library


@pytest.fixture(autouse=True)
def _looked_for_again():
    library.library.cache_clear()
    yield
    library.library.cache_clear()


def test_no_library(monkeypatch, tmp_path):
    monkeypatch.setattr(library, "PATH", tmp_path / "_native.so")
    found = library.library()
    assert isinstance(found, library.Missing)
    assert "gcc" in found.reason.en
    assert "gcc" in found.reason.zh


def test_a_damaged_library(monkeypatch, tmp_path):
    monkeypatch.setattr(library, "PATH", tmp_path / "_native.so")
    library.PATH.write_bytes(b"not a library")
    found = library.library()
    assert isinstance(found, library.Missing)
    assert "does not load" in found.reason.en


@pytest.mark.skipif(not library.PATH.exists(), reason="no compiled library here")
def test_a_library_of_another_version_and_one_that_multiplies_wrongly(monkeypatch):
    monkeypatch.setattr(library, "VERSION", 0)
    found = library.library()
    assert isinstance(found, library.Missing)
    assert "version" in found.reason.en
    library.library.cache_clear()
    monkeypatch.setattr(library, "VERSION", 1)
    monkeypatch.setattr(library, "_join_blas", lambda loaded: False)
    found = library.library()
    assert isinstance(found, library.Missing)
    assert "BLAS" in found.reason.en


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"HANDGRAD_THREADS": "3", "OMP_NUM_THREADS": "5"}, 3),
        ({"HANDGRAD_THREADS": "", "OMP_NUM_THREADS": "5"}, 5),
        ({"HANDGRAD_THREADS": "1000", "OMP_NUM_THREADS": ""}, 64),
    ],
)
def test_the_environment_says_how_many_threads(monkeypatch, environment, expected):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert library.threads() == expected


def test_without_a_word_it_is_the_processors(monkeypatch):
    monkeypatch.setenv("HANDGRAD_THREADS", "none")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    assert 1 <= library.threads() <= 64
