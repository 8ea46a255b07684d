"""What people get wrong in the fully connected layer, and what each mistake gives."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from handgrad.diagnosis.case import Array, Received, Trial
from handgrad.diagnosis.mistakes import Explanation, Fit, Mistake
from handgrad.languages import Text

Given = Callable[[Array, Array, Array, Array], Array]


def _from(formula: Given) -> Callable[[Trial, str], Array]:
    """A prediction from the arrays of the compared call: x (flattened), W, dout, and b."""

    def predict(trial: Trial, array: str) -> Array:
        inputs = trial.case.inputs
        x = np.asarray(inputs["x"])
        return formula(x.reshape(len(x), -1), inputs["W"], inputs["dout"], inputs["b"])

    return predict


def _like_x(formula: Given) -> Callable[[Trial, str], Array]:
    """The same, brought into x's original shape, as an answer that reshapes would."""
    predict = _from(formula)
    return lambda trial, array: predict(trial, array).reshape(np.shape(trial.case.inputs["x"]))


def _flat_dx(trial: Trial, array: str) -> Array:
    dx = trial.expected["dx"]
    return dx.reshape(len(dx), -1)


def _other_parameter_gradient(trial: Trial, array: str) -> Array:
    return trial.expected["db" if array == "dW" else "dW"]


def _after_update(trial: Trial, array: str) -> Fit:
    """The dx from a W that this backward, and an earlier one of the case, have moved against dW."""
    moved = trial.expected["dW"]
    if trial.case.situation == "second-call":
        moved = moved + trial.expected["dW_earlier"]
    dx = trial.expected["dx"]
    return Fit(base=dx, direction=-(trial.case.inputs["dout"] @ moved.T).reshape(dx.shape))


def _from_stale_input(trial: Trial, array: str) -> Array | None:
    if trial.case.situation != "second-call":
        return None
    inputs = trial.case.inputs
    x = inputs["x_earlier"]
    return np.asarray(x.reshape(len(x), -1).T @ inputs["dout"])


def _from_other_input(trial: Trial, array: str) -> Array | None:
    if trial.case.situation != "two-instances":
        return None
    inputs = trial.case.inputs
    x = inputs["x_other"]
    return np.asarray(x.reshape(len(x), -1).T @ inputs["dout"])


DW_SHAPE = Text(
    zh="y = x·W + b，所以 ∂l/∂W 的形状是 (N, M)：第 n 行第 m 列是 Σ_i x_in · dout_im，对批里的样本求和。",
    en="y = x·W + b, so ∂l/∂W has shape (N, M): its entry (n, m) is Σ_i x_in · dout_im, summed over "
    "the samples of the batch.",
)
DB_SHAPE = Text(
    zh="同一个 b_m 加在批里的每个样本上，所以 ∂l/∂b_m = Σ_i dout_im，形状是 (M,)。",
    en="The same b_m is added to every sample of the batch, so ∂l/∂b_m = Σ_i dout_im, of shape "
    "(M,).",
)
DX_SHAPE = Text(
    zh="x_in 通过第 n 行的权重影响每个输出，所以 ∂l/∂x_in = Σ_m dout_im · W_nm。",
    en="x_in reaches every output through row n of W, so ∂l/∂x_in = Σ_m dout_im · W_nm.",
)

WEIGHTS: tuple[Mistake, ...] = (
    Mistake(
        "dw-missing-transpose",
        Explanation(
            shows=Text(
                zh="dW 是 x 与 dout 直接相乘的结果，缺少转置；只有 B = N 时形状才对得上。",
                en="dW is the product of x and dout without a transpose; the shapes fit only when "
                "B = N.",
            ),
            because=DW_SHAPE,
            look_at=Text(
                zh="两个因子的形状是 (B, N) 和 (B, M)：怎样才能消去 B？",
                en="The factors have shapes (B, N) and (B, M): how can B be summed away?",
            ),
        ),
        arrays=("dW",),
        predict=_from(lambda x, W, dout, b: x @ dout),
    ),
    Mistake(
        "dw-transposed",
        Explanation(
            shows=Text(
                zh="dW 是正确结果的转置，形状成了 (M, N)。",
                en="dW is the transpose of the right result, of shape (M, N).",
            ),
            because=DW_SHAPE,
            look_at=Text(
                zh="乘积里谁在前、谁被转置？",
                en="Which factor comes first, and which one is transposed?",
            ),
        ),
        arrays=("dW",),
        predict=_from(lambda x, W, dout, b: dout.T @ x),
        refines=("transposed",),
    ),
    *(
        Mistake(
            "dw-wrong-transpose",
            Explanation(
                shows=Text(
                    zh="dW 里被转置的不是该转置的那个因子；只有 N = M 时形状才对得上。",
                    en="In dW the wrong factor is transposed; the shapes fit only when N = M.",
                ),
                because=DW_SHAPE,
                look_at=Text(
                    zh="两个因子的形状是 (B, N) 和 (B, M)：要消去的是哪个轴？",
                    en="The factors have shapes (B, N) and (B, M): which axis is to be summed away?",
                ),
            ),
            arrays=("dW",),
            predict=_from(formula),
        )
        for formula in (
            lambda x, W, dout, b: x @ dout.T,
            lambda x, W, dout, b: dout @ x.T,
        )
    ),
    Mistake(
        "dw-elementwise",
        Explanation(
            shows=Text(
                zh="dW 是 x 与 dout 逐元素相乘的结果。", en="dW is x times dout, entry by entry."
            ),
            because=DW_SHAPE,
            look_at=Text(
                zh="NumPy 里的 * 是逐元素相乘；这里需要的是哪种乘法？",
                en="In NumPy `*` multiplies entry by entry; which product is needed here?",
            ),
        ),
        arrays=("dW",),
        predict=_from(lambda x, W, dout, b: x * dout),
    ),
    Mistake(
        "stale-state",
        Explanation(
            shows=Text(
                zh="第二次调用时，dW 用的还是第一次 forward 的输入 x。",
                en="In the second call dW is computed with the x of the first forward.",
            ),
            because=Text(
                zh="backward 要用最近一次 forward 保存的数组。",
                en="backward must use the arrays that the latest forward stored.",
            ),
            look_at=Text(
                zh="检查 forward 是否每次都保存新的 x。",
                en="Check that forward stores x at every call.",
            ),
        ),
        arrays=("dW",),
        predict=_from_stale_input,
    ),
    Mistake(
        "shared-between-instances",
        Explanation(
            shows=Text(
                zh="有两个实例时，第一个的 dW 是用第二个的输入 x 算的。",
                en="With two instances, dW of the first is computed with the x of the second.",
            ),
            because=Text(
                zh="网络里有好几个同类的层，每个都要记住自己的输入。",
                en="A network has several layers of one class, and each must remember its own input.",
            ),
            look_at=Text(
                zh="检查 x 存在哪里：全局变量和类属性是所有实例共用的。",
                en="Check where x is stored: globals and class attributes are shared by all "
                "instances.",
            ),
        ),
        arrays=("dW",),
        predict=_from_other_input,
    ),
    Mistake(
        "first-sample-only",
        Explanation(
            shows=Text(
                zh="dW 只算了批里的第一个样本。",
                en="dW includes only the first sample of the batch.",
            ),
            because=DW_SHAPE,
            look_at=Text(
                zh="检查循环：return 是不是写在了循环里面？",
                en="Check the loop: is a return inside it?",
            ),
        ),
        arrays=("dW",),
        predict=_from(lambda x, W, dout, b: np.outer(x[0], dout[0])),
    ),
    Mistake(
        "last-sample-only",
        Explanation(
            shows=Text(
                zh="dW 只用了最后一个样本的 x 和 dout。",
                en="dW uses only the last sample's x and dout.",
            ),
            because=DW_SHAPE,
            look_at=Text(
                zh="循环的每一轮是累加结果，还是覆盖了上一轮？",
                en="Does each iteration of the loop add to the result, or overwrite the previous "
                "one?",
            ),
        ),
        arrays=("dW",),
        predict=_from(lambda x, W, dout, b: np.outer(x[-1], dout[-1])),
    ),
    Mistake(
        "dw-forgotten",
        Explanation(
            shows=Text(zh="self.dW 从未被赋值。", en="self.dW was never set."),
            because=Text(
                zh="没有 dW，权重 W 就无法更新。", en="Without dW the weights W cannot be updated."
            ),
            look_at=Text(
                zh="backward 要设置两个属性，并返回一个数组。",
                en="backward must set two attributes and return one array.",
            ),
        ),
        arrays=("dW",),
        recognise=lambda trial, array, received: received.kind in ("missing", "nothing"),
        sample=lambda trial, array: Received(kind="missing", type_name=""),
        refines=("gradient-forgotten",),
    ),
)

BIAS: tuple[Mistake, ...] = (
    Mistake(
        "db-not-summed",
        Explanation(
            shows=Text(
                zh="db 就是 dout 本身，没有对批里的样本求和。",
                en="db is dout itself, not summed over the batch.",
            ),
            because=DB_SHAPE,
            look_at=Text(
                zh="b 有 M 个数，dout 有 B·M 个：少了哪一步？",
                en="b has M numbers and dout has B·M: which step is missing?",
            ),
        ),
        arrays=("db",),
        predict=_from(lambda x, W, dout, b: dout),
    ),
    Mistake(
        "db-keepdims",
        Explanation(
            shows=Text(
                zh="db 的数值正确，形状却是 (1, M)。",
                en="db has the right numbers but the shape (1, M).",
            ),
            because=DB_SHAPE,
            look_at=Text(
                zh="b 只有一个轴；求和时是不是保留了多余的轴（keepdims）？",
                en="b has one axis; does the sum keep a second one (keepdims)?",
            ),
        ),
        arrays=("db",),
        predict=_from(lambda x, W, dout, b: dout.sum(axis=0, keepdims=True)),
        refines=("not-reshaped", "wrong-shape"),
    ),
    Mistake(
        "db-mean",
        Explanation(
            shows=Text(
                zh="db 是对样本的平均，而不是求和。",
                en="db is the mean over the batch, not the sum.",
            ),
            because=DB_SHAPE,
            look_at=Text(
                zh="求平均是损失函数的事，dout 里已经含有 1/B。",
                en="The mean belongs to the loss, and dout already contains its 1/B.",
            ),
        ),
        arrays=("db",),
        predict=_from(lambda x, W, dout, b: dout.mean(axis=0)),
        refines=("divided-by-batch",),
    ),
    Mistake(
        "db-wrong-axis",
        Explanation(
            shows=Text(
                zh="db 是沿输出方向求和的，每个样本得到一个数。",
                en="db is summed over the outputs: one number for each sample.",
            ),
            because=DB_SHAPE,
            look_at=Text(
                zh="哪个轴是批？求和之后应当剩下 M 个数。",
                en="Which axis is the batch? The sum must leave M numbers.",
            ),
        ),
        arrays=("db",),
        predict=_from(lambda x, W, dout, b: dout.sum(axis=1)),
    ),
    Mistake(
        "db-wrong-axis",
        Explanation(
            shows=Text(
                zh="db 是沿输出方向求和的，形状是 (B, 1)。",
                en="db is summed over the outputs and has shape (B, 1).",
            ),
            because=DB_SHAPE,
            look_at=Text(
                zh="哪个轴是批？求和之后应当剩下 M 个数。",
                en="Which axis is the batch? The sum must leave M numbers.",
            ),
        ),
        arrays=("db",),
        predict=_from(lambda x, W, dout, b: dout.sum(axis=1, keepdims=True)),
    ),
    Mistake(
        "db-summed-to-scalar",
        Explanation(
            shows=Text(
                zh="db 只是一个数：dout 所有元素的和。",
                en="db is a single number, the sum of all of dout.",
            ),
            because=DB_SHAPE,
            look_at=Text(zh="求和时有没有指明沿哪个轴？", en="Does the sum name an axis?"),
        ),
        arrays=("db",),
        predict=_from(lambda x, W, dout, b: dout.sum()),
    ),
    Mistake(
        "db-summed-to-scalar",
        Explanation(
            shows=Text(
                zh="db 的每个数都是整个 dout 的总和。",
                en="Every entry of db is the sum over all of dout.",
            ),
            because=DB_SHAPE,
            look_at=Text(
                zh="每个输出的偏置只影响它自己那一列：求和该沿哪个轴？",
                en="Each bias affects only its own column: along which axis must you sum?",
            ),
        ),
        arrays=("db",),
        predict=_from(lambda x, W, dout, b: np.full(b.shape, dout.sum())),
    ),
    Mistake(
        "db-all-ones",
        Explanation(
            shows=Text(zh="db 的每个数都是 1。", en="Every entry of db is 1."),
            because=DB_SHAPE,
            look_at=Text(
                zh="∂y/∂b 的确是 1，但链式法则还要乘上什么？",
                en="∂y/∂b is indeed 1; what does the chain rule multiply it by?",
            ),
        ),
        arrays=("db",),
        predict=_from(lambda x, W, dout, b: np.ones_like(b)),
    ),
    Mistake(
        "first-sample-only",
        Explanation(
            shows=Text(
                zh="db 只算了批里的第一个样本。",
                en="db includes only the first sample of the batch.",
            ),
            because=DB_SHAPE,
            look_at=Text(
                zh="检查循环：return 是不是写在了循环里面？",
                en="Check the loop: is a return inside it?",
            ),
        ),
        arrays=("db",),
        predict=_from(lambda x, W, dout, b: dout[0]),
    ),
    Mistake(
        "last-sample-only",
        Explanation(
            shows=Text(
                zh="db 只是最后一个样本的 dout。", en="db is the dout of the last sample only."
            ),
            because=DB_SHAPE,
            look_at=Text(
                zh="循环的每一轮是累加结果，还是覆盖了上一轮？",
                en="Does each iteration of the loop add to the result, or overwrite the previous "
                "one?",
            ),
        ),
        arrays=("db",),
        predict=_from(lambda x, W, dout, b: dout[-1]),
    ),
    Mistake(
        "db-forgotten",
        Explanation(
            shows=Text(zh="self.db 从未被赋值。", en="self.db was never set."),
            because=Text(
                zh="没有 db，偏置 b 就无法更新。", en="Without db the bias b cannot be updated."
            ),
            look_at=Text(
                zh="backward 要设置两个属性，并返回一个数组。",
                en="backward must set two attributes and return one array.",
            ),
        ),
        arrays=("db",),
        recognise=lambda trial, array, received: received.kind in ("missing", "nothing"),
        sample=lambda trial, array: Received(kind="missing", type_name=""),
        refines=("gradient-forgotten",),
    ),
    Mistake(
        "dw-db-swapped",
        Explanation(
            shows=Text(
                zh="dW 和 db 互换了：各自存着对方的值。",
                en="dW and db are swapped: each holds the other's array.",
            ),
            because=Text(
                zh="梯度的形状与参数相同：dW 是 (N, M)，db 是 (M,)。",
                en="A gradient has its parameter's shape: dW is (N, M), db is (M,).",
            ),
            look_at=Text(
                zh="检查两个赋值语句等号左边的名字。",
                en="Check the names on the left side of the two assignments.",
            ),
        ),
        arrays=("dW", "db"),
        predict=_other_parameter_gradient,
        refines=("wrong-shape",),
    ),
)

INPUT: tuple[Mistake, ...] = (
    Mistake(
        "dx-uses-w-untransposed",
        Explanation(
            shows=Text(
                zh="dx 用的是没有转置的 W；只有 N = M 时形状才对得上。",
                en="dx uses W without transposing it; the shapes fit only when N = M.",
            ),
            because=DX_SHAPE,
            look_at=Text(
                zh="dout 是 (B, M)，dx 应当是 (B, N)：W (N, M) 要怎样放进去？",
                en="dout is (B, M) and dx must be (B, N): how does W, of shape (N, M), fit in?",
            ),
        ),
        arrays=("dx",),
        predict=_like_x(lambda x, W, dout, b: dout @ W),
    ),
    Mistake(
        "dx-uses-dw",
        Explanation(
            shows=Text(zh="dx 用的是 dW 而不是 W。", en="dx uses dW instead of W."),
            because=DX_SHAPE,
            look_at=Text(
                zh="检查求 dx 那一行里的属性名。",
                en="Check the attribute name in the line that computes dx.",
            ),
        ),
        arrays=("dx",),
        predict=_like_x(lambda x, W, dout, b: dout @ (x.T @ dout).T),
    ),
    Mistake(
        "dx-skips-weights",
        Explanation(
            shows=Text(
                zh="dx 就是 dout，没有乘上权重。",
                en="dx is dout itself; the weights are not used.",
            ),
            because=DX_SHAPE,
            look_at=Text(
                zh="dout 是对 y 的梯度；y 是怎样由 x 得到的？",
                en="dout is the gradient with respect to y; how is y computed from x?",
            ),
        ),
        arrays=("dx",),
        predict=_from(lambda x, W, dout, b: dout),
    ),
    Mistake(
        "returns-dw",
        Explanation(
            shows=Text(
                zh="backward 返回的是 dW，而不是 dx。", en="backward returns dW instead of dx."
            ),
            because=DX_SHAPE,
            look_at=Text(zh="检查 return 后面的名字。", en="Check the name after `return`."),
        ),
        arrays=("dx",),
        predict=lambda trial, array: trial.expected["dW"],
        refines=("wrong-shape",),
    ),
    Mistake(
        "dx-not-reshaped",
        Explanation(
            shows=Text(
                zh="dx 的数值全对，但还是展平后的形状 (B, N)。",
                en="Every number in dx is right, but it still has the flattened shape (B, N).",
            ),
            because=Text(
                zh="x 的形状可以是 (B, d1, …, dk)，前一层要的是同样形状的梯度。",
                en="x may have shape (B, d1, …, dk), and the layer before needs its gradient in that "
                "shape.",
            ),
            look_at=Text(
                zh="forward 把原来的形状存在了哪里？",
                en="Where does forward store the original shape?",
            ),
        ),
        arrays=("dx",),
        predict=_flat_dx,
        refines=("not-reshaped", "wrong-shape"),
    ),
    Mistake(
        "dx-transposed-before-reshape",
        Explanation(
            shows=Text(
                zh="dx 先算成了转置 (N, B)，再 reshape 成 x 的形状：数都对，位置乱了。",
                en="dx was computed transposed, as (N, B), and then reshaped to x's shape: the "
                "numbers are right but in the wrong places.",
            ),
            because=Text(
                zh="reshape 只按内存顺序重新划分，并不转置：(N, B) 的第一行是一个特征，不是一个样本。",
                en="A reshape keeps the numbers in memory order and does not transpose: the first "
                "row of (N, B) is a feature, not a sample.",
            ),
            look_at=Text(
                zh="让矩阵乘法直接给出 (B, N)，再 reshape。",
                en="Make the matrix product give (B, N) directly, then reshape it.",
            ),
        ),
        arrays=("dx",),
        predict=_like_x(lambda x, W, dout, b: W @ dout.T),
    ),
    Mistake(
        "parameters-updated-before-dx",
        Explanation(
            shows=Text(
                zh="dx 用的是已经更新过的 W（学习率约 {factor}）。",
                en="dx is computed from a W that was already updated (learning rate about {factor}).",
            ),
            because=Text(
                zh="dx 必须用 forward 时的那个 W；更新参数是优化器的事。",
                en="dx needs the W that forward used; updating it is the optimizer's job.",
            ),
            look_at=Text(
                zh="看看 backward 里有没有更新 W 的语句。",
                en="Look for a line in backward that updates W.",
            ),
        ),
        arrays=("dx",),
        fit=_after_update,
    ),
)

FORWARD: tuple[Mistake, ...] = (
    Mistake(
        "bias-forgotten",
        Explanation(
            shows=Text(zh="y 是 x·W，没有加上 b。", en="y is x·W; b is not added."),
            because=Text(
                zh="y = x·W + b：b 加在每一行上。", en="y = x·W + b: b is added to every row."
            ),
            look_at=Text(
                zh="模板的 forward 是完整的，请保留它。",
                en="The template's forward is complete: keep it as it is.",
            ),
        ),
        arrays=("y",),
        predict=_from(lambda x, W, dout, b: x @ W),
    ),
)

MISTAKES: tuple[Mistake, ...] = (*WEIGHTS, *BIAS, *INPUT, *FORWARD)
