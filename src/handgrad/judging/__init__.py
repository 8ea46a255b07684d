"""Runs an answer in the sandbox, on the cases of a level, and gives each of its classes a verdict."""

from handgrad.judging.answer import Answer
from handgrad.judging.judge import Judge
from handgrad.judging.soundness import (
    MistakeCoverage,
    SoundnessFinding,
    check_level,
    mistake_coverage,
)

__all__ = [
    "Answer",
    "Judge",
    "MistakeCoverage",
    "SoundnessFinding",
    "check_level",
    "mistake_coverage",
]
