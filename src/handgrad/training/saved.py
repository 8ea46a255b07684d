"""Networks in files: safetensors, which PyTorch and others read, and which nothing in can run.

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
from safetensors import SafetensorError
from safetensors import numpy as safetensors

from handgrad.errors import FileError
from handgrad.languages import Text
from handgrad.layers import ACTIVATIONS, FullyConnected
from handgrad.losses import LOSSES
from handgrad.network import Layer, Loss, Network
from handgrad.training.files import write_whole

FORMAT = "handgrad network 1"
ENTRY = "handgrad"
"""The entry of ``__metadata__`` in which everything of ours stands, as JSON."""
LAYERS: tuple[type[Any], ...] = (FullyConnected, *ACTIVATIONS)
LAYERS_BY_NAME = {kind.__name__: kind for kind in LAYERS}
LOSSES_BY_NAME = {kind.__name__: kind for kind in LOSSES}


def save(network: Network, path: Path | str, notes: Mapping[str, str] | None = None) -> None:
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
            ).format(ours=", ".join((*LAYERS_BY_NAME, *LOSSES_BY_NAME)), name=", ".join(strangers))
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
    write(Path(path), tensors, about)


def load(path: Path | str) -> tuple[list[Layer], Loss, dict[str, str]]:
    """The layers, the loss and the notes of a saved network.

    Raises:
        FileError: no such file, damaged, cut short, or not a saved network.
    """
    tensors, about = read(Path(path))
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


def write(path: Path, tensors: Mapping[str, NDArray[Any]], about: dict[str, str]) -> None:
    """Write tensors and what is to be known about them, whole or not at all.

    The package writes the entries of ``__metadata__`` in an order that changes from run to run; ours
    are one entry, so that the same network gives the same bytes.

    Raises:
        FileError: it cannot be written.
    """
    held = {ENTRY: json.dumps(about, sort_keys=True, ensure_ascii=False)}
    try:
        write_whole(path, safetensors.save(dict(tensors), held))
    except OSError as error:
        raise FileError(
            Text(
                zh="{path} 写不进去：{error}。请换一个位置。",
                en="{path} cannot be written: {error}. Choose another place.",
            ).format(path=path, error=error.strerror or error)
        ) from error


def read(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    """The tensors of a file, and what it says about them.

    Raises:
        FileError: no such file, damaged, or cut short.
    """
    try:
        held = path.read_bytes()
    except OSError as error:
        raise FileError(
            Text(zh="读不了 {path}：{error}。", en="{path} cannot be read: {error}.").format(
                path=path, error=error.strerror or error
            )
        ) from error
    try:
        tensors = safetensors.load(held)
        # The package gives what a file says about itself only with a file's name.
        length = int.from_bytes(held[:8], "little")
        metadata = json.loads(held[8 : 8 + length]).get("__metadata__", {})
        about = dict(json.loads(metadata.get(ENTRY, "{}")))
    except (SafetensorError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise FileError(
            Text(
                zh="{path} 已损坏、不完整，或不是 safetensors 文件（{error}）。",
                en="{path} is damaged, cut short, or no safetensors file ({error}).",
            ).format(path=path, error=error)
        ) from error
    return tensors, about
