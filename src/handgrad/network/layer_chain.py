"""A chain of layers that ends in a loss."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from handgrad import kernels
from handgrad.arrays import Array, Labels, require_forward
from handgrad.layers import FullyConnected
from handgrad.network.compiled_step import CompiledStep, can_compile
from handgrad.network.divergence import LARGE_LOSS, overflow_error
from handgrad.network.interfaces import Layer, Loss, UpdateRule
from handgrad.network.layerwise_step import LayerwiseStep
from handgrad.network.parameters import aligned, gather, require_chain, require_held
from handgrad.network.step_arguments import require_batch, require_optimizer


class LayerChain:
    r"""``l = L(f_k(… f_2(f_1(x)) …), t)``: layers in a row, and a loss.

    With fully connected layers f1, f2, f3 and activations g1, g2, g3::

        y1 = f1(x;  W1, b1)     z1 = g1(y1)
        y2 = f2(z1; W2, b2)     z2 = g2(y2)
        y3 = f3(z2; W3, b3)     z3 = g3(y3)        l = L(z3, t)

    backward is the chain rule from the loss to the input: each layer takes the gradient of its
    output and returns that of its input, so ``∂l/∂x = J1ᵀ … Jkᵀ ∂l/∂z``, evaluated from the right.

    Args:
        layers: objects with ``forward(x)`` and ``backward(dout)``, in the order of forward; each
            object once, as it stores what its own backward needs.
        loss: an object with ``forward(z, t)`` → float and ``backward()`` → dz.

    Attributes:
        layers, loss: what was given.
        parameters: one flat array ``(P,)`` into which the parameters of all layers are copied, in
            order. ``layer.W`` and ``layer.b`` then are views of it, and the arrays that the layer
            was made with are left alone. Update in place, ``layer.W -= …`` or
            ``network.parameters -= …``: another array assigned to ``layer.W`` is not part of the
            network. Layers without ``parameter_names`` keep their own arrays.
        gradients: one flat array ``(P,)`` in the order of `parameters`, set by train_step; None
            before the first.
        output: what the last forward returned; None before. No later call overwrites it or what
            backward returns, unless a layer written by hand does.

    The dtype is that of the layers; where parameters differ in dtype, all of them take NumPy's
    promotion. The reduction over the batch (sum or mean) is that of the loss.

    Raises:
        ChainError: no layers, one object twice, or one without forward or backward.
        ShapeError: two layers whose sizes do not fit; the message names both.
        OrderError: backward before loss_of.
        ShapeError, DtypeError, LabelError: what a layer or the loss raises.

    Source: D. E. Rumelhart, G. E. Hinton, R. J. Williams, *Learning representations by
    back-propagating errors*, Nature 323, 1986.

    >>> import numpy as np
    >>> from handgrad import FullyConnected, MeanSquaredError, Network, Relu
    >>> network = Network(
    ...     [FullyConnected(np.array([[2.0]]), np.array([1.0])), Relu()], MeanSquaredError()
    ... )
    >>> x, t = np.array([[3.0]]), np.array([[5.0]])
    >>> network.forward(x)
    array([[7.]])
    >>> network.loss_of(x, t)
    4.0
    >>> network.backward()
    array([[8.]])
    >>> network.layers[0].dW
    array([[12.]])
    >>> network.parameters
    array([2., 1.])
    """

    def __init__(self, layers: Sequence[Layer], loss: Loss) -> None:
        self.layers = list(layers)
        self.loss = loss
        require_chain(self.layers)
        self._gather()
        self.output: Array | None = None
        self._loss_value: float | None = None
        self._may_overflow = False

    def _gather(self) -> None:
        self.parameters, self._held = gather(self.layers)
        self.gradients: Array | None = None
        self._steps: dict[str, LayerwiseStep | CompiledStep] = {}

    def forward(self, x: Array) -> Array:
        """The output of the last layer; each layer stores what its backward needs."""
        self._loss_value = None  # if a layer raises, the last loss is not that of this x
        for layer in self.layers:
            x = layer.forward(x)
        self.output = x
        return x

    def loss_of(self, x: Array, t: Labels) -> float:
        """The loss of the network's output for x against the targets t."""
        z = self.forward(x)
        self._loss_value = float(self.loss.forward(z, t))
        return self._loss_value

    def backward(self) -> Array:
        """``∂l/∂x`` in x's shape; every layer then holds the gradients of its parameters."""
        require_forward(self._loss_value, "Network", "loss_of(x, t)")
        dout = self.loss.backward()
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        return dout

    def train_step(self, x: Array, t: Labels, optimizer: UpdateRule) -> float:
        """One step of training on a batch: forward, loss, backward, update.

        It computes the same as ``loss_of``, ``backward`` and ``optimizer.update(parameters,
        gradients)``, to round-off, by a plan that is made at the first step. Later steps allocate
        nothing for batches that are no larger, the gradient of x is not computed, and with the native
        engine a step of a network of handgrad's own layers and loss is one compiled call.

        Args:
            x: a batch ``(B, d1, …, dk)`` of at least one sample; not changed.
            t: what the loss compares with: class numbers ``(B,)`` or rows ``(B, C)``.
            optimizer: one of `handgrad.optimizers`, or an object with
                ``update(parameters, gradient)``.

        Returns:
            The loss of the batch before the update.

        Afterwards `gradients` ``(P,)`` holds ``∂l/∂parameters``, in the order of `parameters`, and
        the fully connected layers' ``dW`` and ``db`` are views of it that the next step overwrites.
        `output` and what the layers store for their own backward do not change. x and t are converted
        to the dtype of the parameters. Two threads may train two networks at once, but not the same
        one.

        Raises:
            ShapeError: x or t does not fit, or holds no sample.
            LabelError: a label out of range; the message names the row.
            DataError: NaN or an infinity in x or t, in which row; nothing was updated.
            DivergenceError: the loss is not finite, or an update overflow_error; the parameters are
                those after the step before, and finite.
            OptimizerError: `optimizer` is none, or belongs to another network.
            ChainError: a parameter was replaced by another array.

        >>> import numpy as np
        >>> from handgrad import FullyConnected, Network, Relu, SoftmaxCrossEntropy
        >>> from handgrad.arrays import seeded
        >>> from handgrad.optimizers import SGD
        >>> rng = seeded(0)
        >>> layers = [FullyConnected.create(2, 8, rng), Relu(), FullyConnected.create(8, 2, rng)]
        >>> network, optimizer = Network(layers, SoftmaxCrossEntropy()), SGD(learning_rate=0.5)
        >>> x = rng.normal(size=(64, 2))
        >>> losses = [network.train_step(x, x[:, 0] > x[:, 1], optimizer) for _ in range(100)]
        >>> losses[-1] < 0.2 * losses[0]
        True
        """
        rule = require_optimizer(optimizer)
        x = require_batch(x)
        require_held(self._held)
        self._loss_value = None  # the layers no longer hold what the last loss was computed with
        step = self._steps.get(kernels.engine().name) or self._plan()
        before = self.parameters.copy() if self._may_overflow else None
        loss = step.run(x, t, rule)
        self._may_overflow = abs(loss) > LARGE_LOSS
        if before is not None and not np.isfinite(self.parameters).all():
            self.parameters[...] = before
            raise overflow_error(loss)
        for layer, name, view in self._views:
            setattr(layer, name, view)
        return loss

    def _plan(self) -> LayerwiseStep | CompiledStep:
        if self.gradients is None:
            self.gradients = aligned(self.parameters.shape, self.parameters.dtype)
            self._views = [
                (parameter.layer, f"d{parameter.name}", parameter.within(self.gradients))
                for parameter in self._held
                if type(parameter.layer) is FullyConnected
            ]
        engine = kernels.engine().name
        compiles = engine == "native" and can_compile(self.layers, self.loss, self.parameters)
        kind = CompiledStep if compiles else LayerwiseStep
        step = kind(self.layers, self.loss, self.parameters, self.gradients, self._held)
        self._steps[engine] = step
        return step

    def __getstate__(self) -> dict[str, Any]:
        # A plan holds addresses: a copy makes its own.
        return {name: getattr(self, name) for name in ("layers", "loss", "output", "_loss_value")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._may_overflow = False
        self._gather()
