"""Export of networks to ONNX. Needs the extra ``[train]``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from handgrad.errors import FileError
from handgrad.languages import Text, name_list
from handgrad.layers import ACTIVATIONS, Activation, FullyConnected
from handgrad.network import LayerChain
from handgrad.training.atomic_file import write_file
from handgrad.training.optional_packages import require_package

OPSET = 17
"""Old enough for every runtime of recent years; Gemm and the activations have not changed since."""
IR_VERSION = 8


def export_onnx(network: LayerChain, path: Path | str) -> None:
    """Write the network's forward as ONNX: input ``x (N, D_in)``, output ``z (N, D_out)``.

    A fully connected layer becomes ``Gemm``, an activation its `onnx_operator`. The output is
    that of the last layer: scores, not probabilities. The file holds the dtype of the network.

    Raises:
        MissingExtraError: the package onnx is not installed.
        FileError: a layer that is not ours, no fully connected layer, or a file that cannot be
            written.
    """
    onnx = require_package("onnx", "train")
    model = _model(network, onnx)
    onnx.checker.check_model(model)
    write_file(Path(path), model.SerializeToString(deterministic=True))


def _model(network: LayerChain, onnx: Any) -> Any:
    helper, numbers = onnx.helper, onnx.numpy_helper
    nodes: list[Any] = []
    arrays: list[Any] = []
    widths: list[tuple[int, int]] = []
    value = "x"
    for i, layer in enumerate(network.layers):
        result = "z" if i == len(network.layers) - 1 else f"y{i}"
        if type(layer) is FullyConnected:
            names = [f"{i}.W", f"{i}.b"]
            for name, array in zip(names, (layer.W, layer.b), strict=True):
                arrays.append(numbers.from_array(np.ascontiguousarray(array), name))
            nodes.append(helper.make_node("Gemm", [value, *names], [result]))
            widths.append((int(layer.W.shape[0]), int(layer.W.shape[1])))
        elif isinstance(layer, Activation) and type(layer) in ACTIVATIONS:
            nodes.append(helper.make_node(layer.onnx_operator, [value], [result]))
        else:
            raise _cannot(type(layer).__name__)
        value = result
    if not widths:
        raise _cannot("—")
    kind = helper.np_dtype_to_tensor_dtype(network.parameters.dtype)
    graph = helper.make_graph(
        nodes,
        "handgrad",
        [helper.make_tensor_value_info("x", kind, ["N", widths[0][0]])],
        [helper.make_tensor_value_info("z", kind, ["N", widths[-1][1]])],
        arrays,
    )
    return helper.make_model(
        graph,
        producer_name="handgrad",
        ir_version=IR_VERSION,
        opset_imports=[helper.make_opsetid("", OPSET)],
    )


def _cannot(name: str) -> FileError:
    return FileError(
        Text(
            zh="只能导出由 FullyConnected 和激活函数（{activations}）组成、"
            "至少有一个 FullyConnected 的网络；这里有 {name}。",
            en="only networks of FullyConnected and the activations {activations}, with at least one "
            "FullyConnected, can be exported; here is {name}.",
        ).format(activations=name_list(kind.__name__ for kind in ACTIVATIONS), name=name)
    )
