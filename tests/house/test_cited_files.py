"""Documents, comments and docstrings cite only files and names that exist."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXTS = (".md", ".py", ".toml", ".yml", ".ts", ".css", ".c", ".h")
FILE = re.compile(
    r"(?<![\w./{}$<>*:~-])"
    r"(?P<path>(?:[\w.-]+/)+[\w-]+\.(?:py|md|toml|json|c|h|ts|js|css|html|yml|npz|png))"
    r"\b(?![\w/{*]|::)"
    r"|(?<![\w./*{-])(?P<document>\w[\w-]*\.md)\b"
)
FOLDER = re.compile(r"`(?P<path>(?:src|tests|docs|bench|tools|examples|web)(?:/[\w.-]+)+)/?`")
DOTTED = re.compile(r"(?<![\w./@-])handgrad(?:\.[A-Za-z_]\w*)+")
NOT_OURS = {
    "docs/guide/add-a-level.md": {"wrong/like_sigmoid.py", "right/by_exponentials.py"},
}
"""Files that a document tells its reader to write."""


def tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout: the list of the project's files is not known")
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def endings(names: list[str]) -> set[str]:
    """Every way to write a path from some folder above it: a/b/c, b/c, c."""
    parts = [name.split("/") for name in names]
    return {"/".join(one[i:]) for one in parts for i in range(len(one))}


def missing_files(text: str, known: set[str], folder: Path) -> list[str]:
    cited = [match["path"] or match["document"] for match in FILE.finditer(text)]
    cited += [match["path"] for match in FOLDER.finditer(text)]
    return [
        path
        for path in cited
        if path not in known
        and not path.startswith("include/uapi/")  # headers of the Linux kernel
        and not any((base / path).exists() for base in (folder, ROOT))
    ]


def is_known(name: str) -> bool:
    """Whether a dotted name leads to a module, or to a name that its module's text holds."""
    where = ROOT / "src" / "handgrad"
    parts = name.split(".")[1:]
    while parts and (where / parts[0]).is_dir():
        where /= parts.pop(0)
    if parts and (where / f"{parts[0]}.py").is_file():
        where /= f"{parts.pop(0)}.py"
    else:
        where /= "__init__.py"
    return not parts or re.search(rf"\b{parts[0]}\b", where.read_text(encoding="utf-8")) is not None


def test_every_cited_file_exists():
    names = tracked()
    known = endings(names)
    missing = {}
    for name in names:
        if name.endswith(TEXTS) and not name.startswith("tests/"):
            path = ROOT / name
            text = path.read_text(encoding="utf-8", errors="replace")
            absent = set(missing_files(text, known, path.parent)) - NOT_OURS.get(name, set())
            if absent:
                missing[name] = absent
    assert not missing


def test_every_python_name_in_a_document_exists():
    unknown = {
        (name, dotted)
        for name in tracked()
        if name.endswith(".md") and name != "docs/changelog.md"
        for dotted in DOTTED.findall((ROOT / name).read_text(encoding="utf-8"))
        if not is_known(dotted)
    }
    assert not unknown


@pytest.mark.parametrize(
    "text",
    [
        "as in PLAN.md",
        "see `docs/no-such-page.md`",
        "`tests/nothing`",
        "sandbox/child/none.py does it",
    ],
)
def test_a_file_that_is_not_there_is_found(text):
    assert missing_files(text, endings(["docs/a.md"]), ROOT)


@pytest.mark.parametrize("name", ["handgrad.no_such_room", "handgrad.layers.NoSuchLayer"])
def test_a_name_that_is_not_there_is_found(name):
    assert not is_known(name)
