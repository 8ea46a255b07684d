"""Networks in safetensors files, which PyTorch reads and which cannot contain code.

The names and the layout are those of ``torch.nn.Sequential``: layer 0's weights are ``0.weight`` of
shape ``(D_out, D_in)``, its bias is ``0.bias``, and an activation takes its number and holds
nothing. So ``safetensors.torch.load_file`` gives a state that a Sequential of Linear, ReLU and
Sigmoid takes as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handgrad.errors import FileError
from handgrad.languages import Text, name_list
from handgrad.layers import ACTIVATIONS, FullyConnected
from handgrad.losses import LOSSES
from handgrad.network import Layer, LayerChain, Loss
from handgrad.training.safetensors_file import read_safetensors, write_safetensors

FORMAT = "handgrad network 1"
LAYERS: tuple[type[Any], ...] = (FullyConnected, *ACTIVATIONS)
LAYERS_BY_NAME = {kind.__name__: kind for kind in LAYERS}
LOSSES_BY_NAME = {kind.__name__: kind for kind in LOSSES}


def save_network(
    network: LayerChain, path: Path | str, notes: Mapping[str, str] | None = None
) -> None:
    """Write the network's layers and parameters as safetensors, whole or not at all.

    Args:
        network: of our own layers and loss; for others, save `network.parameters`.
        path: the file, which is replaced.
        notes: more to keep in the file, as ``network_notes``.

    Raises:
        FileError: a layer or a loss that is not ours, or a file that cannot be written.
    """
    kinds = [type(layer).__name__ for layer in network.layers]
    strangers = [
        type(part).__name__
        for part in (*network.layers, network.loss)
        if type(part) not in (*LAYERS, *LOSSES)
    ]
    if strangers:
        raise FileError(
            Text(
                zh="只能保存由 {ours} 组成的网络，这里还有 {name}。可以用 np.save 保存 network.parameters。",
                en="only networks of {ours} can be saved; here is {name}, too. "
                "np.save keeps network.parameters.",
            ).format(ours=name_list((*LAYERS_BY_NAME, *LOSSES_BY_NAME)), name=name_list(strangers))
        )
    tensors: dict[str, NDArray[Any]] = {}
    for i, layer in enumerate(network.layers):
        if isinstance(layer, FullyConnected):
            tensors[f"{i}.weight"] = np.ascontiguousarray(layer.W.T)
            tensors[f"{i}.bias"] = np.ascontiguousarray(layer.b)
    about = {
        "format": FORMAT,
        "layers": json.dumps(kinds),
        "loss": type(network.loss).__name__,
        "notes": json.dumps(dict(notes or {})),
    }
    write_safetensors(Path(path), tensors, about)


def load_network(path: Path | str) -> tuple[list[Layer], Loss, dict[str, str]]:
    """The layers, the loss and the notes of a saved network.

    Raises:
        FileError: no such file, damaged, cut short, or not a saved network.
    """
    tensors, about = read_safetensors(Path(path))
    try:
        if about["format"] != FORMAT:
            raise KeyError("format")
        layers = [
            FullyConnected(np.ascontiguousarray(tensors[f"{i}.weight"].T), tensors[f"{i}.bias"])
            if name == "FullyConnected"
            else LAYERS_BY_NAME[name]()
            for i, name in enumerate(json.loads(about["layers"]))
        ]
        return layers, LOSSES_BY_NAME[about["loss"]](), dict(json.loads(about["notes"]))
    except (KeyError, TypeError, ValueError) as error:
        raise FileError(
            Text(
                zh="{path} 不是 handgrad 保存的网络，或者缺了一部分（{what}）。",
                en="{path} is no network saved by handgrad, or a part of it is missing ({what}).",
            ).format(path=path, what=error)
        ) from error
