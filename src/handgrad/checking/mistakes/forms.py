"""Mistakes of form: what came is no array, has another shape, or holds another kind of number."""

from __future__ import annotations

import numpy as np

from handgrad.checking.case import Array, Received, Trial
from handgrad.checking.compare import reproduces
from handgrad.checking.mistakes.entry import Explanation, Mistake
from handgrad.languages import Text


def _is_nothing(trial: Trial, array: str, received: Received) -> bool:
    return received.kind == "nothing"


def _is_tuple(trial: Trial, array: str, received: Received) -> bool:
    return received.kind == "tuple"


def _is_no_array(trial: Trial, array: str, received: Received) -> bool:
    return received.kind == "object"


def _is_stored_elsewhere(trial: Trial, array: str, received: Received) -> bool:
    if received.kind not in ("nothing", "missing"):
        return False
    return received.is_local_variable or elsewhere(trial, array, received) is not None


def elsewhere(trial: Trial, array: str, received: Received) -> str | None:
    """The name of another attribute that holds exactly the array that is missing here."""
    expected = trial.expected[array]
    for name, other in received.other_attributes.items():
        if reproduces(Received.of(other), np.asarray(expected)):
            return name
    return None


def _is_absent(trial: Trial, array: str, received: Received) -> bool:
    return received.kind == "missing"


def _transposed(trial: Trial, array: str) -> Array | None:
    expected = trial.expected[array]
    return expected.T if expected.ndim > 1 else None


def _is_not_reshaped(trial: Trial, array: str, received: Received) -> bool:
    expected, got = trial.expected[array], received.array
    if got is None or got.shape == expected.shape or got.size != expected.size:
        return False
    if got.dtype.kind != "f":
        return False
    return bool(np.abs(got.reshape(-1) - expected.reshape(-1)).max(initial=0) <= 1e-5)


def _has_other_shape(trial: Trial, array: str, received: Received) -> bool:
    return received.array is not None and received.array.shape != trial.expected[array].shape


def _is_integer(trial: Trial, array: str, received: Received) -> bool:
    return received.array is not None and received.array.dtype.kind in "iu"


def _is_low_precision(trial: Trial, array: str, received: Received) -> bool:
    expected, got = trial.expected[array], received.array
    if got is None or got.shape != expected.shape or got.dtype.kind != "f" or not got.size:
        return False
    wide = got.astype(np.float64)
    error = np.abs(wide - expected)
    if not (error <= 1e-2 * np.maximum(1, np.abs(expected))).all():
        return False
    if got.dtype == np.float16 or (wide == wide.astype(np.float16)).all():
        return True
    return any((np.abs(wide - np.round(expected, k)) <= 1e-9).all() for k in (2, 3, 4))


def _is_not_finite(trial: Trial, array: str, received: Received) -> bool:
    return (
        received.array is not None
        and received.array.dtype.kind == "f"
        and not np.isfinite(received.array).all()
    )


FORMS: tuple[Mistake, ...] = (
    Mistake(
        "returns-nothing",
        Explanation(
            shows=Text(zh="返回的是 None。", en="what was returned is None."),
            because=Text(
                zh="没有 return 语句的函数返回 None，前一层就收不到梯度。",
                en="a function without a return statement gives None, and the layer before this one "
                "receives no gradient.",
            ),
            look_at=Text(
                zh="看看方法的最后一行：算出的数组是否被 return 了？",
                en="Look at the last line of the method: is the array that you computed returned?",
            ),
        ),
        arrays=("y", "dx", "l"),
        recognise=_is_nothing,
    ),
    Mistake(
        "returns-tuple",
        Explanation(
            shows=Text(zh="返回的是一个元组。", en="what was returned is a tuple."),
            because=Text(
                zh="这里只应返回一个数组，参数的梯度要存成属性，前一层只认识一个 dout。",
                en="one array is to be returned here; gradients of parameters are kept as "
                "attributes, and the layer before this one takes a single dout.",
            ),
            look_at=Text(
                zh="看看 return 后面：是不是有逗号，一次返回了好几个值？",
                en="Look behind `return`: does a comma there return several values at once?",
            ),
        ),
        recognise=_is_tuple,
    ),
    Mistake(
        "not-an-array",
        Explanation(
            shows=Text(zh="{array} 不是数值数组。", en="{array} is no array of numbers."),
            because=Text(
                zh="其他层要拿它做矩阵运算，列表或对象数组做不了。",
                en="other layers compute with it, which a list or an array of objects cannot do.",
            ),
            look_at=Text(
                zh="看看它是由 NumPy 运算得到的，还是一个 Python 列表？",
                en="Look whether it comes from a NumPy operation or is a Python list.",
            ),
        ),
        recognise=_is_no_array,
    ),
    Mistake(
        "gradient-stored-elsewhere",
        Explanation(
            shows=Text(
                zh="{array} 算出来了，却没有存成层的属性。",
                en="{array} was computed, and not kept as an attribute of the layer.",
            ),
            because=Text(
                zh="局部变量在方法结束时就消失了，优化器只会读层的属性。",
                en="a local variable is gone when the method ends; an optimizer reads the layer's "
                "attributes.",
            ),
            look_at=Text(
                zh="看看等号左边：名字前面有没有 self.，拼写和大小写是否一致？",
                en="Look at the left of the equals sign: does the name begin with `self.`, and is it "
                "spelled as the level asks, capitals included?",
            ),
        ),
        recognise=_is_stored_elsewhere,
        refines=("dw-forgotten", "db-forgotten", "gradient-forgotten", "returns-nothing"),
    ),
    Mistake(
        "gradient-forgotten",
        Explanation(
            shows=Text(zh="{array} 从未被赋值。", en="{array} was never set."),
            because=Text(
                zh="没有它，这个参数就无法更新。", en="without it this parameter cannot be updated."
            ),
            look_at=Text(
                zh="看看 backward 里是否给每个要求的属性都赋了值。",
                en="Look whether backward sets every attribute that the level asks for.",
            ),
        ),
        recognise=lambda trial, array, received: received.kind in ("missing", "nothing"),
        is_last_resort=True,
    ),
    Mistake(
        "transposed",
        Explanation(
            shows=Text(
                zh="{array} 是正确结果的转置。", en="{array} is the transpose of the right result."
            ),
            because=Text(
                zh="梯度的形状必须与它所对应的数组相同。",
                en="a gradient has the shape of the array it belongs to.",
            ),
            look_at=Text(
                zh="看看矩阵乘法里两个因子的顺序，以及转置加在谁身上。",
                en="Look at the order of the two factors of the matrix product, and which of them "
                "is transposed.",
            ),
        ),
        predict=_transposed,
    ),
    Mistake(
        "not-reshaped",
        Explanation(
            shows=Text(
                zh="{array} 的数值全对，形状不对。",
                en="every number of {array} is right; its shape is not.",
            ),
            because=Text(
                zh="前一层要的是与它的输出形状相同的梯度。",
                en="the layer before this one needs a gradient in the shape of its own output.",
            ),
            look_at=Text(
                zh="看看返回之前，是否把数组变回了要求的形状。",
                en="Look whether the array is brought back into the shape asked for before it is "
                "returned.",
            ),
        ),
        recognise=_is_not_reshaped,
        refines=("wrong-shape",),
    ),
    Mistake(
        "integer-result",
        Explanation(
            shows=Text(zh="{array} 是整数数组。", en="{array} is an array of integers."),
            because=Text(
                zh="整数数组会丢掉小数部分。",
                en="an array of integers loses everything behind the point.",
            ),
            look_at=Text(
                zh="看看数组是在哪里建立的：dtype 是不是 int？",
                en="Look at where the array is made: is its dtype an integer type?",
            ),
        ),
        recognise=_is_integer,
    ),
    Mistake(
        "low-precision",
        Explanation(
            shows=Text(zh="{array} 只保留了几位小数。", en="{array} keeps only a few digits."),
            because=Text(
                zh="误差超过了 1e-5：float16 或四舍五入之后的数不够精确（float32 足够）。",
                en="the error exceeds 1e-5: float16 or rounded numbers are not precise enough "
                "(float32 is).",
            ),
            look_at=Text(
                zh="看看有没有 round、astype(np.float16) 之类的转换。",
                en="Look for round, astype(np.float16) and the like.",
            ),
        ),
        recognise=_is_low_precision,
    ),
    Mistake(
        "not-finite",
        Explanation(
            shows=Text(zh="{array} 里有 NaN 或无穷大。", en="{array} holds NaN or infinity."),
            because=Text(
                zh="输入都是普通大小的数，正确的梯度都是有限的。",
                en="the inputs are of ordinary size, and the right gradient is finite everywhere.",
            ),
            look_at=Text(
                zh="看看有没有除以可能为 0 的数，或对非正数取对数。",
                en="Look for a division by what may be zero, or a logarithm of what may not be "
                "positive.",
            ),
        ),
        recognise=_is_not_finite,
        is_last_resort=True,
    ),
    Mistake(
        "wrong-shape",
        Explanation(
            shows=Text(zh="{array} 的形状不对。", en="{array} has the wrong shape."),
            because=Text(
                zh="梯度的形状必须与它所对应的数组相同，不做广播。",
                en="a gradient has exactly the shape of the array it belongs to; nothing is broadcast.",
            ),
            look_at=Text(
                zh="在纸上写出每一步的形状，看看是哪一步开始不对的。",
                en="Write the shape of every step on paper and see where it first goes astray.",
            ),
        ),
        recognise=_has_other_shape,
        is_last_resort=True,
    ),
)
