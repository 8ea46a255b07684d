"""The message for each warning that a pass can carry."""

from __future__ import annotations

from handgrad.languages import Text

WARNING_TEXTS: dict[str, Text] = {
    "dout-changed": Text(
        zh="注意：backward 改写了调用者的 dout（例如 dout[mask] = 0）。在这里不算错，但谁还要再用 dout，就会出错。",
        en="Note: backward wrote into the caller's dout (like dout[mask] = 0). That is allowed here, "
        "and breaks every caller that uses dout again.",
    ),
    "output-changed": Text(
        zh="注意：backward 覆盖了 forward 返回的数组；下一层若保存着它，就会算错。",
        en="Note: backward overwrote the array that forward had returned; a layer that kept it would "
        "compute with wrong numbers.",
    ),
    "second-backward-differs": Text(
        zh="注意：不重新 forward、连续两次 backward，结果不同或报错。",
        en="Note: a second backward without a new forward gives something else, or raises.",
    ),
    "not-finite-at-extremes": Text(
        zh="注意：|x| 达到几百时，结果出现 NaN、无穷大或明显误差；普通大小的输入没有问题。",
        en="Note: where |x| is in the hundreds the result is NaN, infinite or far off; ordinary "
        "inputs are fine.",
    ),
    "overflow-warning": Text(
        zh="注意：你写的某一行触发了 NumPy 的数值警告（溢出、除以零等），结果仍然正确。",
        en="Note: one of your lines made NumPy warn (overflow, division by zero or the like); the "
        "result is still right.",
    ),
    "slow": Text(
        zh="注意：结果正确，但比数组运算慢几十倍以上：逐个元素的 Python 循环，可以换成一个整体的数组表达式。",
        en="Note: right, and dozens of times slower than array arithmetic: a Python loop over entries "
        "can become one expression over whole arrays.",
    ),
    "numerical": Text(
        zh="注意：backward 反复用改动过的输入调用 forward，这是数值微分：误差在 1e-5 以内，却不是反向传播；"
        "训练时每个数都要两次 forward，慢得无法使用。",
        en="Note: backward calls forward again and again with shifted numbers. That is numerical "
        "differentiation: right to 1e-5, and not backpropagation; with two forwards for every number "
        "it is far too slow to train with.",
    ),
}
