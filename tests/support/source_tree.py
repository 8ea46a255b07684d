"""The project's files, and the package's modules as syntax trees."""

from __future__ import annotations

import ast
import functools
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "handgrad"
TESTS = ROOT / "tests"

NOT_THE_PROJECT_S = {"node_modules", "build", "dist", "__pycache__"}
"""Folders that tools make inside a checkout, as .gitignore names them."""


def project_files() -> list[Path]:
    """The files that belong to the project: what git tracks, or in a copy without git every file."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return files_below(ROOT)
    return [ROOT / name for name in listed.stdout.split("\0") if (ROOT / name).is_file()]


def files_below(folder: Path) -> list[Path]:
    """Every file of a folder, without hidden folders and those that tools make."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(map(_is_left_out, path.relative_to(folder).parent.parts))
    ]


def _is_left_out(part: str) -> bool:
    is_hidden = part.startswith(".") and part not in (".ci", ".github")
    return is_hidden or part in NOT_THE_PROJECT_S or part.endswith(".egg-info")


def is_house_code(module: Path) -> bool:
    """Whether a module is ours to name: not a level's data, an answer or a migration."""
    inside = module.relative_to(PACKAGE).as_posix()
    return not inside.startswith(("course/levels/", "store/migrations/"))


def modules() -> Iterator[Path]:
    """Every module of the package, without levels and migrations."""
    yield from filter(is_house_code, sorted(PACKAGE.rglob("*.py")))


@functools.cache
def tree_of(module: Path) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(module.read_text(encoding="utf-8"))
