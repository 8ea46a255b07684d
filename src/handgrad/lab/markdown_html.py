"""Markdown with LaTeX formulas to HTML with MathML, once for each text.

The browser draws MathML itself: no script, no font of a formula library, nothing to load. What
comes out is sanitised, for a level may come from a teacher's folder.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree as ET

import nh3
from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

# fmt: off
TEXT_TAGS = {
    "a", "blockquote", "br", "code", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li",
    "ol", "p", "pre", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}
FORMULA_TAGS = {
    "math", "merror", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mroot", "mrow", "mspace",
    "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder",
    "munderover",
}
# fmt: on
ATTRIBUTES = {
    "a": {"href"},
    "code": {"class"},
    "div": {"class"},
    "ol": {"start"},
    "span": {"class"},
    "math": {"display"},
    "mi": {"mathvariant"},
    "mo": {"fence", "form", "lspace", "movablelimits", "rspace", "separator", "stretchy"},
    "mspace": {"width"},
    "mover": {"accent"},
    "mtd": {"columnalign", "class"},
    "mstyle": {"displaystyle", "scriptlevel"},
}
PARTS = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2}
PARTS |= {"munderover": 3}
UPRIGHT_LETTERS = re.compile(r'(?:<mi mathvariant="normal">[A-Za-z]</mi>){2,}')
NAMED_FUNCTION = re.compile(r"<mo>([A-Za-z]{2,})</mo>(?P<bracket><mo[^>]*>(?:\(|&#x00028;)</mo>)?")
PRIME = re.compile(r"<msup>(<m(?P<kind>[in])[^>]*>[^<]+</m(?P=kind)>)<mi>&#x02032;</mi></msup>")
LAST_COMMA = re.compile(r"<mo>&#x0002C;</mo>(?=<mo[^>]*>&#x00029;)")
SIGN = re.compile(r"(?<=</mo>)<mo>&#x02212;</mo>")
SLASH = re.compile(r"<mo>&#x0002F;</mo>")
PUNCTUATED = re.compile(
    r'(<span class="math inline">(?:(?!</span>).)*</span>)([，。；：、）？！,.;:)?!]+)'
)
LEFT_ALIGNED = re.compile(r'<mtd columnalign="left">')
WIDE = re.compile(r"(?s)<(?P<tag>table|pre)>.*?</(?P=tag)>")


def formula(latex: str, *, is_display: bool) -> str:
    r"""A LaTeX formula as MathML; one that cannot be read shows its source.

    >>> formula("x", is_display=False)
    '<math display="inline"><mrow><mi>x</mi></mrow></math>'
    >>> formula(r"\frac{", is_display=False)
    '<code class="formula">\\frac{</code>'
    """
    try:
        drawn = convert(latex, display="block" if is_display else "inline")
    # A formula is a stranger's text to a library with many ways to fail; the page must not.
    except Exception:  # noqa: BLE001
        return _source(latex)
    if not _is_whole(drawn):
        return _source(latex)
    drawn = drawn.replace(' xmlns="http://www.w3.org/1998/Math/MathML"', "")
    drawn = UPRIGHT_LETTERS.sub(_one_word, drawn)
    drawn = NAMED_FUNCTION.sub(_function, drawn)
    # Fonts draw a prime at its height already; as an exponent it would be tiny.
    drawn = PRIME.sub(r'<mrow>\1<mo lspace="0" rspace="0">&#x02032;</mo></mrow>', drawn)
    drawn = LAST_COMMA.sub('<mo rspace="0">,</mo>', drawn)
    drawn = SIGN.sub('<mo form="prefix">&#x02212;</mo>', drawn)  # a sign, not a difference
    drawn = SLASH.sub('<mo lspace="0" rspace="0">/</mo>', drawn)
    return LEFT_ALIGNED.sub('<mtd class="left">', drawn)


def _source(latex: str) -> str:
    return f'<code class="formula">{html.escape(latex)}</code>'


def _is_whole(drawn: str) -> bool:
    """Whether every fraction, index and exponent has all its parts: a browser draws no half one."""
    try:
        elements = ET.fromstring(drawn).iter()
    except ET.ParseError:
        return False
    names = ((element.tag.rpartition("}")[2], len(element)) for element in elements)
    return all(PARTS.get(name, count) == count for name, count in names)


def _one_word(letters: re.Match[str]) -> str:
    r"""The letters of ``\mathrm{out}`` are one name, which MathML sets upright by itself."""
    return f"<mi>{''.join(re.findall(r'>([A-Za-z])<', letters[0]))}</mi>"


def _function(name: re.Match[str]) -> str:
    """The name of a function: no operator's space before its bracket."""
    bracket = name["bracket"]
    after = f"<mo>&#x2061;</mo>{bracket}" if bracket else '<mspace width="0.167em"/>'
    return f"<mi>{name[1]}</mi>{after}"


def _inline(latex: str, options: dict[str, Any]) -> str:
    return formula(latex, is_display=bool(options.get("display_mode")))


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    dollarmath_plugin(parser, renderer=_inline, allow_digits=True, double_inline=True)
    return parser


@lru_cache(maxsize=512)
def html_of(markdown: str) -> str:
    r"""A statement or a hint as sanitised HTML.

    Tables and listings are wrapped in an element that scrolls by itself, so that a narrow page
    never scrolls sideways.

    >>> html_of("a **b**")
    '<p>a <strong>b</strong></p>\n'
    """
    page = WIDE.sub(lambda wide: f'<div class="wide">{wide[0]}</div>', _parser().render(markdown))
    # Browsers break lines between a formula and the comma behind it.
    page = PUNCTUATED.sub(r'<span class="together">\1\2</span>', page)
    return nh3.clean(
        page,
        tags=TEXT_TAGS | FORMULA_TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"https", "http", "mailto"},
        link_rel="noopener noreferrer",
    )
