"""A training step as one call of the compiled engine, for networks of our own layers and losses.

Forward, loss, backward and update run as one job of the engine's threads, in arrays that are
allocated once; ``kernels/source/step.inc`` describes how the work is divided.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from handgrad.arrays import Array, Labels
from handgrad.errors import ShapeError
from handgrad.kernels.native import (
    ACTIVATION_NUMBERS,
    LOSS_NUMBERS,
    NO_UPDATE_RULE,
    UPDATE_RULE_NUMBERS,
    address,
    compiled,
)
from handgrad.kernels.native_library import threads
from handgrad.languages import Text
from handgrad.layers import ACTIVATIONS, FullyConnected
from handgrad.losses import LOSSES
from handgrad.losses.softmax_cross_entropy import require_class_numbers
from handgrad.network.divergence import raise_for_loss
from handgrad.network.interfaces import Layer, Loss, UpdateRule
from handgrad.network.layerwise_step import activation_after
from handgrad.network.parameters import Parameter, aligned
from handgrad.network.step_arguments import targets_for
from handgrad.optimizers import Optimizer

WORTH_SHARING = 2_000_000
"""Multiplications a step below which a second thread costs more than it saves."""


class _LayerStruct(ctypes.Structure):
    """`Layer` of step.inc, field by field."""

    _fields_ = [
        *((name, ctypes.c_int64) for name in ("d_in", "d_out", "activation", "W", "b")),
        *((name, ctypes.c_void_p) for name in ("out", "d", "db_parts")),
    ]


class _PlanStruct(ctypes.Structure):
    """`Plan` of step.inc, field by field."""

    _fields_ = [
        *((name, ctypes.c_int64) for name in ("layers", "columns", "parts", "rule")),
        ("layer", ctypes.POINTER(_LayerStruct)),
        *((name, ctypes.c_void_p) for name in ("parameters", "gradients", "s", "r")),
        ("coefficients", ctypes.c_double * 8),
        ("loss_parts", ctypes.c_void_p),
        *((name, ctypes.c_int64) for name in ("loss", "batch")),
        *((name, ctypes.c_void_p) for name in ("x", "labels", "targets")),
        ("value", ctypes.c_double),
    ]


def can_compile(layers: Sequence[Layer], loss: Loss, parameters: Array) -> bool:
    """Whether these are fully connected layers, each with at most one activation, and our loss."""
    kinds = [type(layer) for layer in layers]
    follows = all(
        kind is FullyConnected or (kind in ACTIVATIONS and i and kinds[i - 1] is FullyConnected)
        for i, kind in enumerate(kinds)
    )
    return follows and type(loss) in LOSSES and ("step", parameters.dtype) in compiled


class CompiledStep:
    """The step of a network whose parameters and gradients lie in flat arrays."""

    def __init__(
        self,
        layers: Sequence[Layer],
        loss: Loss,
        parameters: Array,
        gradients: Array,
        held: Sequence[Parameter],
    ) -> None:
        self.loss, self.held = loss, held
        self.parameters, self.gradients = parameters, gradients
        self.dtype = parameters.dtype
        self.call = compiled["step", self.dtype]
        self.sizes = [p.view.shape for p in held if p.name == "W"]
        self.widest = max(d_out for _, d_out in self.sizes)
        self.threads = threads()
        self.layer = (_LayerStruct * len(self.sizes))()
        self.plan = _PlanStruct(
            layers=len(self.sizes),
            layer=self.layer,
            parameters=address(parameters),
            gradients=address(gradients),
            loss=next(LOSS_NUMBERS[kind.kernel] for kind in LOSSES if kind is type(loss)),
        )
        self._describe(layers)
        self.capacity = 0

    def _describe(self, layers: Sequence[Layer]) -> None:
        for (W, b), described in zip(
            zip(self.held[::2], self.held[1::2], strict=True), self.layer, strict=True
        ):
            described.d_in, described.d_out = W.view.shape
            described.W, described.b = W.start, b.start
            described.activation = ACTIVATION_NUMBERS[activation_after(layers, W.index)]

    def _reserve(self, batch: int) -> None:
        """Make room for a batch of this size."""
        self.capacity = batch
        self.room: list[NDArray[np.floating]] = [aligned((self.threads,), np.dtype(np.float64))]
        self.plan.loss_parts = address(self.room[0])
        self.x = np.empty((0,), self.dtype)
        for described in self.layer:
            shapes = [(batch, described.d_out)] * 2 + [(self.threads, described.d_out)]
            arrays = [aligned(shape, self.dtype) for shape in shapes]
            described.out, described.d, described.db_parts = map(address, arrays)
            self.room += arrays

    def run(self, x: Array, t: Labels, optimizer: UpdateRule) -> float:
        """One step; the loss before it. Nothing is updated when that is not finite."""
        batch, d_in = len(x), self.sizes[0][0]
        if math.prod(x.shape[1:]) != d_in:
            raise ShapeError(
                Text(
                    zh="x 的每个样本必须有 {d_in} 个数，才能进入 layers[0]；收到的 x 形状是 {x}。",
                    en="each sample of x must hold {d_in} numbers to go into layers[0]; "
                    "got x of shape {x}.",
                ).format(d_in=d_in, x=x.shape)
            )
        targets = targets_for(self.loss, t, (batch, self.sizes[-1][1]), self.dtype)
        if batch > self.capacity:
            self._reserve(batch)
        plan = self.plan
        plan.batch = batch
        laid_out = self._laid_out(x)
        plan.x = address(laid_out)
        where = address(targets)
        plan.labels, plan.targets = (where, None) if targets.ndim == 1 else (None, where)
        self._share_out(batch)
        fused = self._take(optimizer)
        code = self.call(ctypes.addressof(plan))
        if code < 0:
            require_class_numbers(np.asarray(t), self.sizes[-1][1])
        if code > 0:
            raise_for_loss(x, t, plan.value, self.held)
        if fused is not None:
            fused.steps += 1
        else:
            optimizer.update(self.parameters, self.gradients)
        return float(plan.value)

    def _laid_out(self, x: Array) -> Array:
        """The batch, contiguous and in the network's dtype; a copy in an array of ours where needed."""
        if x.dtype == self.dtype and x.flags.c_contiguous and x.flags.aligned:
            return x
        if self.x.size < x.size:
            self.x = aligned((x.size,), self.dtype)
        copy = self.x[: x.size].reshape(x.shape)
        copy[...] = x
        return copy

    def _share_out(self, batch: int) -> None:
        """Set the number of threads, and whether they divide rows or columns.

        Columns where a thread would have few rows of a wide layer: packing the weights for its
        product would then cost as much as the product.
        """
        work = 3 * batch * sum(d_in * d_out for d_in, d_out in self.sizes)
        parts = 1 if work < WORTH_SHARING else min(self.threads, max(1, batch // 4))
        self.plan.parts = parts
        self.plan.columns = int(parts > 1 and 2 * batch < parts * self.widest)

    def _take(self, optimizer: UpdateRule) -> Optimizer | None:
        """Let the step apply this optimizer's rule, where it is one of ours."""
        plan = self.plan
        if not isinstance(optimizer, Optimizer) or type(optimizer).update is not Optimizer.update:
            plan.rule = NO_UPDATE_RULE  # the step computes the gradients only
            return None
        state = optimizer.begin(self.parameters)
        plan.s, plan.r = (*map(address, state), None, None)[:2]
        plan.rule = UPDATE_RULE_NUMBERS[optimizer.rule]
        numbers = optimizer.coefficients(optimizer.steps + 1)
        plan.coefficients[: len(numbers)] = numbers
        return optimizer
