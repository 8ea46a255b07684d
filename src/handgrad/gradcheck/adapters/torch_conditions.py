"""Conditions of a torch backward that occur in a network and not in its own tests.

Each condition runs forward and backward (with some inputs that need no gradient, an unused output, fresh
memory that holds NaN, …) and compares with the baseline run. Nothing is differentiated here; the engine
decides whether the baseline run is right.
"""

from __future__ import annotations

import contextlib
import linecache
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from handgrad.gradcheck.adapters.torch_code import ForwardGraph, TorchUnderTest
from handgrad.gradcheck.adapters.torch_in_place_writes import Write, recorded_writes
from handgrad.gradcheck.adapters.torch_tensors import array_of
from handgrad.gradcheck.conditions.differences import error_scales, largest_difference
from handgrad.gradcheck.engine.runs import EPSILON
from handgrad.gradcheck.findings import Finding
from handgrad.languages import Text, name_list

MOST_SUBSETS = 8
"""How many subsets of the inputs are tried as those that need a gradient."""
RUNS = 3
"""How often the same backward is repeated."""

Gradients = dict[str, NDArray[Any] | None]


@dataclass(frozen=True)
class TorchBaseline:
    """The run that every condition is compared with.

    Attributes:
        subject: the code.
        douts: the upstream gradient of each output.
        gradients: what backward gave, by name; None if it gave none.
    """

    subject: TorchUnderTest
    douts: tuple[torch.Tensor, ...]
    gradients: Gradients

    @classmethod
    def of(cls, subject: TorchUnderTest, rng: np.random.Generator) -> TorchBaseline:
        """Run once with Gaussian upstream gradients."""
        run = subject.run(subject.leaves(subject.point))
        douts = tuple(_gaussian(y, rng) for y in run.outputs)
        return cls(subject, douts, _arrays(run.backward(_copies(douts))))

    def worst(
        self,
        found: Gradients,
        expected: Gradients | None = None,
        names: Sequence[str] | None = None,
    ) -> tuple[str, float] | None:
        """The gradient with the largest difference from the baseline (or another run), and the difference."""
        return largest_difference(
            found,
            self.gradients if expected is None else expected,
            error_scales(self.gradients),
            names,
            EPSILON.get(self.subject.dtype, 0.0),
        )

    def run(self, wanted: Sequence[str] | None = None) -> ForwardGraph:
        """Forward once more, on new tensors."""
        return self.subject.run(self.subject.leaves(self.subject.point), wanted)


Condition = Callable[[TorchBaseline], Iterator[Finding]]


def torch_findings(
    subject: TorchUnderTest, rng: np.random.Generator, *, is_repeatable: bool = True
) -> Iterator[Finding]:
    """The findings of all conditions. A condition in which the code raises is a finding too.

    Args:
        subject: the code.
        rng: draws upstream gradients.
        is_repeatable: whether two runs give the same; otherwise only in-place writes are checked.
    """
    plain = TorchBaseline.of(subject, rng)
    for condition, when in CONDITIONS if is_repeatable else CONDITIONS[-1:]:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the check itself causes it
                found = list(condition(plain))
            yield from found
        except (RuntimeError, TypeError, ValueError, AttributeError, IndexError) as error:
            yield Finding(
                condition.__name__.replace("_", "-"),
                "wrong",
                Text(
                    zh="{when}，反向传播抛出异常：{error}",
                    en="{when}, backward raises: {error}",
                ).format(when=when, error=f"{type(error).__name__}: {error}"),
            )


def partial_gradients(plain: TorchBaseline) -> Iterator[Finding]:
    """If only some inputs need a gradient, their gradients must stay the same."""
    names = list(plain.gradients)
    sizes = [1, len(names) - 1, *range(2, len(names) - 1)]
    subsets = (
        subset
        for size in dict.fromkeys(sizes)
        if 0 < size < len(names)
        for subset in combinations(names, size)
    )
    for wanted in islice(subsets, MOST_SUBSETS):
        found = _arrays(plain.run(wanted).backward(_copies(plain.douts)))
        off = plain.worst(found, names=wanted)
        if off is not None:
            yield Finding(
                "partial-gradients",
                "wrong",
                Text(
                    zh="只有 {wanted} 需要梯度时，{name} 的梯度不同（相对误差 {error}）。"
                    "请按 ctx.needs_input_grad 决定计算哪些梯度，并按 forward 参数的顺序返回。",
                    en="When only {wanted} needs a gradient, the gradient of {name} differs (relative error "
                    "{error}). Compute the gradients that ctx.needs_input_grad asks for, and return "
                    "them in the order of forward's arguments.",
                ).format(wanted=name_list(wanted), name=off[0], error=f"{off[1]:.1g}"),
                array=off[0],
            )
            return


def unused_outputs(plain: TorchBaseline) -> Iterator[Finding]:
    """An unused output has the upstream gradient zero, whether torch passes zeros or None."""
    if len(plain.douts) < 2:
        return
    for used in range(len(plain.douts)):
        alone = [dout.clone() if i == used else None for i, dout in enumerate(plain.douts)]
        zeros = [
            dout.clone() if i == used else torch.zeros_like(dout)
            for i, dout in enumerate(plain.douts)
        ]
        expected = _arrays(plain.run().backward(zeros))
        off = plain.worst(_arrays(plain.run().backward(alone)), expected)
        if off is not None:
            yield Finding(
                "unused-outputs",
                "wrong",
                Text(
                    zh="只用第 {used} 个输出时，{name} 的梯度不对（相对误差 {error}）。"
                    "没有用到的输出，dout 是 0（或 None）。",
                    en="When only output {used} is used, the gradient of {name} is wrong (relative "
                    "error {error}). The dout of an unused output is zero (or None).",
                ).format(used=used + 1, name=off[0], error=f"{off[1]:.1g}"),
                array=off[0],
            )
            return


def uninitialised_memory(plain: TorchBaseline) -> Iterator[Finding]:
    """If fresh memory holds NaN, a gradient that changes reads memory that was never written."""
    with _memory_filled():
        found = _arrays(plain.run().backward(_copies(plain.douts)))
    off = plain.worst(found)
    if off is not None:
        yield Finding(
            "uninitialised-memory",
            "wrong",
            Text(
                zh="{name} 的梯度读了没有写过的内存（torch.empty）：内存里填 NaN 后它就变了。"
                "请用 torch.zeros，或写满每一个元素。",
                en="The gradient of {name} reads memory that was never written (torch.empty): it "
                "changes when that memory holds NaN. Use torch.zeros, or write every entry.",
            ).format(name=off[0]),
            array=off[0],
        )


def changed_after_forward(plain: TorchBaseline) -> Iterator[Finding]:
    """If an input or output changes in place after forward, torch must raise or the gradient be right."""
    run = plain.run()
    if any(_is_view(y, run) for y in run.outputs):
        return  # torch rebuilds the graph of a view when its memory changes
    names = [*run.leaves, *(f"output {i + 1}" for i in range(len(run.outputs)))]
    for position, place in enumerate(names):
        again = plain.run()
        tensor = [*again.leaves.values(), *again.outputs][position]
        try:
            with torch.no_grad():
                tensor.add_(1)
            found = _arrays(again.backward(_copies(plain.douts)))
        except RuntimeError:
            continue  # torch detected the change
        off = plain.worst(found)
        if off is not None:
            yield Finding(
                "changed-after-forward",
                "note",
                Text(
                    zh="forward 之后 {place} 被原地修改时，{name} 的梯度会出错，而且没有任何提示（相对误差 {error}）。"
                    "请用 ctx.save_for_backward 保存张量，这样 torch 会发现并报错。",
                    en="When {place} is changed in place after forward, the gradient of {name} is "
                    "silently wrong (relative error {error}). Store tensors with "
                    "ctx.save_for_backward: torch then detects the change and raises.",
                ).format(place=place, name=off[0], error=f"{off[1]:.1g}"),
                array=off[0],
            )
            return


def second_backward(plain: TorchBaseline) -> Iterator[Finding]:
    """A second backward through one graph must give the same gradients."""
    run = plain.run()
    run.backward(_copies(plain.douts), keeps_graph=True)
    off = plain.worst(_arrays(run.backward(_copies(plain.douts))))
    if off is not None:
        yield Finding(
            "second-backward",
            "wrong",
            Text(
                zh="对同一个计算图第二次反向传播，{name} 的梯度不同（相对误差 {error}）："
                "backward 改动了 forward 保存的数据。",
                en="A second backward through one graph changes the gradient of {name} (relative "
                "error {error}): backward changes data that forward stored.",
            ).format(name=off[0], error=f"{off[1]:.1g}"),
            array=off[0],
        )


def repeated_runs(plain: TorchBaseline) -> Iterator[Finding]:
    """Repeated runs must agree up to rounding; otherwise there is a race or a random number."""
    for _ in range(RUNS):
        found = _arrays(plain.run().backward(_copies(plain.douts)))
        off = plain.worst(found)
        if off is not None:
            yield Finding(
                "nondeterministic",
                "cannot-tell",
                Text(
                    zh="同样的输入再算一次，{name} 的梯度不同（相对误差 {error}）："
                    "用了随机数，或者线程之间有竞争。请固定随机种子（torch.manual_seed），或用 eval()。",
                    en="For the same inputs, the gradient of {name} differs from run to run (relative "
                    "error {error}): the code uses random numbers, or threads race. Fix the seed "
                    "(torch.manual_seed), or use eval().",
                ).format(name=off[0], error=f"{off[1]:.1g}"),
                array=off[0],
            )
            return


def written_in_place(plain: TorchBaseline) -> Iterator[Finding]:
    """Forward must not write into its inputs, backward not into dout or the outputs."""
    leaves = plain.subject.leaves(plain.subject.point)
    with recorded_writes(leaves) as forward_writes:
        run = plain.subject.run(leaves)
    douts = _copies(plain.douts)
    kept = {f"output {i + 1}": y for i, y in enumerate(run.outputs)} | dict(leaves)
    kept |= {("dout" if len(douts) == 1 else f"dout {i + 1}"): d for i, d in enumerate(douts)}
    with recorded_writes(kept) as backward_writes:
        run.backward(douts)
    for place, writes in (("forward", forward_writes), ("backward", backward_writes)):
        for write in writes[:1]:
            yield _write_finding(place, write)


def _write_finding(place: str, write: Write) -> Finding:
    kind = next((k for k in ("dout", "output") if write.name.startswith(k)), "input")
    return Finding(
        f"{kind}-changed",
        "wrong",
        Text(
            zh="{place} 原地改写了 {name}，而它属于调用者。请先复制（clone），或改用非原地运算。",
            en="{place} writes into {name}, which belongs to the caller. Clone it first, or avoid the "
            "in-place operation.",
        ).format(place=place, name=write.name),
        array=write.name,
        file=write.file,
        line=write.line,
        source=_source_line(write),
    )


def _source_line(write: Write) -> str | None:
    if write.file is None or write.line is None:
        return None
    return linecache.getline(write.file, write.line).strip() or None


CONDITIONS: tuple[tuple[Condition, Text], ...] = (
    (
        partial_gradients,
        Text(zh="只有部分输入需要梯度时", en="When only some inputs need a gradient"),
    ),
    (unused_outputs, Text(zh="只用一部分输出时", en="When only some outputs are used")),
    (uninitialised_memory, Text(zh="新内存里填 NaN 时", en="When fresh memory holds NaN")),
    (
        changed_after_forward,
        Text(zh="forward 之后张量被原地修改时", en="When a tensor is changed after forward"),
    ),
    (second_backward, Text(zh="第二次反向传播时", en="In a second backward")),
    (repeated_runs, Text(zh="同样的输入再算一次时", en="When the same inputs run again")),
    (written_in_place, Text(zh="记录原地改写时", en="While in-place writes are recorded")),
)


@contextlib.contextmanager
def _memory_filled() -> Iterator[None]:
    """Let torch fill the memory of ``torch.empty`` with NaN, in Python and in kernels."""
    mode = torch.get_deterministic_debug_mode()
    settings: Any = torch.utils.deterministic
    filled = settings.fill_uninitialized_memory
    torch.set_deterministic_debug_mode("warn")
    settings.fill_uninitialized_memory = True
    try:
        yield
    finally:
        settings.fill_uninitialized_memory = filled
        torch.set_deterministic_debug_mode(mode)


def _is_view(tensor: torch.Tensor, run: ForwardGraph) -> bool:
    memory = tensor.untyped_storage().data_ptr()
    return any(leaf.untyped_storage().data_ptr() == memory for leaf in run.leaves.values())


def _gaussian(like: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    drawn = torch.from_numpy(np.asarray(rng.normal(size=tuple(like.shape))))
    return drawn.to(device=like.device, dtype=like.dtype)


def _copies(tensors: Sequence[torch.Tensor]) -> list[torch.Tensor]:
    return [tensor.clone() for tensor in tensors]


def _arrays(gradients: Mapping[str, torch.Tensor | None]) -> Gradients:
    return {name: None if g is None else array_of(g) for name, g in gradients.items()}
