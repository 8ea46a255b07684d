"""The same training step in naive NumPy, PyTorch, JAX, scikit-learn and thinc, and the products alone."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from handgrad import FullyConnected, Network, Relu, Sigmoid, SoftmaxCrossEntropy, optimizers
from handgrad.arrays import seeded

Step = Callable[[], Any]


@dataclass(frozen=True)
class Row:
    """A network and how it is trained."""

    name: str
    sizes: tuple[int, ...]
    activation: str
    batch: int
    optimizer: str

    @property
    def title(self) -> str:
        same = len(set(self.sizes[:-1])) == 1 and len(self.sizes) > 2
        body = f"{self.sizes[0]}×{len(self.sizes) - 1}-{self.sizes[-1]}"
        sizes = body if same else "-".join(map(str, self.sizes))
        return f"{self.name}  {sizes} {self.activation}, batch {self.batch}, {self.optimizer}"

    def data(self) -> tuple[Any, Any]:
        rng = seeded(0)
        x = rng.normal(size=(self.batch, self.sizes[0])).astype(np.float32)
        return x, rng.integers(self.sizes[-1], size=self.batch)

    def weights(self) -> list[Any]:
        rng = seeded(1)
        pairs = zip(self.sizes[:-1], self.sizes[1:], strict=True)
        return [(rng.normal(size=p) * (2 / p[0]) ** 0.5).astype(np.float32) for p in pairs]


ROWS = (
    Row("A", (784, 50, 10), "sigmoid", 100, "SGD"),
    Row("B", (784, 256, 128, 10), "relu", 128, "SGD"),
    Row("B", (784, 256, 128, 10), "relu", 128, "Adam"),
    Row("C", (784, 800, 800, 10), "relu", 256, "SGD"),
    Row("D", (1024,) * 6, "relu", 1024, "SGD"),
)

GROWTH = (
    *(Row("batch", (256, 256, 256, 10), "relu", batch, "SGD") for batch in (16, 128, 1024, 8192)),
    *(Row("width", (width,) * 3 + (10,), "relu", 128, "SGD") for width in (64, 256, 1024)),
    *(Row("depth", (256,) * depth + (10,), "relu", 128, "SGD") for depth in (2, 4, 8, 16)),
)
"""One of the three grows, the others stay."""


def products(row: Row) -> Step:
    """The limit: the matrix products of the step and nothing else, into arrays that exist."""
    x, _ = row.data()
    calls = []
    for i, W in enumerate(row.weights()):
        y = np.ones((row.batch, W.shape[1]), np.float32)
        calls += [(x, W, y), (x.T, y.copy(), W.copy())]
        if i:
            calls.append((y.copy(), W.T, x.copy()))
        x = y

    def step() -> None:
        for a, b, out in calls:
            np.matmul(a, b, out=out)

    return step


def handgrad(row: Row) -> Step:
    """Ours, with whichever engine is in use."""
    activation = {"relu": Relu, "sigmoid": Sigmoid}[row.activation]
    layers: list[Any] = []
    for W in row.weights():
        layers += [FullyConnected(W, np.zeros(W.shape[1], np.float32)), activation()]
    network = Network(layers[:-1], loss=SoftmaxCrossEntropy())
    optimizer = getattr(optimizers, row.optimizer)(learning_rate=1e-3)
    x, t = row.data()
    return lambda: network.train_step(x, t, optimizer)


def naive(row: Row) -> Step:
    """As tutorials write it: a dictionary of gradients, new arrays everywhere. SGD only."""
    x, t = row.data()
    Ws = row.weights()
    bs = [np.zeros(W.shape[1], np.float32) for W in Ws]
    moments = [[np.zeros_like(p), np.zeros_like(p)] for p in Ws + bs]
    count = 0

    def step() -> None:
        nonlocal count
        count += 1
        inputs, h = [], x
        for i, (W, b) in enumerate(zip(Ws, bs, strict=True)):
            inputs.append(h)
            h = np.dot(h, W) + b
            if i < len(Ws) - 1:
                if row.activation == "relu":
                    h[h <= 0] = 0
                else:
                    h = 1 / (1 + np.exp(-h))
        p = np.exp(h - h.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        -np.log(p[np.arange(row.batch), t]).mean()
        d = p
        d[np.arange(row.batch), t] -= 1
        d /= row.batch
        dWs, dbs = [None] * len(Ws), [None] * len(Ws)
        for i in reversed(range(len(Ws))):
            dWs[i], dbs[i] = np.dot(inputs[i].T, d), d.sum(axis=0)
            d = np.dot(d, Ws[i].T)
            if i and row.activation == "relu":
                d[inputs[i] <= 0] = 0
            elif i:
                d = d * inputs[i] * (1 - inputs[i])
        for theta, g, mv in zip(Ws + bs, dWs + dbs, moments, strict=True):
            if row.optimizer == "SGD":
                theta[...] -= 1e-3 * g
                continue
            mv[0] = 0.9 * mv[0] + 0.1 * g
            mv[1] = 0.999 * mv[1] + 0.001 * g**2
            m, v = mv[0] / (1 - 0.9**count), mv[1] / (1 - 0.999**count)
            theta[...] -= 1e-3 * m / (np.sqrt(v) + 1e-8)

    return step


def torch_network(row: Row) -> tuple[Any, Any, Any, Any]:
    """The network, its optimizer, and the batch."""
    import torch

    kind = {"relu": torch.nn.ReLU, "sigmoid": torch.nn.Sigmoid}[row.activation]
    modules: list[Any] = []
    for W in row.weights():
        linear = torch.nn.Linear(*W.shape)
        linear.weight.data = torch.tensor(W.T.copy())
        modules += [linear, kind()]
    model = torch.nn.Sequential(*modules[:-1])
    optimizer = getattr(torch.optim, row.optimizer)(model.parameters(), lr=1e-3)
    return model, optimizer, *map(torch.tensor, row.data())


def torch_eager(row: Row) -> Step:
    import torch

    model, optimizer, x, t = torch_network(row)

    def step() -> None:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x), t)
        loss.backward()
        optimizer.step()
        loss.item()

    return step


def torch_compiled(row: Row) -> Step:
    """Network and loss through torch.compile, their backward with them, and the optimizer's step."""
    import torch

    model, optimizer, x, t = torch_network(row)
    loss_of = torch.compile(lambda x, t: torch.nn.functional.cross_entropy(model(x), t))
    update = torch.compile(optimizer.step)

    def step() -> None:
        optimizer.zero_grad()
        loss = loss_of(x, t)
        loss.backward()
        update()
        loss.item()

    return step


def jax_jit(row: Row) -> Step:
    import jax
    import jax.numpy as jnp

    x, t = map(jnp.asarray, row.data())
    parameters = [(jnp.asarray(W), jnp.zeros(W.shape[1])) for W in row.weights()]
    act = {"relu": jax.nn.relu, "sigmoid": jax.nn.sigmoid}[row.activation]

    def loss_of(parameters: Any) -> Any:
        h = x
        for i, (W, b) in enumerate(parameters):
            h = h @ W + b
            if i < len(parameters) - 1:
                h = act(h)
        return -jnp.take_along_axis(jax.nn.log_softmax(h), t[:, None], 1).mean()

    def sgd(p: Any, s: Any, g: Any, k: Any) -> Any:
        return p - 1e-3 * g, s

    def adam(p: Any, s: Any, g: Any, k: Any) -> Any:
        m, v = 0.9 * s[0] + 0.1 * g, 0.999 * s[1] + 0.001 * g * g
        return p - 1e-3 * (m / (1 - 0.9**k)) / (jnp.sqrt(v / (1 - 0.999**k)) + 1e-8), (m, v)

    rule = {"SGD": sgd, "Adam": adam}[row.optimizer]
    flat, tree = jax.tree_util.tree_flatten(parameters)

    def one(flat: Any, state: Any, k: Any) -> Any:
        loss, g = jax.value_and_grad(loss_of)(jax.tree_util.tree_unflatten(tree, flat))
        grads = jax.tree_util.tree_leaves(g)
        done = [rule(p, s, d, k) for p, s, d in zip(flat, state, grads, strict=True)]
        return [p for p, _ in done], [s for _, s in done], loss

    compiled = jax.jit(one, donate_argnums=(0, 1))
    held = {"flat": flat, "state": [(jnp.zeros_like(p), jnp.zeros_like(p)) for p in flat], "k": 0}

    def step() -> None:
        held["k"] += 1
        held["flat"], held["state"], loss = compiled(held["flat"], held["state"], float(held["k"]))
        float(loss)

    return step


def scikit_learn(row: Row) -> Step:
    from sklearn.neural_network import MLPClassifier

    x, t = row.data()
    settings = {"solver": "sgd", "momentum": 0.0} if row.optimizer == "SGD" else {"solver": "adam"}
    activation = {"relu": "relu", "sigmoid": "logistic"}[row.activation]
    model = MLPClassifier(
        row.sizes[1:-1], activation=activation, alpha=0, batch_size=row.batch, **settings
    )
    classes = np.arange(row.sizes[-1])
    return lambda: model.partial_fit(x, t, classes=classes)


def thinc(row: Row) -> Step:
    from thinc import api

    hidden = {"relu": api.Relu, "sigmoid": api.Sigmoid}[row.activation]
    pairs = list(zip(row.sizes[:-1], row.sizes[1:], strict=True))
    layers = [hidden(nO=m, nI=n) for n, m in pairs[:-1]]
    model = api.chain(*layers, api.Softmax(nO=pairs[-1][1], nI=pairs[-1][0]))
    loss = api.CategoricalCrossentropy()
    rule = {"SGD": api.SGD, "Adam": api.Adam}[row.optimizer]
    optimizer = rule(1e-3, L2=0.0, grad_clip=0.0, use_averages=False)
    x, t = row.data()
    model.initialize(X=x)

    def step() -> None:
        p, backward = model.begin_update(x)
        dz, _ = loss(p, t)
        backward(dz)
        model.finish_update(optimizer)

    return step


PEERS: dict[str, tuple[str, Callable[[Row], Step]]] = {
    "naive NumPy": ("numpy", naive),
    "PyTorch eager": ("torch", torch_eager),
    "PyTorch compiled": ("torch", torch_compiled),
    "JAX jit": ("jax", jax_jit),
    "scikit-learn": ("sklearn", scikit_learn),
    "thinc": ("thinc", thinc),
}


def installed() -> dict[str, Callable[[Row], Step]]:
    """The peers that are here; the others are named in the report as missing."""
    return {
        name: make for name, (module, make) in PEERS.items() if importlib.util.find_spec(module)
    }
