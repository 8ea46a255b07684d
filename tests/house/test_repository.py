"""The files of the repository: none tells of one machine, and each version and dependency is recorded."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from support.source_tree import ROOT, files_below, project_files

import handgrad

OF_ONE_MACHINE = re.compile(r"(?<![\w.])/(?:root|home/\w+|Users/\w+|work)/")
TEXTS = (".py", ".md", ".toml", ".yml", ".ts", "")


def test_nothing_of_one_machine_is_committed():
    for path in project_files():
        if path.suffix in TEXTS and path != Path(__file__):
            found = OF_ONE_MACHINE.search(path.read_text(encoding="utf-8", errors="replace"))
            assert found is None, f"{path}: {found}"


def test_a_copy_without_git_has_the_same_files(tmp_path):
    files = project_files()
    for path in files:
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.touch()
    for made in ("node_modules/a.js", "src/handgrad/__pycache__/a.pyc", ".venv/bin/python"):
        (tmp_path / made).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / made).touch()
    # A hidden folder is a tool's, unless it holds our checks.
    tracked = {path.relative_to(ROOT) for path in files}
    hidden = {path for path in tracked if path.parts[-2:-1] == (".vite",)}
    assert {path.relative_to(tmp_path) for path in files_below(tmp_path)} == tracked - hidden


def test_the_changelog_has_this_version():
    changelog = (ROOT / "docs" / "changelog.md").read_text(encoding="utf-8")
    assert f"## {handgrad.__version__}" in changelog


def test_every_dependency_has_a_decision():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    decisions = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
    record = "".join(path.read_text(encoding="utf-8").lower() for path in decisions)
    named = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    for requirement in named:
        name = re.split(r"[><=;\[ ]", requirement)[0]
        if name != "handgrad":
            assert name in record, f"docs/decisions/0007-dependencies.md: add {name}"
