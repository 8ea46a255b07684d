"""What people get wrong when they connect the layers, and what each mistake gives."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from handgrad.checking.case import Array, Trial
from handgrad.checking.mistakes import Explanation, Mistake
from handgrad.languages import Text
from handgrad.layers import FullyConnected, Relu, Sigmoid
from handgrad.losses import MeanSquaredError, SoftmaxCrossEntropy

LAYERS: dict[str, Callable[[], Any]] = {"Sigmoid": Sigmoid, "Relu": Relu}
LOSSES: dict[str, Callable[[], Any]] = {
    "MeanSquaredError": MeanSquaredError,
    "SoftmaxCrossEntropy": SoftmaxCrossEntropy,
}
BUILT = re.compile(r"network = ThreeLayerNetwork\(\[f1, (\w+)\(\), f2, (\w+)\(\), f3, (\w+)\(\)\], (\w+)\(")

WrongBackward = Callable[[list[Any], Any, Array], Array]


def _built(trial: Trial) -> tuple[list[Any], Any]:
    """The layers and the loss of a case, from its script and its inputs."""
    match = BUILT.search(trial.case.script)
    assert match is not None
    inputs = trial.case.inputs
    g1, g2, g3 = (LAYERS[name]() for name in match.groups()[:3])
    f1, f2, f3 = (FullyConnected(inputs[f"W{i}"], inputs[f"b{i}"]) for i in (1, 2, 3))
    return [f1, g1, f2, g2, f3, g3], LOSSES[match.group(4)]()


def _after(backward: WrongBackward) -> Callable[[Trial, str], Array | None]:
    """What an array is after a wrong backward: the forward runs as it should."""

    def predict(trial: Trial, array: str) -> Array | None:
        if array in ("l", "z3"):
            return None
        layers, loss = _built(trial)
        z = trial.case.inputs["x"]
        for layer in layers:
            z = layer.forward(z)
        loss.forward(z, trial.case.inputs["t"])
        dx = backward(layers, loss, z)
        if array == "dx":
            return np.asarray(dx)
        layer = layers[2 * (int(array[-1]) - 1)]
        gradient = layer.dW if array.startswith("dW") else layer.db
        if gradient is None:
            raise LookupError(f"{array} is never computed")
        return np.asarray(gradient)

    return predict


def _through(layers: list[Any], dout: Array) -> Array:
    for layer in layers:
        dout = layer.backward(dout)
    return dout


def _from_ones(layers: list[Any], loss: Any, z: Array) -> Array:
    return _through(layers[::-1], np.ones_like(z))


def _from_output(layers: list[Any], loss: Any, z: Array) -> Array:
    return _through(layers[::-1], z)


def _without_activations(layers: list[Any], loss: Any, z: Array) -> Array:
    return _through(layers[4::-2], loss.backward())


def _without_last_activation(layers: list[Any], loss: Any, z: Array) -> Array:
    return _through(layers[-2::-1], loss.backward())


def _in_forward_order(layers: list[Any], loss: Any, z: Array) -> Array:
    return _through(layers, loss.backward())


def _each_from_loss(layers: list[Any], loss: Any, z: Array) -> Array:
    dout = loss.backward()
    dx = dout
    for layer in reversed(layers):
        dx = layer.backward(dout)
    return dx


def _unmultiplied(layers: list[Any], loss: Any, z: Array) -> Array:
    _through(layers[::-1], loss.backward())
    return np.asarray(loss.backward())


CHAIN = Text(
    zh="∂l/∂x = J_f1ᵀ·J_g1ᵀ·…·J_g3ᵀ·∂l/∂z3：从右往左，每一层恰好一次。",
    en="∂l/∂x = J_f1ᵀ · J_g1ᵀ · … · J_g3ᵀ · ∂l/∂z3: from the right, each layer exactly once.",
)

MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "loss-gradient-forgotten",
        Explanation(
            shows=Text(
                zh="{array} 是从全 1 的梯度开始往回传的，没有用到损失函数。",
                en="{array} goes back from a gradient of ones; the loss has no part in it.",
            ),
            because=CHAIN,
            look_at=Text(
                zh="第一个 dout 应当由谁给出？", en="Who gives the very first dout?"
            ),
        ),
        predict=_after(_from_ones),
    ),
    Mistake(
        "starts-from-output",
        Explanation(
            shows=Text(
                zh="{array} 是把输出 z3 当作梯度往回传的。",
                en="{array} goes back from the output z3 as if it were a gradient.",
            ),
            because=CHAIN,
            look_at=Text(
                zh="z3 是数值，∂l/∂z3 才是梯度：它从哪里来？",
                en="z3 is a value and ∂l/∂z3 a gradient: where does that come from?",
            ),
        ),
        predict=_after(_from_output),
    ),
    Mistake(
        "activations-skipped",
        Explanation(
            shows=Text(
                zh="{array} 只经过了全连接层，跳过了激活函数。",
                en="{array} went through the fully connected layers and past the activations.",
            ),
            because=CHAIN,
            look_at=Text(
                zh="layers 里有六个元素，循环经过了几个？",
                en="There are six layers; through how many does the loop go?",
            ),
        ),
        predict=_after(_without_activations),
    ),
    Mistake(
        "last-activation-skipped",
        Explanation(
            shows=Text(
                zh="{array} 没有经过最后一个激活函数 g3。",
                en="{array} did not go through the last activation, g3.",
            ),
            because=CHAIN,
            look_at=Text(
                zh="循环是从 layers 的最后一个开始的吗？",
                en="Does the loop begin with the last of the layers?",
            ),
        ),
        predict=_after(_without_last_activation),
    ),
    Mistake(
        "layers-not-reversed",
        Explanation(
            shows=Text(
                zh="{array} 是按前向的顺序经过各层的。",
                en="{array} went through the layers in the order of forward.",
            ),
            because=CHAIN,
            look_at=Text(
                zh="损失离哪一层最近？", en="Which layer is nearest to the loss?"
            ),
        ),
        predict=_after(_in_forward_order),
    ),
    Mistake(
        "gradient-not-passed-on",
        Explanation(
            shows=Text(
                zh="每一层收到的都是损失的梯度，而不是后一层传回来的。",
                en="every layer receives the gradient of the loss, and not what the layer behind it "
                "gave back.",
            ),
            because=CHAIN,
            look_at=Text(
                zh="循环里，backward 的返回值交给了谁？",
                en="In the loop, where does the result of backward go?",
            ),
        ),
        predict=_after(_each_from_loss),
    ),
    Mistake(
        "returns-loss-gradient",
        Explanation(
            shows=Text(
                zh="返回的是 ∂l/∂z3，而不是 ∂l/∂x。", en="what is returned is ∂l/∂z3, not ∂l/∂x."
            ),
            because=CHAIN,
            look_at=Text(
                zh="返回的变量在循环里更新过吗？",
                en="Is the variable that you return updated in the loop?",
            ),
        ),
        arrays=("dx",),
        predict=_after(_unmultiplied),
    ),
)
