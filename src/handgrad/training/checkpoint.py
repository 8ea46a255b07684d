"""Checkpoints: a training run in a file, from which it resumes bit-identically."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handgrad.arrays import Array
from handgrad.errors import FileError
from handgrad.languages import Text
from handgrad.training.history import Epoch
from handgrad.training.safetensors_file import read_safetensors, write_safetensors

FORMAT = "handgrad checkpoint 1"


@dataclass
class RunProgress:
    """How far a run is: everything that the next step depends on, except the arrays.

    Attributes:
        epoch: epochs that are finished.
        batch: batches done in the current one.
        step: steps done in all.
        loss_sum: Σ loss · samples over those batches.
        first_loss, last_loss: those of the very first batch and of the latest.
        epochs: the results of the finished ones.
        best: the number of the best epoch for early stopping; None without.
        stale: epochs since then.
        is_stopped: early stopping has ended it.
        seconds: time spent.
    """

    epoch: int = 0
    batch: int = 0
    step: int = 0
    loss_sum: float = 0.0
    first_loss: float | None = None
    last_loss: float = 0.0
    epochs: tuple[Epoch, ...] = ()
    best: int | None = None
    stale: int = 0
    is_stopped: bool = False
    seconds: float = 0.0


@dataclass(frozen=True)
class Checkpoint:
    """What the file holds.

    Attributes:
        run: what identifies the run: network, data, optimizer, settings. A resumed run must have the
            same.
        progress: how far the run is.
        parameters: the flat array.
        state: the optimizer's state.
        steps: how many steps the optimizer has taken.
        best: the parameters of the best epoch; None without early stopping.
    """

    run: dict[str, Any]
    progress: RunProgress
    parameters: Array
    state: tuple[Array, ...]
    steps: int
    best: Array | None


def save_checkpoint(path: Path, held: Checkpoint) -> None:
    """Write the checkpoint, whole or not at all.

    Raises:
        FileError: it cannot be written.
    """
    tensors: dict[str, NDArray[Any]] = {"parameters": held.parameters}
    tensors |= {f"state.{i}": array for i, array in enumerate(held.state)}
    if held.best is not None:
        tensors["best"] = held.best
    about = {
        "format": FORMAT,
        "run": json.dumps(held.run, sort_keys=True),
        "progress": json.dumps(asdict(held.progress)),
        "steps": str(held.steps),
    }
    write_safetensors(path, tensors, about | {"digest": _digest(tensors, about)})


def load_checkpoint(path: Path, run: Mapping[str, Any]) -> Checkpoint:
    """The checkpoint, if it is one of this run.

    Raises:
        FileError: no such file, damaged, cut short, no checkpoint, or one of another run; the
            message says what differs.
    """
    tensors, about = read_safetensors(path)
    digest = about.pop("digest", None)
    if about.get("format") != FORMAT or digest != _digest(tensors, about):
        raise FileError(
            Text(
                zh="{path} 不是 handgrad 的检查点，或者已损坏。请换一个文件，或从头训练。",
                en="{path} is not a checkpoint of handgrad, or it is damaged. Choose another file, or "
                "train from the beginning.",
            ).format(path=path)
        )
    found = json.loads(about["run"])
    differ = sorted(name for name in {*found, *run} if found.get(name) != _as_json(run.get(name)))
    if differ:
        raise FileError(
            Text(
                zh="{path} 属于另一次训练，不能从它继续。不同之处：\n{lines}",
                en="{path} belongs to another training run and cannot be resumed here. "
                "Differences:\n{lines}",
            ).format(
                path=path,
                lines="\n".join(
                    f"  {name}: {_short(found.get(name))} → {_short(run.get(name))}"
                    for name in differ
                ),
            )
        )
    progress = json.loads(about["progress"])
    epochs = tuple(Epoch(**epoch) for epoch in progress.pop("epochs"))
    count = sum(name.startswith("state.") for name in tensors)
    return Checkpoint(
        run=found,
        progress=RunProgress(epochs=epochs, **progress),
        parameters=tensors["parameters"],
        state=tuple(tensors[f"state.{i}"] for i in range(count)),
        steps=int(about["steps"]),
        best=tensors.get("best"),
    )


def _digest(tensors: Mapping[str, NDArray[Any]], about: Mapping[str, str]) -> str:
    """Of every byte stored: safetensors itself detects truncation only."""
    digest = hashlib.blake2b(digest_size=16)
    for name in sorted(about):
        digest.update(f"{name}\0{about[name]}\0".encode())
    for name in sorted(tensors):
        array = np.ascontiguousarray(tensors[name])
        digest.update(f"{name}\0{array.dtype.str}{array.shape}\0".encode())
        digest.update(array.data)
    return digest.hexdigest()


def _as_json(value: Any) -> Any:
    return json.loads(json.dumps(value))


def _short(value: object) -> str:
    words = "—" if value is None else str(value)
    return words if len(words) <= 100 else f"{words[:97]}…"
