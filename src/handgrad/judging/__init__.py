"""A level, an answer and the sandbox give a verdict."""

from handgrad.judging.answer import Answer
from handgrad.judging.judge import Judge
from handgrad.judging.soundness import SoundnessFinding, check_level

__all__ = ["Answer", "Judge", "SoundnessFinding", "check_level"]
