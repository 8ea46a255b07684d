"""The words of a report, in both languages. One paragraph a line; the first says the most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handgrad.languages import Text, joined

if TYPE_CHECKING:
    from handgrad.checking.numeric.report import GradientReport

LINE = Text(zh="\n", en="\n")


def told(report: GradientReport) -> Text:
    """A report in words."""
    return joined(
        [Text(zh=f"{report.subject}：{report.verdict}", en=f"{report.subject}: {report.verdict}")],
        LINE,
    )
