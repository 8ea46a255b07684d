"""Detects code whose output depends on random numbers, and fixes the random state where possible."""

from __future__ import annotations

import contextlib
import random
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from handgrad.gradcheck.engine.code_under_test import Array, CodeUnderTest, Instance, Outputs, Point
from handgrad.gradcheck.engine.code_wrappers import CodeWrapper
from handgrad.gradcheck.engine.root_mean_square import root_mean_square
from handgrad.gradcheck.engine.runs import Runs
from handgrad.gradcheck.findings import Finding
from handgrad.languages import Text

SUSPICIOUS = 1e-6
"""A larger change of the outputs, relative to their size, may not come from a change of the last digit."""


@dataclass(frozen=True, eq=False)
class SeededCode(CodeWrapper):
    """Code whose every forward starts from the same global random state."""

    seed: int = 0

    def new_instance(self) -> Instance:
        """A fresh instance; making it may draw random numbers too."""
        with fixed_random_state(self.seed):
            return _SeededInstance(self.inner.new_instance(), self.seed)

    def computing_in(self, dtype: str) -> SeededCode | None:
        """As the subject's."""
        other = self.inner.computing_in(dtype)
        return None if other is None else SeededCode(other, self.seed)


class _SeededInstance:
    def __init__(self, inner: Instance, seed: int) -> None:
        self._inner, self._seed = inner, seed

    def forward(self, point: Point) -> Outputs:
        with fixed_random_state(self._seed):
            return self._inner.forward(point)

    def backward(self, dout: Outputs) -> Mapping[str, object]:
        with fixed_random_state(self._seed + 1):
            return self._inner.backward(dout)


@contextlib.contextmanager
def fixed_random_state(seed: int) -> Iterator[None]:
    """Set the global generators of NumPy, Python and torch to a seed inside the block."""
    of_numpy, of_python = np.random.get_state(), random.getstate()  # noqa: NPY002
    torch = sys.modules.get("torch")
    of_torch = None if torch is None else torch.random.get_rng_state()
    np.random.seed(seed % 2**32)  # noqa: NPY002  (the state that the code under check may use)
    random.seed(seed)
    if torch is not None:
        torch.random.manual_seed(seed)
    try:
        yield
    finally:
        np.random.set_state(of_numpy)  # noqa: NPY002
        random.setstate(of_python)
        if torch is not None:
            torch.random.set_rng_state(of_torch)


def made_repeatable(
    subject: CodeUnderTest, runs: Runs, base: Array, again: Array, seed: int
) -> tuple[CodeUnderTest, Finding] | None:
    """Detect outputs that change by more than a change of the last digit explains.

    Returns:
        None if the outputs repeat; otherwise the subject to continue with, and the finding.
    """
    unit = root_mean_square(base)
    if not np.isfinite(again).all() or root_mean_square(again - base) <= SUSPICIOUS * unit:
        return None
    if _repeats(runs, base):
        return None
    seeded = SeededCode(subject, seed)
    tried = Runs(seeded)
    first = tried.start()[1]
    if _repeats(tried, first):
        return seeded, Finding("random-state", "note", _GLOBAL_STATE)
    return subject, Finding("nondeterministic", "cannot-tell", _OWN_STATE)


def _repeats(runs: Runs, base: Array) -> bool:
    unit = root_mean_square(base)
    return all(
        root_mean_square(runs.start()[1] - base) <= 1e4 * runs.epsilon * unit for _ in range(2)
    )


_GLOBAL_STATE = Text(
    zh="注意：forward 用了全局随机状态（如 np.random.rand、torch.rand）。检查时每次 forward 前都设了同一个种子。"
    "要自己固定，请调用 np.random.seed(…) 或 torch.manual_seed(…)，或给它单独的随机数生成器。",
    en="Note: forward draws from a global random state (np.random.rand, torch.rand or the like). The "
    "check sets the same seed before every forward. To fix it yourself, call np.random.seed(…) or "
    "torch.manual_seed(…), or give the layer its own generator.",
)
_OWN_STATE = Text(
    zh="同样的输入，forward 每次的输出都不同，设置 np.random.seed 也没有用，因此无法求差分。"
    "请传入一个创建层的函数，并固定其中随机数生成器的种子："
    "handgrad.check(lambda: Layer(rng=np.random.default_rng(0)), x)。",
    en="The output of forward differs from run to run for the same inputs, and np.random.seed does not "
    "fix it, so nothing can be measured. Pass a function that makes the layer with a seeded generator: "
    "handgrad.check(lambda: Layer(rng=np.random.default_rng(0)), x).",
)
