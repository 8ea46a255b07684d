"""The documents agree: in both languages, with each other and with the code; links lead somewhere."""

from __future__ import annotations

import re

import pytest
from support.source_tree import ROOT, project_files

DOCUMENTS = sorted(path for path in project_files() if path.suffix == ".md")


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


def test_the_readme_s_python_runs():
    code = next(block for block in blocks(ROOT / "README.md") if "network = Network(" in block)
    names = {}
    exec(code, names)
    assert names["dx"].shape == (16, 4)
    assert names["network"].layers[0].dW.shape == (4, 8)
