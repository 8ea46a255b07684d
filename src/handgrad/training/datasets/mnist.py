"""MNIST and Fashion-MNIST: 70,000 grey images each, of 28 × 28 pixels, in ten classes."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from handgrad.errors import FileError
from handgrad.languages import Text, name_list
from handgrad.training.datasets.data_set import DataSet, grey
from handgrad.training.datasets.download import (
    RemoteFile,
    Tell,
    checked,
    data_folder,
    fetched,
)
from handgrad.training.datasets.idx import array_of

FILES = (
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)


@dataclass(frozen=True)
class Collection:
    """The four files of one of the two sets, and where they are downloaded from.

    Attributes:
        name: as the command line spells it, and the folder that holds it.
        files: images and labels to train on, then those to test on.
        mirrors: addresses, tried in turn.
        source: whose data these are.
    """

    name: str
    files: tuple[RemoteFile, ...]
    mirrors: tuple[str, ...]
    source: str


def _files(*sha256: str) -> tuple[RemoteFile, ...]:
    return tuple(itertools.starmap(RemoteFile, zip(FILES, sha256, strict=True)))


MNIST = Collection(
    "mnist",
    _files(
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
    (
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ),
    "Y. LeCun, C. Cortes, C. J. C. Burges, The MNIST database of handwritten digits, CC BY-SA 3.0",
)

FASHION_MNIST = Collection(
    "fashion-mnist",
    _files(
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ),
    (
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ),
    "H. Xiao, K. Rasul, R. Vollgraf, Fashion-MNIST, arXiv:1708.07747, MIT licence",
)


def mnist(folder: Path | str | None = None, tell: Tell | None = None) -> DataSet:
    """MNIST: handwritten digits, 60,000 to train on and 10,000 to test on.

    Args:
        folder: where the four idx files are, with ``.gz`` or without; nothing is downloaded then.
            None: from the data folder (see `data_folder`), into which they are downloaded when they
            are not there.
        tell: called with a message for each download.

    Returns:
        Rows of 784 numbers from 0 to 1, float32, and class numbers.

    Raises:
        FileError: a file is missing from `folder`, damaged, or another one of that name.
        DownloadError: they are not in the data folder and cannot be downloaded.
    """
    return load(MNIST, folder, tell)


def fashion_mnist(folder: Path | str | None = None, tell: Tell | None = None) -> DataSet:
    """Fashion-MNIST: ten kinds of clothing, in the form and size of MNIST; see `mnist`."""
    return load(FASHION_MNIST, folder, tell)


def load(
    collection: Collection, folder: Path | str | None = None, tell: Tell | None = None
) -> DataSet:
    """One of the two sets; see `mnist`."""
    paths = (
        _fetch(collection, data_folder() / collection.name, tell)
        if folder is None
        else _find(collection, Path(folder))
    )
    x, t, x_test, t_test = (
        array_of(checked(remote, path), str(path))
        for remote, path in zip(collection.files, paths, strict=True)
    )
    return DataSet(
        collection.name,
        grey(x, 255),
        t.astype(np.int64),
        grey(x_test, 255),
        t_test.astype(np.int64),
        10,
        collection.source,
    )


def _fetch(collection: Collection, folder: Path, tell: Tell | None) -> list[Path]:
    return [
        _here(folder, remote) or fetched(remote, collection.mirrors, folder, tell)
        for remote in collection.files
    ]


def _find(collection: Collection, folder: Path) -> list[Path]:
    """The files in the folder itself, or in the one of the set's name inside it."""
    candidates = (folder, folder / collection.name, folder / collection.name.partition("-")[0])
    for candidate in candidates:
        found = [_here(candidate, remote) for remote in collection.files]
        if any(found):
            missing = [f.name for f, path in zip(collection.files, found, strict=True) if not path]
            if missing:
                raise _absent(candidate, missing)
            return [path for path in found if path is not None]
    raise _absent(folder, list(FILES))


def _here(folder: Path, remote: RemoteFile) -> Path | None:
    """The file of that name, compressed or not."""
    paths = (folder / remote.name, folder / remote.name.removesuffix(".gz"))
    return next((path for path in paths if path.is_file()), None)


def _absent(folder: Path, missing: list[str]) -> FileError:
    return FileError(
        Text(
            zh="{folder} 里没有 {missing}（有没有 .gz 都可以）。请指定放着这些文件的文件夹；"
            "不指定文件夹时会自动下载。",
            en="{folder} does not hold {missing} (with .gz or without). Name the folder that holds "
            "these files; without a folder they are downloaded.",
        ).format(folder=folder, missing=name_list(missing))
    )
