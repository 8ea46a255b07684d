"""A training step layer by layer: any layers, any loss, either engine.

Fully connected layers of ours, each with the activation behind it, compute in arrays that are
reused from step to step; any other layer is called as it is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import assert_never

import numpy as np

from handgrad import kernels
from handgrad.arrays import Array, Labels, real
from handgrad.errors import ShapeError
from handgrad.languages import Text
from handgrad.layers import ACTIVATIONS, FullyConnected
from handgrad.losses import LOSSES
from handgrad.losses.softmax_cross_entropy import require_class_numbers
from handgrad.network.custom_layer_stage import CustomLayerStage
from handgrad.network.divergence import is_finite, raise_for_loss
from handgrad.network.interfaces import Layer, Loss, UpdateRule
from handgrad.network.parameters import Parameter, aligned
from handgrad.network.step_arguments import targets_for


def activation_after(layers: Sequence[Layer], index: int) -> str:
    """The name of the activation of ours behind ``layers[index]``; ``"none"`` where there is none."""
    after = layers[index + 1] if index + 1 < len(layers) else None
    return next((kind.name for kind in ACTIVATIONS if kind is type(after)), "none")


class FullyConnectedStage:
    """``y = act(x W + b)``: a fully connected layer and the activation behind it, if any.

    ::

        forward:   out = act(x W + b)
        backward:  d ← d ∗ act'(out);  db = Σ_i d_i;  dW = xᵀ d;  dx = d Wᵀ
    """

    def __init__(
        self, index: int, layer: FullyConnected, activation: str, gradients: Sequence[Array]
    ) -> None:
        self.index, self.layer, self.activation = index, layer, activation
        self.dW, self.db = gradients
        self.capacity = 0

    def reserve(self, batch: int) -> None:
        """Make room for a batch of this size."""
        if batch > self.capacity:
            d_in, d_out = self.layer.W.shape
            dtype = self.layer.W.dtype
            self.out, self.d = (aligned((batch, d_out), dtype) for _ in range(2))
            self.dx = aligned((batch, d_in), dtype)
            self.capacity = batch

    def forward(self, x: Array, batch: int, before: str) -> Array:
        """Any shape with d_in numbers a sample → ``(B, d_out)``, overwritten by the next step."""
        x = real("x", x)
        W = self.layer.W
        if x.ndim < 1 or len(x) != batch or math.prod(x.shape[1:]) != W.shape[0]:
            raise ShapeError(
                Text(
                    zh="{before} 给出的形状是 {x}，而 layers[{index}] 要接收 {batch} 个样本，"
                    "每个 {d_in} 个数（W 的形状是 {W}）。",
                    en="{before} gives shape {x}, and layers[{index}] takes {batch} samples of "
                    "{d_in} numbers each (W of shape {W}).",
                ).format(
                    before=before,
                    x=x.shape,
                    index=self.index,
                    batch=batch,
                    d_in=W.shape[0],
                    W=W.shape,
                )
            )
        self.shape = x.shape
        self.x = x.reshape(batch, W.shape[0]).astype(W.dtype, copy=False)
        out = self.out[:batch]
        np.matmul(self.x, W, out=out)
        kernels.bias_activation(out, self.layer.b, self.activation)
        return out

    def backward(self, dout: Array, dx: Array | None) -> None:
        """Set the gradients, and dx where an array for it is given; `dout` is not changed."""
        d = self.d[: len(dout)]
        if dout is not d:
            d[...] = dout.reshape(d.shape)
        kernels.activation_gradient(d, self.out[: len(d)], self.activation, self.db)
        np.matmul(self.x.T, d, out=self.dW)
        if dx is not None:
            np.matmul(d, self.layer.W.T, out=dx)


class LayerwiseStep:
    """The step of a network whose parameters and gradients lie in flat arrays."""

    def __init__(
        self,
        layers: Sequence[Layer],
        loss: Loss,
        parameters: Array,
        gradients: Array,
        held: Sequence[Parameter],
    ) -> None:
        self.layers, self.loss, self.held = layers, loss, held
        self.parameters, self.gradients = parameters, gradients
        self.stages = _stages(layers, gradients, held)
        last = self.stages[-1]
        self.fused = last if isinstance(last, FullyConnectedStage) else None
        self.fused_loss = next((kind.kernel for kind in LOSSES if kind is type(loss)), None)

    def run(self, x: Array, t: Labels, optimizer: UpdateRule) -> float:
        """One step; the loss before it. Nothing is updated when that is not finite."""
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            z = self._forward(x)
            loss, dout = self._loss_of(z, t)
            if not is_finite(loss, self.parameters.dtype):
                raise_for_loss(x, t, loss, self.held)
            self._backward(dout)
        optimizer.update(self.parameters, self.gradients)
        return loss

    def _forward(self, x: Array) -> Array:
        batch, before = len(x), "x"
        for stage in self.stages:
            if isinstance(stage, FullyConnectedStage):
                stage.reserve(batch)
                x = stage.forward(x, batch, before)
                before = f"layers[{stage.index}]"
            else:
                x = stage.forward(x, before)
                before = stage.name
        return x

    def _loss_of(self, z: Array, t: Labels) -> tuple[float, Array]:
        if self.fused is None or self.fused_loss is None:
            loss = float(self.loss.forward(z, t))
            return loss, self.loss.backward()
        targets = targets_for(self.loss, t, (len(z), z.shape[1]), z.dtype)
        dz = self.fused.d[: len(z)]
        if targets.ndim == 1:
            require_class_numbers(np.asarray(t), z.shape[1])
        match self.fused_loss:
            case "softmax_cross_entropy":
                return kernels.softmax_cross_entropy(z, targets, dz), dz
            case "mean_squared_error":
                return kernels.mean_squared_error(z, targets, dz), dz
        assert_never(self.fused_loss)

    def _backward(self, dout: Array) -> None:
        for place in range(len(self.stages) - 1, -1, -1):
            stage = self.stages[place]
            if isinstance(stage, CustomLayerStage):
                dout = stage.backward(dout)
                continue
            before = self.stages[place - 1] if place else None
            room = (
                before.d
                if isinstance(before, FullyConnectedStage)
                else stage.dx
                if before
                else None
            )
            dx = None if room is None else room[: len(dout)]
            stage.backward(dout, dx)
            if dx is not None:
                dout = dx if isinstance(before, FullyConnectedStage) else dx.reshape(stage.shape)


def _stages(
    layers: Sequence[Layer], gradients: Array, held: Sequence[Parameter]
) -> list[FullyConnectedStage | CustomLayerStage]:
    stages: list[FullyConnectedStage | CustomLayerStage] = []
    i = 0
    while i < len(layers):
        layer, named = layers[i], [parameter for parameter in held if parameter.index == i]
        views = {parameter.name: parameter.within(gradients) for parameter in named}
        if type(layer) is FullyConnected:
            activation = activation_after(layers, i)
            stages.append(FullyConnectedStage(i, layer, activation, (views["W"], views["b"])))
            i += 1 if activation == "none" else 2
        else:
            stages.append(CustomLayerStage(i, layer, views))
            i += 1
    return stages
