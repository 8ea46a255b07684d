"""MNIST from a folder: small files in its form, as the real ones are not in the package."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import replace

import numpy as np
import pytest
from support.messages import raises
from training.datasets.test_idx import idx_of

from handgrad.errors import DownloadError, FileError
from handgrad.training import datasets
from handgrad.training.datasets.download import RemoteFile
from handgrad.training.datasets.mnist import FASHION_MNIST, FILES, MNIST, load


@pytest.fixture
def small(rng, tmp_path):
    """Seven images to train on and three to test on, and the collection that they are."""
    arrays = (
        rng.integers(256, size=(7, 28, 28)),
        rng.integers(10, size=7),
        rng.integers(256, size=(3, 28, 28)),
        rng.integers(10, size=3),
    )
    remote = []
    for name, array in zip(FILES, arrays, strict=True):
        held = idx_of(array, 8)
        (tmp_path / name).write_bytes(gzip.compress(held))
        remote.append(RemoteFile(name, hashlib.sha256(held).hexdigest()))
    return replace(MNIST, files=tuple(remote), mirrors=("http://127.0.0.1:9/",)), arrays, tmp_path


def test_from_a_folder(small):
    collection, (x, t, x_test, t_test), folder = small
    data = load(collection, folder)
    np.testing.assert_allclose(data.x, x.reshape(7, 784) / 255, rtol=1e-6)
    np.testing.assert_allclose(data.x_test, x_test.reshape(3, 784) / 255, rtol=1e-6)
    assert data.x.dtype == np.float32
    assert data.t.tolist() == t.tolist()
    assert data.t_test.tolist() == t_test.tolist()
    assert (data.t.dtype, data.classes, data.inputs) == (np.int64, 10, 784)


def test_decompressed_and_in_a_folder_of_its_name(small):
    collection, _, folder = small
    (folder / "mnist").mkdir()
    for name in FILES:
        held = gzip.decompress((folder / name).read_bytes())
        (folder / "mnist" / name.removesuffix(".gz")).write_bytes(held)
        (folder / name).unlink()
    assert load(collection, folder).x.shape == (7, 784)


def test_from_the_data_folder_without_asking_the_network(small, monkeypatch):
    collection, _, folder = small
    monkeypatch.setenv("HANDGRAD_DATA", str(folder))
    (folder / "mnist").mkdir()
    for name in FILES:
        (folder / name).rename(folder / "mnist" / name)
    assert load(collection).x.shape == (7, 784)


def test_offline_says_what_to_do(small, monkeypatch, tmp_path):
    collection, _, _ = small
    monkeypatch.setenv("HANDGRAD_DATA", str(tmp_path / "empty"))
    with raises(DownloadError, FILES[0], "--data", str(tmp_path / "empty" / "mnist")):
        load(collection)


def test_a_missing_file_is_named(small):
    collection, _, folder = small
    (folder / FILES[2]).unlink()
    with raises(FileError, str(folder), FILES[2]):
        load(collection, folder)
    with raises(FileError, str(folder / "none"), FILES[0], FILES[3]):
        load(collection, folder / "none")


def test_the_other_set_under_the_same_names(small):
    _, _, folder = small
    for read in (datasets.mnist, datasets.fashion_mnist):
        with raises(FileError, FILES[0], "SHA-256"):
            read(folder)


def test_the_two_sets_differ_in_every_file():
    sums = [file.sha256 for file in (*MNIST.files, *FASHION_MNIST.files)]
    assert len(set(sums)) == 8
    assert all(len(bytes.fromhex(text)) == 32 for text in sums)
    assert all(m.endswith("/") for c in (MNIST, FASHION_MNIST) for m in c.mirrors)
