from __future__ import annotations

import pytest

from handgrad.kernels import native_library
from handgrad.kernels.native_library import LibraryMissing


@pytest.fixture(autouse=True)
def _looked_for_again():
    native_library.native_library.cache_clear()
    yield
    native_library.native_library.cache_clear()


def test_no_library(monkeypatch, tmp_path):
    monkeypatch.setattr(native_library, "PATH", tmp_path / "_native.so")
    found = native_library.native_library()
    assert isinstance(found, LibraryMissing)
    assert "gcc" in found.reason.en
    assert "gcc" in found.reason.zh


def test_a_damaged_library(monkeypatch, tmp_path):
    monkeypatch.setattr(native_library, "PATH", tmp_path / "_native.so")
    native_library.PATH.write_bytes(b"not a library")
    found = native_library.native_library()
    assert isinstance(found, LibraryMissing)
    assert "does not load" in found.reason.en


@pytest.mark.skipif(not native_library.PATH.exists(), reason="no compiled library here")
def test_a_library_of_another_version_and_one_that_multiplies_wrongly(monkeypatch):
    version = native_library.VERSION
    monkeypatch.setattr(native_library, "VERSION", 0)
    found = native_library.native_library()
    assert isinstance(found, LibraryMissing)
    assert "version" in found.reason.en
    native_library.native_library.cache_clear()
    monkeypatch.setattr(native_library, "VERSION", version)
    monkeypatch.setattr(native_library, "_give_blas", lambda loaded: False)
    found = native_library.native_library()
    assert isinstance(found, LibraryMissing)
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
    assert native_library.threads() == expected


def test_without_a_word_it_is_the_processors(monkeypatch):
    monkeypatch.setenv("HANDGRAD_THREADS", "none")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    assert 1 <= native_library.threads() <= 64
