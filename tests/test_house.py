"""The house keeps its rules: documents that agree, links that lead somewhere, nothing of one machine."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

import handgrad
from handgrad.cli.rendering import KINDS
from handgrad.diagnosis.side_effects import WARNINGS
from handgrad.diagnosis.verdict import PRECEDENCE

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not any(part.startswith((".", "node_modules")) for part in path.relative_to(ROOT).parts)
)


def tracked():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout: nothing tells which files belong to the project")
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def blocks(path):
    """The code blocks of a document; what a program prints (``text``) is not code."""
    return re.findall(
        r"^```(?!text)\w+\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


def anchors(document):
    """What a link into a document may name: its headings, as GitHub writes them, and its ids."""
    text = document.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return slugs | set(re.findall(r'<a id="([^"]+)">', text))


def without_comments(block):
    return [line.partition("  #")[0].rstrip() for line in block.splitlines()]


def test_both_readmes_give_the_same_commands():
    english, chinese = (blocks(ROOT / name) for name in ("README.md", "README.zh.md"))
    assert len(english) == len(chinese)
    for a, b in zip(english, chinese, strict=True):
        assert without_comments(a) == without_comments(b)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("README.md", "README.zh.md"),
        ("docs/guide/learn.md", "docs/guide/learn.zh.md"),
        ("docs/guide/verdicts.md", "docs/guide/verdicts.zh.md"),
        ("docs/guide/lab.md", "docs/guide/lab.zh.md"),
        ("docs/guide/shapes.md", "docs/guide/shapes.zh.md"),
        ("docs/guide/README.md", "docs/guide/README.zh.md"),
        ("docs/reference/README.md", "docs/reference/README.zh.md"),
        ("docs/reference/glossary.md", "docs/reference/glossary.zh.md"),
        ("docs/bench/training.md", "docs/bench/training.zh.md"),
    ],
)
def test_both_languages_have_the_same_sections(english, chinese):
    depths = [
        [
            len(m)
            for m in re.findall(r"^(#+) ", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
        ]
        for name in (english, chinese)
    ]
    assert depths[0] == depths[1]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(document):
    text = document.read_text(encoding="utf-8")
    for target, _, anchor in (link.partition("#") for link in re.findall(r"\]\(([^)\s]+)\)", text)):
        if "://" in target:
            continue
        page = document.parent / target if target else document
        assert page.exists(), target
        assert not anchor or anchor in anchors(page), f"{target}#{anchor}"


def test_every_decision_is_in_the_index():
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    for record in folder.glob("0*.md"):
        assert f"({record.name})" in index


def test_the_guides_name_every_verdict_kind_and_warning():

    given = [name for name in WARNINGS if name not in ("slow", "numerical")]  # not given yet
    for name in ("verdicts.md", "verdicts.zh.md"):
        text = (ROOT / "docs" / "guide" / name).read_text(encoding="utf-8")
        for word in (*PRECEDENCE, *KINDS, *given):
            assert f"`{word}`" in text, word


def test_nothing_of_one_machine_is_committed():
    home = re.compile(r"(?<![\w.])/(?:root|home/\w+|Users/\w+|work)/")
    for path in tracked():
        if path.suffix in (".py", ".md", ".toml", ".yml", "") and path != Path(__file__):
            found = home.search(path.read_text(encoding="utf-8", errors="replace"))
            assert found is None, f"{path}: {found}"


def test_the_changelog_speaks_of_this_version():
    assert f"## {handgrad.__version__}" in (ROOT / "docs" / "changelog.md").read_text(
        encoding="utf-8"
    )


def test_what_is_installed_is_what_the_decisions_name():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    record = (
        (ROOT / "docs" / "decisions" / "0007-dependencies.md").read_text(encoding="utf-8").lower()
    )
    for requirement in project["dependencies"]:
        assert re.split(r"[><=;\[ ]", requirement)[0] in record


def test_the_readme_s_python_runs():
    code = next(block for block in blocks(ROOT / "README.md") if "network = Network(" in block)
    names = {}
    exec(code, names)
    assert names["dx"].shape == (16, 4)
    assert names["network"].layers[0].dW.shape == (4, 8)
