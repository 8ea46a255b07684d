"""The kinds of case: one kind has one name and one title in every level."""

from __future__ import annotations

from handgrad.languages import Text

TITLES: dict[str, Text] = {
    "by-hand": Text(zh="可以手算的小例子", en="small enough to do by hand"),
    "different-sizes": Text(zh="各个维数都不同", en="all sizes differ"),
    "batch-of-one": Text(zh="批大小为 1", en="a batch of one"),
    "inputs-equal-outputs": Text(zh="N = M", en="N = M"),
    "batch-equals-outputs": Text(zh="B = M", en="B = M"),
    "batch-equals-inputs": Text(zh="B = N", en="B = N"),
    "all-sizes-equal": Text(zh="所有维数都相等", en="all sizes equal"),
    "one-output": Text(zh="M = 1", en="M = 1"),
    "one-axis": Text(zh="一维输入", en="an input with one axis"),
    "three-axes": Text(zh="三维输入", en="an input with three axes"),
    "four-axes": Text(zh="四维输入", en="an input with four axes"),
    "strided-dout": Text(zh="dout 在内存中不连续", en="dout not contiguous in memory"),
    "column-major-dout": Text(zh="dout 按列存储", en="dout in column-major order"),
    "strided-x": Text(zh="x 在内存中不连续", en="x not contiguous in memory"),
    "reversed-x": Text(zh="x 是反向的视图", en="x a reversed view"),
    "zeros": Text(zh="x 中有 0", en="zeros in x"),
    "all-positive": Text(zh="x 全为正数", en="all of x positive"),
    "near-zero": Text(zh="x 接近 0", en="x near zero"),
    "far-from-zero": Text(zh="|x| 达到 9", en="|x| up to 9"),
    "second-call": Text(
        zh="换一批大小不同的数据再调用一次", en="a second call with a batch of another size"
    ),
    "second-call-same-size": Text(
        zh="换一批大小相同的数据再调用一次", en="a second call with a batch of the same size"
    ),
    "two-instances": Text(zh="交替使用两个实例", en="two instances used in turn"),
    "extremes": Text(zh="|x| 达到 1000", en="|x| up to 1000"),
    "second-backward": Text(zh="连续两次 backward", en="backward twice"),
}
"""What each kind is called in messages."""

GUARDED: dict[str, str] = {
    "x": "input-changed",
    "W": "parameters-changed",
    "b": "parameters-changed",
    "dout": "dout-changed",
}
"""The caller's arrays, and what a change of them is: a mistake, or (dout) a warning."""
