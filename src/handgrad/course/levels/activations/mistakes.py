"""What people get wrong in the activations, and what each mistake gives."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from handgrad.diagnosis.case import Array, Trial
from handgrad.diagnosis.mistakes import Explanation, Fit, Mistake
from handgrad.diagnosis.mistakes.single_calls import with_inputs
from handgrad.languages import Text

Formula = Callable[[Array, Array, Array], Array]


def _sigma(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


def _sigmoid(formula: Formula) -> Callable[[Trial, str], Array | None]:
    """A prediction for Sigmoid from x, out and dout; None for Relu."""
    return _of("Sigmoid", _sigma, formula)


def _relu(formula: Formula) -> Callable[[Trial, str], Array | None]:
    """A prediction for Relu from x, out and dout; None for Sigmoid."""
    return _of("Relu", lambda x: np.maximum(x, 0), formula)


def _of(
    class_name: str, forward: Callable[[Array], Array], formula: Formula
) -> Callable[[Trial, str], Array | None]:
    def predict(trial: Trial, array: str) -> Array | None:
        if f"{class_name}(" not in trial.case.script:
            return None
        x, dout = np.asarray(trial.case.inputs["x"]), np.asarray(trial.case.inputs["dout"])
        return np.asarray(formula(x, forward(x), dout))

    return predict


def _leaking(trial: Trial, array: str) -> Fit | None:
    if "Relu(" not in trial.case.script:
        return None
    x, dout = np.asarray(trial.case.inputs["x"]), np.asarray(trial.case.inputs["dout"])
    return Fit(base=np.where(x > 0, dout, 0), direction=np.where(x <= 0, dout, 0))


def _ones_for_dout(trial: Trial) -> dict[str, Array]:
    return {"dout": np.ones_like(trial.case.inputs["dout"])}


WITHOUT_DOUT = with_inputs("without dout", _ones_for_dout)
"""The trial as a formula sees it that leaves dout out."""

SIGMOID_RULE = Text(
    zh="σ'(x) = out·(1 − out)，链式法则给出 dx = dout·σ'(x)，逐元素，形状不变。",
    en="σ'(x) = out·(1 − out), and the chain rule gives dx = dout·σ'(x), entry by entry, in the same "
    "shape.",
)
RELU_RULE = Text(
    zh="x > 0 时 ∂out/∂x = 1，x ≤ 0 时为 0（在 0 处取 0）；再乘以 dout，形状不变。",
    en="∂out/∂x is 1 where x > 0 and 0 where x ≤ 0 (also at x = 0); multiply it by dout, entry by "
    "entry.",
)

SIGMOID: tuple[Mistake, ...] = (
    Mistake(
        "dout-dropped",
        Explanation(
            shows=Text(
                zh="dx 只是 σ'(x)，没有乘上 dout。",
                en="dx is σ'(x) alone; dout is missing.",
            ),
            because=SIGMOID_RULE,
            look_at=Text(
                zh="后面传来的梯度 dout 用在了哪里？",
                en="Where do you use the upstream gradient dout?",
            ),
        ),
        arrays=("dx",),
        predict=_sigmoid(lambda x, s, dout: s * (1 - s)),
        sees=WITHOUT_DOUT,
    ),
    Mistake(
        "uses-x-instead-of-out",
        Explanation(
            shows=Text(
                zh="dx 用 x 代替了 out：dout·x·(1 − x)。",
                en="dx uses x instead of out: dout·x·(1 − x).",
            ),
            because=SIGMOID_RULE,
            look_at=Text(
                zh="公式里的 out 是 forward 的输出：检查保存的是哪个数组。",
                en="In the formula, out is forward's output: check which array you store.",
            ),
        ),
        arrays=("dx",),
        predict=_sigmoid(lambda x, s, dout: dout * x * (1 - x)),
    ),
    Mistake(
        "applied-twice",
        Explanation(
            shows=Text(
                zh="dx 对 out 又做了一次 sigmoid：dout·σ(out)·(1 − σ(out))。",
                en="dx applies the sigmoid to out a second time: dout·σ(out)·(1 − σ(out)).",
            ),
            because=SIGMOID_RULE,
            look_at=Text(zh="out 已经是 σ(x) 了。", en="out is already σ(x)."),
        ),
        arrays=("dx",),
        predict=_sigmoid(lambda x, s, dout: dout * _sigma(s) * (1 - _sigma(s))),
    ),
    Mistake(
        "one-minus-out-only",
        Explanation(
            shows=Text(
                zh="dx 是 dout·(1 − out)，少乘了一个 out。",
                en="dx is dout·(1 − out); the factor out is missing.",
            ),
            because=SIGMOID_RULE,
            look_at=Text(zh="σ'(x) 有两个因子。", en="σ'(x) has two factors."),
        ),
        arrays=("dx",),
        predict=_sigmoid(lambda x, s, dout: dout * (1 - s)),
    ),
    Mistake(
        "out-only",
        Explanation(
            shows=Text(
                zh="dx 是 dout·out，少乘了 1 − out。",
                en="dx is dout·out; the factor 1 − out is missing.",
            ),
            because=SIGMOID_RULE,
            look_at=Text(zh="σ'(x) 有两个因子。", en="σ'(x) has two factors."),
        ),
        arrays=("dx",),
        predict=_sigmoid(lambda x, s, dout: dout * s),
    ),
    Mistake(
        "one-plus-out",
        Explanation(
            shows=Text(
                zh="dx 是 dout·out·(1 + out)，符号错了。",
                en="dx is dout·out·(1 + out): it has a plus instead of a minus.",
            ),
            because=SIGMOID_RULE,
            look_at=Text(zh="检查括号里的符号。", en="Check the sign inside the parentheses."),
        ),
        arrays=("dx",),
        predict=_sigmoid(lambda x, s, dout: dout * s * (1 + s)),
    ),
    Mistake(
        "derivative-of-dout",
        Explanation(
            shows=Text(
                zh="dx 是在 dout 处求的导数：σ'(dout)。",
                en="dx is the derivative evaluated at dout: σ'(dout).",
            ),
            because=SIGMOID_RULE,
            look_at=Text(
                zh="导数要在 forward 的输入处求，dout 是乘上去的。",
                en="Evaluate the derivative at forward's input; dout is a factor.",
            ),
        ),
        arrays=("dx",),
        predict=_sigmoid(lambda x, s, dout: _sigma(dout) * (1 - _sigma(dout))),
    ),
    Mistake(
        "tanh-derivative",
        Explanation(
            shows=Text(
                zh="dx 用了 tanh 的导数：dout·(1 − out²)。",
                en="dx uses the derivative of tanh: dout·(1 − out²).",
            ),
            because=SIGMOID_RULE,
            look_at=Text(
                zh="这一层是 sigmoid，不是 tanh。", en="This layer is a sigmoid, not a tanh."
            ),
        ),
        arrays=("dx",),
        predict=_sigmoid(lambda x, s, dout: dout * (1 - s**2)),
    ),
    Mistake(
        "brackets-forgotten",
        Explanation(
            shows=Text(
                zh="dx 是 dout·out − out：少了一对括号。",
                en="dx is dout·out − out: a pair of parentheses is missing.",
            ),
            because=SIGMOID_RULE,
            look_at=Text(
                zh="乘法先于减法：1 − out 要作为一个整体去乘。",
                en="Multiplication comes before subtraction: 1 − out as a whole must be one "
                "factor.",
            ),
        ),
        arrays=("dx",),
        predict=_sigmoid(lambda x, s, dout: dout * s - s),
    ),
    Mistake(
        "adds-instead-of-multiplying",
        Explanation(
            shows=Text(
                zh="dx 是 dout 加上 σ'(x)，而不是相乘。",
                en="dx is the sum of dout and σ'(x) instead of their product.",
            ),
            because=SIGMOID_RULE,
            look_at=Text(
                zh="链式法则把一步一步的导数乘起来。",
                en="The chain rule multiplies the derivatives of the steps.",
            ),
        ),
        arrays=("dx",),
        predict=_sigmoid(lambda x, s, dout: dout + s * (1 - s)),
    ),
    Mistake(
        "uses-dout-instead-of-out",
        Explanation(
            shows=Text(
                zh="dx 是 dout·(1 − dout)：用 dout 代替了 out。",
                en="dx is dout·(1 − dout): it uses dout instead of out.",
            ),
            because=SIGMOID_RULE,
            look_at=Text(
                zh="dout 是后面传来的梯度，out 是 forward 的输出。",
                en="dout is the upstream gradient; out is what forward returned.",
            ),
        ),
        arrays=("dx",),
        predict=_sigmoid(lambda x, s, dout: dout * (1 - dout)),
    ),
    Mistake(
        "uses-dout-instead-of-out",
        Explanation(
            shows=Text(
                zh="dx 是 dout·dout·(1 − dout)：用 dout 代替了 out。",
                en="dx is dout·dout·(1 − dout): it uses dout instead of out.",
            ),
            because=SIGMOID_RULE,
            look_at=Text(
                zh="dout 是后面传来的梯度，out 是 forward 的输出。",
                en="dout is the upstream gradient; out is what forward returned.",
            ),
        ),
        arrays=("dx",),
        predict=_sigmoid(lambda x, s, dout: dout * dout * (1 - dout)),
    ),
    Mistake(
        "exponent-sign",
        Explanation(
            shows=Text(
                zh="out 是 1 / (1 + e^x)：指数的符号反了。",
                en="out is 1 / (1 + e^x): the sign of the exponent is wrong.",
            ),
            because=Text(
                zh="σ(x) = 1 / (1 + e^(−x))，x 越大越接近 1。",
                en="σ(x) = 1 / (1 + e^(−x)), which approaches 1 for large x.",
            ),
            look_at=Text(
                zh="模板的 forward 是完整的，请保留它。",
                en="The template's forward is complete: keep it as it is.",
            ),
        ),
        arrays=("y",),
        predict=_sigmoid(lambda x, s, dout: 1 - s),
    ),
    Mistake(
        "passes-dout-through",
        Explanation(
            shows=Text(zh="dx 就是 dout。", en="dx is dout itself."),
            because=SIGMOID_RULE,
            look_at=Text(
                zh="这一层自己的导数用在了哪里？",
                en="Where do you use this layer's own derivative?",
            ),
        ),
        arrays=("dx",),
        predict=_sigmoid(lambda x, s, dout: dout),
    ),
)

RELU: tuple[Mistake, ...] = (
    Mistake(
        "mask-inverted",
        Explanation(
            shows=Text(
                zh="dx 在 x ≤ 0 处是 dout，在 x > 0 处是 0：正好反了。",
                en="dx is dout where x ≤ 0 and 0 where x > 0: exactly the wrong way round.",
            ),
            because=RELU_RULE,
            look_at=Text(zh="mask 在哪里是 True？", en="Where is mask True?"),
        ),
        arrays=("dx",),
        predict=_relu(lambda x, y, dout: np.where(x <= 0, dout, 0)),
    ),
    Mistake(
        "passes-at-zero",
        Explanation(
            shows=Text(
                zh="在 x 恰好等于 0 的位置，dx 是 dout 而不是 0。",
                en="Where x is exactly 0, dx is dout instead of 0.",
            ),
            because=RELU_RULE,
            look_at=Text(zh="比较用的是 < 还是 <=？", en="Is the comparison `<` or `<=`?"),
        ),
        arrays=("dx",),
        predict=_relu(lambda x, y, dout: np.where(x >= 0, dout, 0)),
    ),
    Mistake(
        "dout-dropped",
        Explanation(
            shows=Text(
                zh="dx 在 x > 0 处是 1，没有乘上 dout。", en="dx is 1 where x > 0; dout is missing."
            ),
            because=RELU_RULE,
            look_at=Text(
                zh="后面传来的梯度 dout 用在了哪里？",
                en="Where do you use the upstream gradient dout?",
            ),
        ),
        arrays=("dx",),
        predict=_relu(lambda x, y, dout: np.where(x > 0, 1.0, 0.0)),
        sees=WITHOUT_DOUT,
    ),
    Mistake(
        "gates-on-dout",
        Explanation(
            shows=Text(
                zh="dx 只在 dout > 0 处保留 dout：mask 是由 dout 算出来的。",
                en="dx keeps dout where dout > 0: the mask is computed from dout.",
            ),
            because=RELU_RULE,
            look_at=Text(
                zh="mask 应当由谁的符号决定？", en="Which array's sign must decide the mask?"
            ),
        ),
        arrays=("dx",),
        predict=_relu(lambda x, y, dout: np.where(dout > 0, dout, 0)),
    ),
    Mistake(
        "times-x",
        Explanation(
            shows=Text(zh="dx 是 dout·out。", en="dx is dout·out."),
            because=RELU_RULE,
            look_at=Text(
                zh="x > 0 时 out = x，它对 x 的导数是多少？",
                en="Where x > 0, out = x: what is its derivative?",
            ),
        ),
        arrays=("dx",),
        predict=_relu(lambda x, y, dout: dout * y),
    ),
    Mistake(
        "times-x",
        Explanation(
            shows=Text(zh="dx 是 dout·x。", en="dx is dout·x."),
            because=RELU_RULE,
            look_at=Text(
                zh="x > 0 时 out = x，它对 x 的导数是多少？x ≤ 0 时呢？",
                en="Where x > 0, out = x: what is its derivative? And where x ≤ 0?",
            ),
        ),
        arrays=("dx",),
        predict=_relu(lambda x, y, dout: dout * x),
    ),
    Mistake(
        "leaky-slope",
        Explanation(
            shows=Text(
                zh="dx 在 x ≤ 0 处是 {factor}·dout，像是 Leaky ReLU（带泄漏的 ReLU）。",
                en="dx is {factor}·dout where x ≤ 0, as in a leaky ReLU.",
            ),
            because=RELU_RULE,
            look_at=Text(zh="x ≤ 0 的位置，dx 应当是多少？", en="What must dx be where x ≤ 0?"),
        ),
        arrays=("dx",),
        fit=_leaking,
    ),
    Mistake(
        "no-gate",
        Explanation(
            shows=Text(
                zh="dx 处处都是 dout，没有用上 mask。",
                en="dx is dout everywhere: the mask is not applied.",
            ),
            because=RELU_RULE,
            look_at=Text(zh="mask 用在了哪里？", en="Where is mask used?"),
        ),
        arrays=("dx",),
        predict=_relu(lambda x, y, dout: dout),
    ),
    Mistake(
        "negates-instead-of-zero",
        Explanation(
            shows=Text(
                zh="dx 在 x ≤ 0 处是 −dout，而不是 0。", en="dx is −dout where x ≤ 0 instead of 0."
            ),
            because=RELU_RULE,
            look_at=Text(
                zh="这是绝对值函数的导数，不是 ReLU 的。",
                en="This is the derivative of the absolute value, not of ReLU.",
            ),
        ),
        arrays=("dx",),
        predict=_relu(lambda x, y, dout: np.where(x <= 0, -dout, dout)),
    ),
    Mistake(
        "selects-instead-of-masking",
        Explanation(
            shows=Text(
                zh="dx 只挑出了 x > 0 处的数，成了一维数组。",
                en="dx is a one-dimensional array of only the entries where x > 0.",
            ),
            because=RELU_RULE,
            look_at=Text(
                zh="用布尔数组做下标会丢掉形状；被屏蔽的位置应当保留为 0。",
                en="Indexing with a boolean array loses the shape; the masked entries must stay, "
                "as zeros.",
            ),
        ),
        arrays=("dx",),
        predict=_relu(lambda x, y, dout: dout[x > 0]),
    ),
    Mistake(
        "selects-instead-of-masking",
        Explanation(
            shows=Text(
                zh="dx 只挑出了 x ≤ 0 处的数，成了一维数组。",
                en="dx is a one-dimensional array of only the entries where x ≤ 0.",
            ),
            because=RELU_RULE,
            look_at=Text(
                zh="用布尔数组做下标会丢掉形状；被屏蔽的位置应当保留为 0。",
                en="Indexing with a boolean array loses the shape; the masked entries must stay, "
                "as zeros.",
            ),
        ),
        arrays=("dx",),
        predict=_relu(lambda x, y, dout: dout[x <= 0]),
    ),
)

MISTAKES: tuple[Mistake, ...] = (*SIGMOID, *RELU)
