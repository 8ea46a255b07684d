"""A level, an answer and the sandbox give a verdict."""

from handgrad.judging.answer import Answer
from handgrad.judging.judge import Judge
from handgrad.judging.soundness import ClassWorth, SoundnessFinding, check_level, worth_of

__all__ = ["Answer", "ClassWorth", "Judge", "SoundnessFinding", "check_level", "worth_of"]
