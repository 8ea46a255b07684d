"""Which cases hold, and which arrays are wrong in each."""

from __future__ import annotations

from handgrad.diagnosis.diagnose import Diagnosis
from handgrad.diagnosis.verdict import CaseOutcome


def case_outcomes(diagnosis: Diagnosis) -> tuple[CaseOutcome, ...]:
    """Every case that may make the verdict wrong, in their order."""
    wrong: dict[int, list[str]] = {}
    for compared in diagnosis.arrays:
        if compared.is_wrong:
            wrong.setdefault(compared.trial.number, []).append(compared.array)
    return tuple(
        CaseOutcome(
            number=trial.number,
            shows=trial.case.title,
            holds=trial.number not in diagnosis.failing,
            wrong=tuple(wrong.get(trial.number, ())),
            raised=trial.observed.raised is not None,
        )
        for trial in diagnosis.trials
    )
