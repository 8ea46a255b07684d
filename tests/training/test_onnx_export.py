"""ONNX files, run by ONNX Runtime."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from support.messages import raises

from handgrad import FullyConnected, Network, Relu, SoftmaxCrossEntropy
from handgrad.arrays import seeded
from handgrad.errors import FileError, MissingExtraError
from handgrad.training import multilayer
from handgrad.training.multilayer_perceptron import ACTIVATIONS_BY_NAME
from handgrad.training.onnx_export import export_onnx


@pytest.fixture
def onnxruntime():
    pytest.importorskip("onnx")
    return pytest.importorskip("onnxruntime")


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 1e-6), (np.float64, 1e-13)])
@pytest.mark.parametrize("activation", ACTIVATIONS_BY_NAME)
def test_onnx_runtime_agrees(rng, tmp_path, onnxruntime, dtype, tolerance, activation):
    sizes = [int(n) for n in rng.integers(3, 200, size=4)]
    net = multilayer(sizes, activation=activation, dtype=dtype, seed=int(rng.integers(100)))
    export_onnx(net, tmp_path / "net.onnx")
    session = onnxruntime.InferenceSession(
        tmp_path / "net.onnx", providers=["CPUExecutionProvider"]
    )
    for count in (1, 13):
        x = rng.normal(size=(count, sizes[0])).astype(dtype)
        [z] = session.run(None, {"x": x})
        expected = net.predict(x)
        assert z.dtype == dtype
        assert z.shape == expected.shape
        scale = max(1.0, float(np.abs(expected).max()))
        assert float(np.abs(z - expected).max()) <= tolerance * scale


def test_the_same_network_gives_the_same_bytes(tmp_path, onnxruntime):
    for name in ("a", "b"):
        export_onnx(multilayer("5-4-3", seed=1), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_other_layers_and_places(tmp_path, onnxruntime):
    class Own(Relu):
        pass

    layers = [FullyConnected.create(2, 2, seeded(0)), Own()]
    with raises(FileError, "Own", "FullyConnected"):
        export_onnx(Network(layers, SoftmaxCrossEntropy()), tmp_path / "a")
    with raises(FileError, "FullyConnected"):
        export_onnx(Network([Relu()], SoftmaxCrossEntropy()), tmp_path / "a")
    with raises(FileError, "nowhere"):
        export_onnx(multilayer("2-2"), tmp_path / "nowhere" / "a")
    assert list(tmp_path.iterdir()) == []


def test_without_onnx_it_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with raises(MissingExtraError, "onnx", "pip install 'handgrad[train]'"):
        export_onnx(multilayer("2-2"), tmp_path / "a")
