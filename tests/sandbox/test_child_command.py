"""A child's Python starts without the user's environment, folders and packages."""

from __future__ import annotations

import sys

import numpy as np

from handgrad.sandbox.child_command import ONE_THREAD, child_command, child_environment


def test_the_command():
    python, isolated, without_site, boot, folder = child_command()
    assert (python, isolated, without_site) == (sys.executable, "-I", "-S")
    assert boot.endswith("boot.py")
    assert np.__file__.startswith(folder)


def test_the_environment_is_not_the_users(monkeypatch):
    monkeypatch.setenv("SECRET", "x")
    monkeypatch.setenv("OMP_NUM_THREADS", "8")
    monkeypatch.setenv("TMPDIR", "/somewhere")
    environment = child_environment()
    assert "SECRET" not in environment
    assert environment["TMPDIR"] == "/somewhere"
    assert {environment[name] for name in ONE_THREAD} == {"1"}
