"""Saved networks: the same bits back, the same logits in PyTorch, and files that are none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support.messages import raises
from support.oracles import torch_or_skip
from support.training import classification, classifier, regressor

from handgrad import FullyConnected, Network, Relu, Sigmoid, SoftmaxCrossEntropy
from handgrad.arrays import seeded
from handgrad.errors import FileError
from handgrad.training import multilayer
from handgrad.training.multilayer_perceptron import ACTIVATIONS_BY_NAME
from handgrad.training.network_file import load_network, save_network


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("activation", ACTIVATIONS_BY_NAME)
def test_what_is_saved_comes_back_bit_for_bit(rng, tmp_path, dtype, activation):
    sizes = [int(n) for n in rng.integers(1, 9, size=rng.integers(2, 5))]
    net = multilayer(sizes, activation=activation, dtype=dtype, seed=3)
    net.parameters[:] = rng.normal(size=net.parameters.size)
    net.save(tmp_path / "net.safetensors")
    again = Network.load(tmp_path / "net.safetensors")
    np.testing.assert_array_equal(again.parameters, net.parameters)
    assert again.parameters.dtype == dtype
    assert [type(layer) for layer in again.layers] == [type(layer) for layer in net.layers]
    assert type(again.loss) is type(net.loss)
    first = (tmp_path / "net.safetensors").read_bytes()
    again.save(tmp_path / "net.safetensors")
    assert (tmp_path / "net.safetensors").read_bytes() == first


def test_a_loaded_network_goes_on_learning(rng, tmp_path):
    x, t = classification(rng)
    net = classifier()
    net.fit(x, t, 3, 10)
    net.save(tmp_path / "net")
    again = Network.load(tmp_path / "net")
    net.fit(x, t, 2, 10)
    again.fit(x, t, 2, 10)
    np.testing.assert_array_equal(again.parameters, net.parameters)
    regressor().save(tmp_path / "net")
    assert type(Network.load(tmp_path / "net").loss).__name__ == "MeanSquaredError"


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_pytorch_reads_it_and_gives_the_same_logits(rng, tmp_path, dtype):
    torch = torch_or_skip()
    load_file = pytest.importorskip("safetensors.torch").load_file
    made = seeded(4)
    layers = [
        FullyConnected.create(20, 30, made, dtype=dtype),
        Sigmoid(),
        FullyConnected.create(30, 15, made, dtype=dtype),
        Relu(),
        FullyConnected.create(15, 7, made, dtype=dtype),
    ]
    net = Network(layers, SoftmaxCrossEntropy())
    net.parameters[:] += rng.normal(size=net.parameters.size) * 0.1
    net.save(tmp_path / "net.safetensors")
    theirs = torch.nn.Sequential(
        torch.nn.Linear(20, 30),
        torch.nn.Sigmoid(),
        torch.nn.Linear(30, 15),
        torch.nn.ReLU(),
        torch.nn.Linear(15, 7),
    ).to(getattr(torch, np.dtype(dtype).name))
    theirs.load_state_dict(load_file(tmp_path / "net.safetensors"))
    x = rng.normal(size=(11, 20)).astype(dtype)
    with torch.no_grad():
        expected = theirs(torch.tensor(x)).numpy()
    tolerance = 2e-6 if dtype is np.float32 else 1e-14
    np.testing.assert_allclose(net.predict(x), expected, rtol=tolerance, atol=tolerance)


def test_notes_are_kept(tmp_path):
    save_network(classifier(), tmp_path / "net", {"data": "三类", "scale": "1/255"})
    assert load_network(tmp_path / "net")[2] == {"data": "三类", "scale": "1/255"}


def test_layers_of_others_are_not_saved(tmp_path):
    class Own(Relu):
        pass

    net = Network([FullyConnected.create(2, 2, seeded(0)), Own()], SoftmaxCrossEntropy())
    with raises(FileError, "Own", "network.parameters"):
        net.save(tmp_path / "net")
    assert not (tmp_path / "net").exists()


def test_files_that_are_no_network(tmp_path):
    path = tmp_path / "net"
    with raises(FileError, str(path)):
        Network.load(path)
    classifier().save(path)
    whole = path.read_bytes()
    other = whole.replace(b"FullyConnected", b"FullyConmected")
    missing = whole.replace(b'"2.bias"', b'"7.bias"')
    assert whole not in (other, missing)
    for held in (whole[:-1], whole[:30], b"", b"\0" * 8, b"text" * 9, other, missing):
        path.write_bytes(held)
        with raises(FileError, str(path)):
            Network.load(path)


def test_a_place_that_cannot_be_written(tmp_path):
    with raises(FileError, "nowhere"):
        classifier().save(tmp_path / "nowhere" / "net")
    (tmp_path / "folder").mkdir()
    with raises(FileError, "folder"):
        classifier().save(tmp_path / "folder")
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]  # nothing is left beside it


def test_a_file_of_an_earlier_version_is_opened():
    layers, loss, notes = load_network(
        Path(__file__).with_name("saved_files") / "network.safetensors"
    )
    assert [type(layer) for layer in layers] == [FullyConnected, Relu, FullyConnected, Sigmoid]
    assert layers[0].W.tolist() == [[-0.5, -0.25, 0.0], [0.25, 0.5, 0.75]]
    assert layers[2].b.tolist() == [1.0, -1.0]
    assert (type(loss).__name__, notes) == ("MeanSquaredError", {"data": "三类"})
