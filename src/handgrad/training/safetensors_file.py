"""Arrays in safetensors files, with metadata that handgrad writes and reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors import numpy as safetensors

from handgrad.errors import FileError
from handgrad.languages import Text
from handgrad.training.atomic_file import read_file, write_file

ENTRY = "handgrad"
"""The entry of ``__metadata__`` that holds everything of ours, as JSON."""


def write_safetensors(
    path: Path, tensors: Mapping[str, NDArray[Any]], about: dict[str, str]
) -> None:
    """Write tensors and what is to be known about them, whole or not at all.

    The package writes the entries of ``__metadata__`` in an order that changes from run to run; ours
    are one entry, so that the same network gives the same bytes.

    Raises:
        FileError: it cannot be written.
    """
    held = {ENTRY: json.dumps(about, sort_keys=True, ensure_ascii=False)}
    write_file(path, safetensors.save(dict(tensors), held))


def read_safetensors(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    """The tensors of a file, and what it says about them.

    Raises:
        FileError: no such file, damaged, or cut short.
    """
    held = read_file(path)
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
