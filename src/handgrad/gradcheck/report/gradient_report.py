"""The report of `handgrad.check`: its data, shown as text, as JSON or in a notebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from handgrad.gradcheck.findings import ReportData
from handgrad.gradcheck.report.notebook import html_of
from handgrad.gradcheck.report.text import report_text
from handgrad.languages import Language, Text, preferred_language


@dataclass(frozen=True, eq=False)
class GradientReport(ReportData):
    """What `handgrad.check` found; its fields are those of `ReportData`.

    True only if the verdict is *right*. ``str(report)`` is the report in the user's language.
    """

    def __bool__(self) -> bool:
        return self.verdict == "right"

    def __str__(self) -> str:
        return self.text()

    def text(self, language: Language | None = None) -> str:
        """The report as text, one paragraph per line; in the user's language unless one is given."""
        return self.words[language or preferred_language()]

    @property
    def words(self) -> Text:
        """The report as text in every language."""
        return report_text(self)

    def _repr_html_(self) -> str:
        """The report as a notebook shows it, with a map of the wrong entries."""
        return html_of(self, preferred_language())

    def to_json(self) -> dict[str, Any]:
        """Plain JSON with every field; null or empty where one does not apply."""
        return {
            "subject": self.subject,
            "verdict": self.verdict,
            "arrays": [array.to_json() for array in self.arrays],
            "findings": [finding.to_json() for finding in self.findings],
            "computed": dict(self.computed),
            "counterexample": self.counterexample,
            "seed": self.seed,
            "forwards": self.forwards,
            "backwards": self.backwards,
            "further_forwards": self.further_forwards,
            "further_backwards": self.further_backwards,
            "locating_forwards": self.locating_forwards,
            "dtype": self.dtype,
            "message": self.words.to_json(),
        }
