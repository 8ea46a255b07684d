from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from handgrad.gradcheck.findings import ArrayReport, Finding, WrongEntry
from handgrad.gradcheck.report.gradient_report import GradientReport
from handgrad.gradcheck.report.notebook import html_of
from handgrad.languages import Text

ENTRIES = (WrongEntry((0, 1), 3.0, 6.0, 1e-9), WrongEntry((2, 0), 1.0, 1.0 + 1e-5, 1e-9))
REPORT = GradientReport(
    "Product<script>",
    "wrong",
    (
        ArrayReport("dx", "x", (4, 5), "right", "affine", 1e-15, 1e-12),
        ArrayReport(
            "dW",
            "W",
            (5, 3),
            "wrong",
            "affine",
            3.0,
            1e-12,
            reason=Text(zh="两个数不对", en="two are wrong"),
            wrong_entries=ENTRIES,
        ),
    ),
    findings=(
        Finding(
            "in-place",
            "wrong",
            Text(zh="改写了 dout", en="writes dout"),
            "dout",
            "a.py",
            7,
            "d *= m",
        ),
    ),
    computed={"dW": "x @ dout"},
    counterexample={"sizes": {"B": 1}, "inputs": {"x": [[1]]}, "received": {"dW": [[2]]}},
    seed=11,
)


def parsed(page):
    """The page must be well-formed: a notebook puts it between its own tags."""
    body = page.split("</style>")[1].replace("&emsp;", " ")
    return ET.fromstring(body)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_holds_what_the_report_holds(language):
    page = html_of(REPORT, language)
    text = "".join(parsed(page).itertext())
    for word in (
        "dW",
        "x @ dout",
        "a.py:7",
        "d *= m",
        "seed 11" if language == "en" else "种子 11",
    ):
        assert word in text, word
    assert ("writes dout" in text) == (language == "en")
    assert ("改写了 dout" in text) == (language == "zh")
    assert "B = 1" in text


def test_the_map_has_a_square_for_each_entry_and_says_which_are_wrong():
    page = html_of(REPORT, "en")
    squares = [r for s in parsed(page).iter("svg") if s.get("role") for r in s.iter("rect")]
    assert len(squares) == 15
    told = [r.find("title").text for r in squares if r.find("title") is not None]
    assert told == ["dW[0, 1]: 3 → 6", "dW[2, 0]: 1 → 1.00001"]
    assert [r.get("class") for r in squares if r.get("class") != "s0"] == ["s4", "s2"]


def test_names_from_a_stranger_are_text():
    assert "<script>" not in html_of(REPORT, "en")


def test_both_themes_name_every_colour():
    style = html_of(REPORT, "en").split("</style>")[0]
    used = set(re.findall(r"var\((--[\w-]+)\)", style))
    for theme in re.findall(r"\{(--ink[^}]*)", style):
        assert used <= set(re.findall(r"(--[\w-]+):", theme))


def test_a_notebook_finds_it():
    assert REPORT._repr_html_() == html_of(REPORT, "en")


def test_a_right_report_has_no_map():
    right = GradientReport("Relu", "right", (ArrayReport("dx", "x", (2,), "right", "affine"),))
    page = html_of(right, "en")
    assert "<svg" not in page
    assert "✓ right" in page
