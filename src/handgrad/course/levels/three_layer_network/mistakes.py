"""What people get wrong when they connect the layers, each written as the wrong ``backward`` itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from handgrad.arrays import Array, Labels
from handgrad.course.wrong_programs import predicted_by
from handgrad.diagnosis.case import Received, Trial
from handgrad.diagnosis.mistakes import Explanation, Mistake
from handgrad.languages import Text
from handgrad.layers import FullyConnected, Relu, Sigmoid
from handgrad.losses import MeanSquaredError, SoftmaxCrossEntropy
from handgrad.network import Layer, Loss

GIVEN = {
    one.__name__: one
    for one in (FullyConnected, Sigmoid, Relu, MeanSquaredError, SoftmaxCrossEntropy)
}
GRADIENTS = ("dx", "dW3", "db3", "dW2", "db2", "dW1", "db1")
Predict = Callable[[Trial, str], Array]


class _Network:
    """The level's network as the template has it, without its backward."""

    def __init__(self, layers: Sequence[Layer], loss: Loss) -> None:
        self.layers = layers
        self.loss = loss

    def forward(self, x: Array, t: Labels) -> float:
        self.z3 = _through(x, *(layer.forward for layer in self.layers))
        self.t = t
        self.l = self.loss.forward(self.z3, t)
        return self.l


def _with(backward: Callable[[Any], Array]) -> Predict:
    """What the arrays are when the network has this backward."""
    wrong = type("ThreeLayerNetwork", (_Network,), {"backward": backward})
    return predicted_by({**GIVEN, "ThreeLayerNetwork": wrong})


def _through(array: Array, *steps: Callable[[Array], Array]) -> Array:
    for step in steps:
        array = step(array)
    return array


def _back(dout: Array, *layers: Layer) -> Array:
    return _through(dout, *(layer.backward for layer in layers))


def _from_ones(network: _Network) -> Array:
    return _back(np.ones_like(network.z3), *reversed(network.layers))


def _from_output(network: _Network) -> Array:
    return _back(network.z3, *reversed(network.layers))


def _from_loss_value(network: _Network) -> Array:
    return _back(np.full_like(network.z3, network.l), *reversed(network.layers))


def _from_difference(network: _Network) -> Array:
    return _back(network.z3 - network.t, *reversed(network.layers))


def _times_loss_value(network: _Network) -> Array:
    return _back(network.l * network.loss.backward(), *reversed(network.layers))


def _without_activations(network: _Network) -> Array:
    f1, _, f2, _, f3, _ = network.layers
    return _back(network.loss.backward(), f3, f2, f1)


def _without_last_activation(network: _Network) -> Array:
    f1, g1, f2, g2, f3, _ = network.layers
    return _back(network.loss.backward(), f3, g2, f2, g1, f1)


def _without_middle_activation(network: _Network) -> Array:
    f1, g1, f2, _, f3, g3 = network.layers
    return _back(network.loss.backward(), g3, f3, f2, g1, f1)


def _without_first_activation(network: _Network) -> Array:
    f1, _, f2, g2, f3, g3 = network.layers
    return _back(network.loss.backward(), g3, f3, g2, f2, f1)


def _in_forward_order(network: _Network) -> Array:
    return _back(network.loss.backward(), *network.layers)


def _pairs_in_forward_order(network: _Network) -> Array:
    f1, g1, f2, g2, f3, g3 = network.layers
    return _back(network.loss.backward(), f3, g3, f2, g2, f1, g1)


def _by_forward(network: _Network) -> Array:
    return _through(network.loss.backward(), *(one.forward for one in reversed(network.layers)))


def _each_from_loss(network: _Network) -> Array:
    dz3 = network.loss.backward()
    return [layer.backward(dz3) for layer in reversed(network.layers)][-1]


def _stopped_before_first_layer(network: _Network) -> Array:
    _, g1, f2, g2, f3, g3 = network.layers
    return _back(network.loss.backward(), g3, f3, g2, f2, g1)


def _stopped_at_once(network: _Network) -> Array:
    return network.loss.backward()


class _KeepsY3(_Network):
    def forward(self, x: Array, t: Labels) -> float:
        value = super().forward(x, t)
        self.z3 = _through(x, *(layer.forward for layer in self.layers[:-1]))
        return value

    def backward(self) -> Array:
        return _back(self.loss.backward(), *reversed(self.layers))


def _is_absent(trial: Trial, array: str, received: Received) -> bool:
    return received.kind in ("missing", "nothing")


CHAIN = Text(
    zh="∂l/∂x = J_f1ᵀ·J_g1ᵀ·J_f2ᵀ·J_g2ᵀ·J_f3ᵀ·J_g3ᵀ·∂l/∂z3：从右往左，每一层恰好一次。",
    en="∂l/∂x = J_f1ᵀ · J_g1ᵀ · J_f2ᵀ · J_g2ᵀ · J_f3ᵀ · J_g3ᵀ · ∂l/∂z3: from the right, each layer "
    "exactly once.",
)
FIRST_GRADIENT = Text(
    zh="∂l/∂x = Jᵀ·∂l/∂z3：链条从损失函数的导数 ∂l/∂z3 开始，形状与 z3 相同。",
    en="∂l/∂x = Jᵀ · ∂l/∂z3: the chain starts from ∂l/∂z3, the derivative of the loss, in the "
    "shape of z3.",
)
WHO_STARTS = Text(zh="第一个 dout 应当由谁给出？", en="Which object must give the first dout?")


def _mistake(name: str, shows: Text, because: Text, look_at: Text, predict: Predict) -> Mistake:
    return Mistake(name, Explanation(shows, because, look_at), GRADIENTS, predict)


AT_THE_START: tuple[Mistake, ...] = (
    _mistake(
        "loss-gradient-forgotten",
        Text(
            zh="{array} 是从全 1 的梯度开始往回传的，没有用到损失函数。",
            en="{array} was propagated from a gradient of all ones; the loss is not used.",
        ),
        FIRST_GRADIENT,
        WHO_STARTS,
        _with(_from_ones),
    ),
    _mistake(
        "starts-from-output",
        Text(
            zh="{array} 是把输出 z3 当作梯度往回传的。",
            en="{array} was propagated from the output z3, as if it were a gradient.",
        ),
        FIRST_GRADIENT,
        Text(
            zh="z3 是数值，∂l/∂z3 才是梯度：它从哪里来？",
            en="z3 is a value and ∂l/∂z3 is the gradient: where does the gradient come from?",
        ),
        _with(_from_output),
    ),
    _mistake(
        "starts-from-loss-value",
        Text(
            zh="{array} 是把损失的值 l 当作梯度往回传的。",
            en="{array} was propagated from the value of the loss, l, as if it were a gradient.",
        ),
        FIRST_GRADIENT,
        Text(
            zh="损失对象有两个方法：哪一个给出 l，哪一个给出 ∂l/∂z3？",
            en="The loss has two methods: which one returns l, and which one ∂l/∂z3?",
        ),
        _with(_from_loss_value),
    ),
    _mistake(
        "starts-from-difference",
        Text(
            zh="{array} 是从 z3 − t 开始往回传的，没有用损失函数自己的导数。",
            en="{array} was propagated from z3 − t instead of the loss's own derivative.",
        ),
        FIRST_GRADIENT,
        Text(
            zh="z3 − t 只与某一种损失的导数成正比；给定的损失对象自己知道准确的导数。",
            en="z3 − t is proportional to the derivative of one particular loss; the given loss "
            "object computes its own exact derivative.",
        ),
        _with(_from_difference),
    ),
    _mistake(
        "times-loss-value",
        Text(
            zh="{array} 多乘了损失的值 l。",
            en="{array} is multiplied by the value of the loss, l.",
        ),
        FIRST_GRADIENT,
        Text(
            zh="链式法则从 ∂l/∂l = 1 开始，l 本身并不出现。",
            en="The chain rule starts from ∂l/∂l = 1; l itself does not appear in it.",
        ),
        _with(_times_loss_value),
    ),
)

ON_THE_WAY: tuple[Mistake, ...] = (
    _mistake(
        "activations-skipped",
        Text(
            zh="{array} 只经过了全连接层，跳过了激活函数。",
            en="{array} was propagated through the fully connected layers only; the activations "
            "were skipped.",
        ),
        CHAIN,
        Text(
            zh="layers 里有六层，梯度经过了几层？",
            en="There are six layers: how many does the gradient go through?",
        ),
        _with(_without_activations),
    ),
    _mistake(
        "last-activation-skipped",
        Text(
            zh="{array} 没有经过最后一个激活函数 g3。",
            en="{array} was not propagated through the last activation, g3.",
        ),
        CHAIN,
        Text(
            zh="损失收到的是 z3，而 z3 是哪一层的输出？",
            en="The loss receives z3: which layer's output is that?",
        ),
        _with(_without_last_activation),
    ),
    _mistake(
        "middle-activation-skipped",
        Text(
            zh="{array} 没有经过中间的激活函数 g2。",
            en="{array} was not propagated through the middle activation, g2.",
        ),
        CHAIN,
        Text(
            zh="把六层倒着数一遍，找出少了哪一层。",
            en="Count the six layers from the end and find the one that is missing.",
        ),
        _with(_without_middle_activation),
    ),
    _mistake(
        "first-activation-skipped",
        Text(
            zh="{array} 没有经过第一个激活函数 g1。",
            en="{array} was not propagated through the first activation, g1.",
        ),
        CHAIN,
        Text(
            zh="把六层倒着数一遍，找出少了哪一层。",
            en="Count the six layers from the end and find the one that is missing.",
        ),
        _with(_without_first_activation),
    ),
    _mistake(
        "layers-not-reversed",
        Text(
            zh="{array} 是按前向的顺序经过各层的。",
            en="{array} was propagated through the layers in forward order.",
        ),
        CHAIN,
        Text(zh="损失离哪一层最近？", en="Which layer is closest to the loss?"),
        _with(_in_forward_order),
    ),
    _mistake(
        "pairs-not-reversed",
        Text(
            zh="{array} 先经过 f3 再经过 g3，每一对里的顺序仍是前向的顺序。",
            en="{array} was propagated through f3 and then g3: each pair is still in forward "
            "order.",
        ),
        CHAIN,
        Text(
            zh="前向是先 f3 后 g3；反过来时，谁先收到梯度？",
            en="In forward, f3 comes before g3: in backward, which one receives the gradient "
            "first?",
        ),
        _with(_pairs_in_forward_order),
    ),
    _mistake(
        "gradient-not-passed-on",
        Text(
            zh="每一层收到的都是损失的梯度，而不是后一层传回来的梯度，所以 {array} 不对。",
            en="Every layer received the gradient of the loss instead of what the next layer's "
            "backward returned, so {array} is wrong.",
        ),
        CHAIN,
        Text(
            zh="一层的 backward 返回的梯度，交给了谁？",
            en="Where does the gradient that a layer's backward returns go?",
        ),
        _with(_each_from_loss),
    ),
    _mistake(
        "forward-instead-of-backward",
        Text(
            zh="{array} 是用各层的 forward（而不是 backward）往回传的。",
            en="{array} was computed by calling the layers' forward instead of their backward.",
        ),
        CHAIN,
        Text(zh="检查对每一层调用的是哪个方法。", en="Check which method is called on each layer."),
        _with(_by_forward),
    ),
)

AT_THE_END: tuple[Mistake, ...] = (
    Mistake(
        "returns-loss-gradient",
        Explanation(
            shows=Text(
                zh="backward 返回的是 ∂l/∂z3，而不是 ∂l/∂x。",
                en="backward returns ∂l/∂z3 instead of ∂l/∂x.",
            ),
            because=CHAIN,
            look_at=Text(
                zh="返回的变量，每经过一层都更新了吗？",
                en="Is the variable that you return updated after each layer?",
            ),
        ),
        arrays=("dx",),
        predict=_with(_stopped_at_once),
    ),
    Mistake(
        "first-layer-skipped",
        Explanation(
            shows=Text(
                zh="backward 返回的是 ∂l/∂y1，还没有经过第一层 f1。",
                en="backward returns ∂l/∂y1: the first layer, f1, was skipped.",
            ),
            because=CHAIN,
            look_at=Text(
                zh="y1 是 f1 的输出；要得到 ∂l/∂x，还差哪一步？",
                en="y1 is the output of f1: which step is missing on the way to ∂l/∂x?",
            ),
        ),
        arrays=("dx",),
        predict=_with(_stopped_before_first_layer),
    ),
)

FORWARD: tuple[Mistake, ...] = (
    Mistake(
        "z3-forgotten",
        Explanation(
            shows=Text(zh="forward 之后没有 self.z3。", en="There is no self.z3 after forward."),
            because=Text(
                zh="z3 是网络的输出，训练之后要用它来预测。",
                en="z3 is the network's output; after training it is what you predict with.",
            ),
            look_at=Text(
                zh="模板的 forward 会把输出存进 self.z3：检查这一行还在不在。",
                en="The template's forward stores the output in self.z3: check that this line is "
                "still there.",
            ),
        ),
        arrays=("z3",),
        recognise=_is_absent,
        sample=lambda trial, array: Received(kind="missing", type_name=""),
        refines=("gradient-stored-elsewhere", "gradient-forgotten"),
    ),
    Mistake(
        "z3-before-activation",
        Explanation(
            shows=Text(
                zh="self.z3 里存的是 y3，还没有经过激活函数 g3。",
                en="self.z3 holds y3, before the activation g3.",
            ),
            because=Text(
                zh="z3 = g3(y3)，损失是在 z3 上算的。",
                en="z3 = g3(y3), and the loss is computed from z3.",
            ),
            look_at=Text(
                zh="检查 self.z3 是在哪一步之后赋值的。",
                en="Check after which step self.z3 is assigned.",
            ),
        ),
        arrays=("z3",),
        predict=predicted_by({**GIVEN, "ThreeLayerNetwork": _KeepsY3}),
    ),
)

MISTAKES: tuple[Mistake, ...] = (*AT_THE_START, *ON_THE_WAY, *AT_THE_END, *FORWARD)
