"""The report as text in both languages: one paragraph per line, the most important first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handgrad.gradcheck.findings import (
    METHOD_NAMES,
    VERDICT_NAMES,
    ArrayReport,
    Finding,
    ReportData,
)
from handgrad.languages import Text, joined, name_list

SHOWN_ENTRIES = 5
PARAGRAPHS = Text(zh="\n", en="\n")
SENTENCES = Text(zh="", en=" ")
COMPUTED = Text(
    zh="{name} 在每个小例子里都恰好等于 {text}。按链式法则，它应当是这样吗？",
    en="In every small case {name} is exactly {text}. Does the chain rule give that?",
)
CALLS = Text(
    zh="种子 {seed}；forward {f} 次，backward {b} 次；确认、定位和检查状态另用 {ff} 次和 {bb} 次。",
    en="seed {seed}; {f} forwards, {b} backwards; {ff} and {bb} more to confirm, to locate and to check "
    "state.",
)


def report_text(report: ReportData) -> Text:
    """The whole report."""
    lines = [_head(report), *map(_array_line, report.arrays)]
    lines += [COMPUTED.format(name=name, text=text) for name, text in report.computed.items()]
    if report.counterexample is not None:
        lines += _counterexample_lines(report.counterexample)
    for finding in report.findings:
        lines.append(finding.message)
        if finding.file is not None:
            lines.append(_source_line(finding))
    lines.append(
        CALLS.format(
            seed=report.seed,
            f=report.forwards,
            b=report.backwards,
            ff=report.further_forwards,
            bb=report.further_backwards,
        )
    )
    return joined(lines, PARAGRAPHS)


def _head(report: ReportData) -> Text:
    """The verdict, and the arrays that caused it."""
    head = Text(zh="{name}：{verdict}", en="{name}: {verdict}").format(
        name=report.subject, verdict=VERDICT_NAMES[report.verdict]
    )
    decisive = "wrong" if report.verdict == "wrong" else "cannot-tell"
    names = [array.name for array in report.arrays if array.verdict == decisive]
    if names:
        head += Text(zh="（{arrays}）", en=" ({arrays})").format(arrays=name_list(names))
    return head


def _counterexample_lines(case: Mapping[str, Any]) -> list[Text]:
    """The smallest case that fails: a line for the inputs, what came and what is right."""
    titles = {
        "inputs": Text(zh="最小的反例：", en="Smallest case that fails: "),
        "received": Text(zh="  收到：", en="  received: "),
        "expected": Text(zh="  应为：", en="  expected: "),
    }
    lines = []
    for key, title in titles.items():
        arrays = ", ".join(f"{name} = {value}" for name, value in case[key].items())
        lines.append(title + Text(zh=arrays, en=arrays))
    return lines


def _source_line(finding: Finding) -> Text:
    line = f"  {finding.file}:{finding.line}: {(finding.source or '').strip()}"
    return Text(zh=line, en=line)


def _array_line(array: ArrayReport) -> Text:
    line = Text(zh="  {name} {shape}：{verdict}", en="  {name} {shape}: {verdict}").format(
        name=array.name, shape=array.shape, verdict=VERDICT_NAMES[array.verdict]
    )
    if array.bound == array.bound:  # not NaN
        line += Text(
            zh="，误差 {error}，误差界 {bound}，梯度大小 {size}（{method}）",
            en=", error {error}, bound {bound}, size {size} ({method})",
        ).format(
            error=f"{array.error:.2g}",
            bound=f"{array.bound:.2g}",
            size=f"{array.size:.3g}",
            method=METHOD_NAMES[array.method],
        )
    sentences = [] if array.reason is None else [array.reason]
    if array.wrong_entries:
        sentences.append(_wrong_entries(array))
    if sentences:
        line += Text(zh="。", en=". ") + joined(sentences, SENTENCES)
    return line


def _wrong_entries(array: ArrayReport) -> Text:
    entries = [
        f"{array.name}{list(e.index)} = {e.received:.6g} → {e.expected:.6g}"
        for e in array.wrong_entries[:SHOWN_ENTRIES]
    ]
    if array.wrong_count is not None:
        count = Text(zh="{n} 个数不对：", en="{n} wrong (received → expected): ").format(
            n=array.wrong_count
        )
    else:
        count = Text(
            zh="很多数不对，例如：", en="Many are wrong (received → expected), for example "
        )
    return count + Text(zh="；".join(entries), en="; ".join(entries))
