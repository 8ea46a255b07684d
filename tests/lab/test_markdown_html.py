"""Statements become HTML with MathML: everything of the course, and nothing that runs."""

from __future__ import annotations

import random
from html.parser import HTMLParser

import pytest

pytest.importorskip("markdown_it")

from handgrad.course import load_course
from handgrad.lab.markdown_html import ATTRIBUTES, FORMULA_TAGS, TEXT_TAGS, formula, html_of

COURSE = load_course()
TEXTS = [
    pytest.param(text, id=f"{level.name}-{name}")
    for level in COURSE.levels
    for name, text in [
        ("statement.zh", level.statement.zh),
        ("statement.en", level.statement.en),
        *((f"hint-{i}.zh", hint.zh) for i, hint in enumerate(level.hints)),
        *((f"hint-{i}.en", hint.en) for i, hint in enumerate(level.hints)),
    ]
]


class Page(HTMLParser):
    """The elements, the words, and the depth of every formula."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.words, self.formulas, self.open = [], "", 0, []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.formulas += tag == "math"
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "math" not in self.open:
            self.words += data


@pytest.mark.parametrize("text", TEXTS)
def test_every_text_of_the_course_is_rendered_whole(text):
    page = Page(html_of(text))
    assert page.open == []
    assert "$" not in page.words
    assert "\\" not in page.words
    assert not any(attributes.get("class") == "formula" for _, attributes in page.elements)
    fences = text.count("$$") // 2
    inline = (text.count("$") - 4 * fences) // 2
    assert page.formulas == fences + inline


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_but_what_is_allowed_comes_out(text):
    for tag, attributes in Page(html_of(text)).elements:
        assert tag in TEXT_TAGS | FORMULA_TAGS
        assert set(attributes) <= ATTRIBUTES.get(tag, set()) | {"rel"}


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](data:text/html,<script>alert(1)</script>)",
        r"$\href{javascript:alert(1)}{x}$",
        r"$\text{<script>alert(1)</script>}$",
        r"$\text{</math><script>alert(1)</script>}$",
        r"$\style{position:fixed}{x}$",
        '<svg><style><img src="</style><script>alert(1)</script>">',
        "`</code><script>alert(1)</script>`",
        "```html\n</pre><script>alert(1)</script>\n```",
        "![a](https://example.org/pixel.png)",
        '<div style="background:url(https://example.org)">a</div>',
    ],
)
def test_what_a_text_hides_stays_text(hostile):
    for tag, attributes in Page(html_of(hostile)).elements:
        assert tag in TEXT_TAGS | FORMULA_TAGS
        assert not {"onerror", "src", "style"} & set(attributes)
        assert not attributes.get("href", "").startswith(("javascript", "data"))


@pytest.mark.parametrize(
    "broken",
    [r"\frac{", r"\foo{", r"\begin{pmatrix} 1", r"\left(", "^", "_", "{", r"\\", "a_b_c", "&"],
)
def test_a_formula_that_cannot_be_read_never_breaks_the_page(broken):
    page = Page(html_of(f"before ${broken}$ after"))
    assert page.open == []
    assert page.words.strip().startswith("before")
    assert page.words.strip().endswith("after")


def test_a_formula_that_cannot_be_read_shows_its_source():
    assert formula(r"\frac{<b>", is_display=True) == r'<code class="formula">\frac{&lt;b&gt;</code>'


def test_no_formula_at_all_breaks_the_page():
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    draw = random.Random(seed)
    parts = ["x", "_", "^", "{", "}", r"\frac", r"\sum", r"\mathrm{out}", r"\begin{pmatrix}", "&"]
    parts += [
        r"\\",
        r"\end{pmatrix}",
        r"\left(",
        r"\right)",
        "'",
        "<",
        '"',
        "1",
        "，",
        r"\sqrt",
        " ",
    ]
    for _ in range(300):
        latex = "".join(draw.choices(parts, k=draw.randrange(1, 9)))
        assert Page(html_of(f"a ${latex}$ b")).open == []


def test_names_are_words_and_functions_keep_their_distance():
    assert "<mi>out</mi>" in html_of(r"$\mathrm{out}_j$")
    assert "<mi>max</mi><mo>\u2061</mo>" in html_of(r"$\max(0, x)$")
    assert '<mi>max</mi><mspace width="0.167em"></mspace>' in html_of(r"$\max x$")
    assert '<mo lspace="0" rspace="0">′</mo>' in html_of("$g'(x)$")
    assert 'rspace="0"' in html_of("$(M,)$")
    assert html_of("$(a, -b) = -c - d$").count('form="prefix"') == 2


def test_punctuation_stays_with_its_formula():
    assert "</span>，</span>与" in html_of("形状 $(B, M)$，与 $y$ 相同")


def test_wide_things_scroll_by_themselves():
    page = html_of("| a | b |\n| --- | --- |\n| 1 | 2 |\n\n```\nlong\n```\n")
    assert page.count('<div class="wide">') == 2
