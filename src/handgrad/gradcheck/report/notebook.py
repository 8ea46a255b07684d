"""The report as HTML for a notebook: one self-contained block, in light and dark."""

from __future__ import annotations

import math
from collections.abc import Iterable
from html import escape

from handgrad.gradcheck.findings import (
    METHOD_NAMES,
    VERDICT_NAMES,
    ArrayReport,
    Finding,
    GradientVerdict,
    ReportData,
    WrongEntry,
)
from handgrad.gradcheck.report.error_map import SHADES, WrongEntryMap, error_map
from handgrad.gradcheck.report.text import COMPUTED
from handgrad.languages import Language, Text

CELL = 12
"""The size of a cell of the map in pixels, with its gap."""
MOST_ENTRIES = 6
MARKS = {"right": "✓", "wrong": "✗", "cannot-tell": "?"}

LIGHT = (
    "--ink:#1f2328;--faint:#59636e;--line:#d1d9e0;--ground:#ffffff;--none:#eceef1;"
    "--right:#1a7f37;--wrong:#b42318;--cannot-tell:#8a5a00;"
    "--shade1:#f7c9c3;--shade2:#ec938a;--shade3:#d2554b;--shade4:#8f1414;"
)
DARK = (
    "--ink:#e6e8eb;--faint:#9aa4ae;--line:#3a4149;--ground:#16191d;--none:#2a2f36;"
    "--right:#4ac26b;--wrong:#ff8a80;--cannot-tell:#e0a94a;"
    "--shade1:#5a2b29;--shade2:#94403a;--shade3:#d9655a;--shade4:#ffb3a9;"
)
STYLE = f"""
.handgrad-report{{{LIGHT}color:var(--ink);background:var(--ground);border:1px solid var(--line);
 border-radius:6px;padding:12px 16px;max-width:60em;font:14px/1.5 system-ui,sans-serif}}
@media (prefers-color-scheme:dark){{.handgrad-report{{{DARK}}}}}
[data-jp-theme-light="true"] .handgrad-report,body.vscode-light .handgrad-report,
 html[data-theme="light"] .handgrad-report{{{LIGHT}}}
[data-jp-theme-light="false"] .handgrad-report,body.vscode-dark .handgrad-report,
 html[data-theme="dark"] .handgrad-report{{{DARK}}}
.handgrad-report h4{{margin:0 0 8px;font-size:16px}}
.handgrad-report table{{border-collapse:collapse;margin:8px 0;font:inherit;color:inherit;background:none}}
.handgrad-report th,.handgrad-report td{{padding:3px 14px 3px 0;text-align:left;border:0;
 border-bottom:1px solid var(--line);background:none;color:inherit;font-variant-numeric:tabular-nums}}
.handgrad-report th{{color:var(--faint);font-weight:500}}
.handgrad-report code,.handgrad-report pre{{font:13px/1.5 ui-monospace,monospace;color:inherit;
 background:none;white-space:pre-wrap;margin:4px 0;padding:0;border:0}}
.handgrad-report .right{{color:var(--right)}} .handgrad-report .wrong{{color:var(--wrong)}}
.handgrad-report .cannot-tell{{color:var(--cannot-tell)}} .handgrad-report .faint{{color:var(--faint)}}
.handgrad-report figure{{margin:12px 0}} .handgrad-report figcaption{{margin:4px 0}}
.handgrad-report svg{{max-width:100%;height:auto;display:block}}
.handgrad-report svg text{{fill:var(--faint);font:10px ui-monospace,monospace}}
.handgrad-report .s0{{fill:var(--none)}} .handgrad-report .s1{{fill:var(--shade1)}}
.handgrad-report .s2{{fill:var(--shade2)}} .handgrad-report .s3{{fill:var(--shade3)}}
.handgrad-report .s4{{fill:var(--shade4)}}
"""
HEADINGS = (
    Text(zh="梯度", en="gradient"),
    Text(zh="形状", en="shape"),
    Text(zh="结论", en="verdict"),
    Text(zh="误差", en="error"),
    Text(zh="误差界", en="bound"),
    Text(zh="测量方法", en="measured by"),
)
ENTRY_HEADINGS = (
    Text(zh="位置", en="entry"),
    Text(zh="收到", en="received"),
    Text(zh="测得", en="measured"),
)
WHERE = Text(zh="{name} 错在哪里", en="Where {name} is wrong")
BLOCK = Text(zh="（每格 {down} × {across} 个数）", en=" (a cell is {down} × {across} entries)")
SAMPLED = Text(
    zh="（错误很多，只显示抽查的样本）",
    en=" (many entries are; only samples are shown)",
)
LEGEND = Text(zh="误差（相对于最大的元素）", en="error, relative to the largest entry")
BY_HAND = Text(zh="最小的反例，可以手算（{sizes}）", en="Smallest case that fails ({sizes})")
FOOT = Text(
    zh="种子 {seed} · {dtype} · forward {forwards} 次，backward {backwards} 次",
    en="seed {seed} · {dtype} · {forwards} forwards, {backwards} backwards",
)


def html_of(report: ReportData, language: Language) -> str:
    """The report as HTML: the verdict, every gradient, maps of wrong entries, findings, the seed."""
    parts = [_head(report, language), _arrays(report.arrays, language)]
    for array in report.arrays:
        if array.reason is not None:
            parts.append(_paragraph(f"{array.name}: {array.reason[language]}"))
        if array.name in report.computed:
            text = COMPUTED.format(name=array.name, text=report.computed[array.name])
            parts.append(_paragraph(text[language]))
        parts.append(_where(array, language))
    parts += [_finding(finding, language) for finding in report.findings]
    parts.append(_counterexample(report, language))
    foot = FOOT.format(
        seed=report.seed,
        dtype=report.dtype,
        forwards=report.forwards,
        backwards=report.backwards,
    )
    parts.append(f'<div class="faint">{escape(foot[language])}</div>')
    return f'<style>{STYLE}</style><div class="handgrad-report">{"".join(parts)}</div>'


def _head(report: ReportData, language: Language) -> str:
    return f"<h4>{escape(report.subject)} {_verdict(report.verdict, language)}</h4>"


def _verdict(word: GradientVerdict, language: Language) -> str:
    return f'<span class="{word}">{MARKS[word]} {escape(VERDICT_NAMES[word][language])}</span>'


def _arrays(arrays: Iterable[ArrayReport], language: Language) -> str:
    rows = [
        (
            f"<code>{escape(array.name)}</code>",
            escape(str(array.shape)),
            _verdict(array.verdict, language),
            _number(array.error, 3),
            _number(array.bound, 3),
            escape(METHOD_NAMES[array.method][language]),
        )
        for array in arrays
    ]
    return _table(HEADINGS, rows, language)


def _where(array: ArrayReport, language: Language) -> str:
    found = error_map(array)
    if found is None:
        return ""
    caption = WHERE.format(name=array.name)[language]
    if found.block != (1, 1):
        caption += BLOCK.format(down=found.block[0], across=found.block[1])[language]
    if array.wrong_count is None:
        caption += SAMPLED[language]
    rows = [_entry(array.name, entry) for entry in array.wrong_entries[:MOST_ENTRIES]]
    return (
        f"<figure><figcaption>{escape(caption)}</figcaption>{_svg(array.name, found)}"
        f"{_legend(language)}</figure>{_table(ENTRY_HEADINGS, rows, language)}"
    )


def _entry(name: str, entry: WrongEntry) -> tuple[str, str, str]:
    place = f"<code>{escape(name)}{escape(str(list(entry.index)))}</code>"
    return place, _number(entry.received), _number(entry.expected)


def _svg(name: str, found: WrongEntryMap) -> str:
    """A square for each cell; a cell with a wrong entry shows it on hover."""
    by_place = {(cell.row, cell.column): cell for cell in found.cells}
    left, top = 30, 14
    width, height = left + found.columns * CELL, top + found.rows * CELL
    marks = [
        f'<text x="{left}" y="10">0</text>',
        f'<text x="{width}" y="10" text-anchor="end">{found.last[1]}</text>'
        if found.columns > 2
        else "",
        f'<text x="{left - 5}" y="{top + 9}" text-anchor="end">0</text>',
        f'<text x="{left - 5}" y="{height - 3}" text-anchor="end">{found.last[0]}</text>'
        if found.rows > 1
        else "",
    ]
    squares = []
    for row in range(found.rows):
        for column in range(found.columns):
            cell = by_place.get((row, column))
            place = f'x="{left + column * CELL}" y="{top + row * CELL}"'
            if cell is None:
                squares.append(f'<rect class="s0" {place} width="10" height="10" rx="2"/>')
                continue
            worst = cell.worst
            hover = f"{name}{list(worst.index)}: {worst.received:.6g} → {worst.expected:.6g}"
            squares.append(
                f'<rect class="s{cell.shade}" {place} width="10" height="10" rx="2">'
                f"<title>{escape(hover)}</title></rect>"
            )
    return (
        f'<svg role="img" aria-label="{escape(name)}" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">{"".join(marks)}{"".join(squares)}</svg>'
    )


def _legend(language: Language) -> str:
    words = ("0", "≤ 1e-6", "≤ 1e-4", "≤ 1e-2", "> 1e-2")
    keys = "".join(
        f'<svg width="14" height="10" style="display:inline"><rect class="s{shade}" width="10" '
        f'height="10" rx="2"/></svg>{words[shade]}&emsp;'
        for shade in range(SHADES + 1)
    )
    return f'<div class="faint">{escape(LEGEND[language])}: {keys}</div>'


def _finding(finding: Finding, language: Language) -> str:
    mark = {"wrong": "wrong", "cannot-tell": "cannot-tell", "note": "faint"}[finding.severity]
    text = f'<span class="{mark}">{escape(finding.kind)}</span> {escape(finding.message[language])}'
    if finding.file is not None:
        source = f"\n    {finding.source}" if finding.source else ""
        text += f"<pre>{escape(f'{finding.file}:{finding.line}{source}')}</pre>"
    return f"<p>{text}</p>"


def _counterexample(report: ReportData, language: Language) -> str:
    one = report.counterexample
    if one is None:
        return ""
    sizes = ", ".join(f"{name} = {size}" for name, size in one.get("sizes", {}).items())
    lines = [
        f"{word}{name} = {values}"
        for part, word in (("inputs", ""), ("received", "✗ "), ("expected", "✓ "))
        for name, values in one.get(part, {}).items()
    ]
    head = BY_HAND.format(sizes=sizes)[language]
    return f"<p>{escape(head)}</p><pre>{escape(chr(10).join(lines))}</pre>"


def _table(headings: Iterable[Text], rows: Iterable[Iterable[str]], language: Language) -> str:
    head = "".join(f"<th>{escape(text[language])}</th>" for text in headings)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _number(value: float, digits: int = 6) -> str:
    return "—" if math.isnan(value) else f"{value:.{digits}g}"
