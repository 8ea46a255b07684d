"""Single layers side by side: forward and backward by their public contract, and the limit.

    python bench/layers.py --threads 2 --rounds 15

float32. The limit of a fully connected layer is its three matrix products; that of an activation is
its memory stream: reading and writing as many arrays as forward and backward must, into new arrays
as the contract asks (`np.add`, `np.copyto`).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import interleaved
import numpy as np
import tables

from handgrad import FullyConnected, Relu, Sigmoid, kernels
from handgrad.arrays import seeded

CONNECTED = ((32, 784, 100), (128, 784, 800), (256, 1024, 1024), (1024, 4096, 4096))
ELEMENTWISE = ((32, 100), (256, 1024), (4096, 4096))
LIMIT = "limit"


def normal(*shape: int) -> Any:
    return seeded(0).normal(size=shape).astype(np.float32)


def products(B: int, N: int, M: int) -> Callable[[], None]:
    x, W, dout = normal(B, N), normal(N, M), normal(B, M)
    y, dW, dx = np.empty_like(dout), np.empty_like(W), np.empty_like(x)

    def call() -> None:
        np.matmul(x, W, out=y)
        np.matmul(x.T, dout, out=dW)
        np.matmul(dout, W.T, out=dx)

    return call


def stream(B: int, M: int) -> Callable[[], None]:
    """Forward reads one array and writes one; backward reads two and writes one."""
    x, dout = normal(B, M), normal(B, M)

    def call() -> None:
        y = x.copy()
        np.add(dout, y)

    return call


def connected(B: int, N: int, M: int, engine: str) -> Callable[[], None]:
    kernels.use_engine(engine)
    layer = FullyConnected(normal(N, M), np.zeros(M, np.float32))
    x, dout = normal(B, N), normal(B, M)

    def call() -> None:
        layer.forward(x)
        layer.backward(dout)

    return call


def activation(B: int, M: int, kind: type, engine: str) -> Callable[[], None]:
    kernels.use_engine(engine)
    layer, x, dout = kind(), normal(B, M), normal(B, M)

    def call() -> None:
        layer.forward(x)
        layer.backward(dout)

    return call


def torch_connected(B: int, N: int, M: int) -> Callable[[], None]:
    import torch

    layer = torch.nn.Linear(N, M)
    x, dout = torch.tensor(normal(B, N), requires_grad=True), torch.tensor(normal(B, M))

    def call() -> None:
        layer.zero_grad()
        x.grad = None
        layer(x).backward(dout)

    return call


def torch_activation(B: int, M: int, name: str) -> Callable[[], None]:
    import torch

    function = getattr(torch, name)
    x, dout = torch.tensor(normal(B, M), requires_grad=True), torch.tensor(normal(B, M))

    def call() -> None:
        x.grad = None
        function(x).backward(dout)

    return call


def jax_of(function: Callable[..., Any], *inputs: Any) -> Callable[[], None]:
    """Forward and backward of `function` as one compiled call; the last input is dout."""
    import jax

    def both(*inputs: Any) -> Any:
        y, backward = jax.vjp(function, *inputs[:-1])
        return y, backward(inputs[-1])

    compiled, held = jax.jit(both), [jax.numpy.asarray(array) for array in inputs]
    return lambda: jax.block_until_ready(compiled(*held))


def jax_connected(B: int, N: int, M: int) -> Callable[[], None]:
    inputs = normal(B, N), normal(N, M), np.zeros(M, np.float32), normal(B, M)
    return jax_of(lambda x, W, b: x @ W + b, *inputs)


def jax_activation(B: int, M: int, name: str) -> Callable[[], None]:
    import jax

    return jax_of(getattr(jax.nn, name), normal(B, M), normal(B, M))


PEERS = (("PyTorch eager", "torch"), ("JAX jit", "jax"))
CONNECTED_BY = {"PyTorch eager": torch_connected, "JAX jit": jax_connected}
ACTIVATION_BY = {"PyTorch eager": torch_activation, "JAX jit": jax_activation}


def rows() -> dict[str, tuple[tuple[int, ...], dict[str, Any]]]:
    engines = [e for e in kernels.ENGINES if e == "numpy" or kernels.engine().fallback is None]
    peers = [(who, module) for who, module in PEERS if importlib.util.find_spec(module)]
    found: dict[str, tuple[tuple[int, ...], dict[str, Any]]] = {}
    for sizes in CONNECTED:
        makes: dict[str, Any] = {LIMIT: products}
        makes |= {f"handgrad {e}": partial(connected, engine=e) for e in engines}
        makes |= {who: CONNECTED_BY[who] for who, _ in peers}
        found["fully connected " + "×".join(map(str, sizes))] = (sizes, makes)
    for kind, name in ((Sigmoid, "sigmoid"), (Relu, "relu")):
        for sizes in ELEMENTWISE:
            makes = {LIMIT: stream}
            makes |= {f"handgrad {e}": partial(activation, kind=kind, engine=e) for e in engines}
            makes |= {who: partial(ACTIVATION_BY[who], name=name) for who, _ in peers}
            found[f"{name} " + "×".join(map(str, sizes))] = (sizes, makes)
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--threads", default="1,2")
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--seconds", type=float, default=0.05, help="of the limit in a turn")
    options.add_argument("--only", default="", help="rows whose name holds this")
    options.add_argument("--write", action="store_true", help="keep it, and make the pages again")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    facts, told = interleaved.machine(), []
    if not chosen.json:
        print(facts)
    for threads in map(int, chosen.threads.split(",")):
        environment = interleaved.threads_of(threads)
        for name, (sizes, makes) in rows().items():
            if chosen.only not in name:
                continue
            here = {
                who: interleaved.Competitor(make, sizes, environment) for who, make in makes.items()
            }
            results = interleaved.race(here, LIMIT, chosen.rounds, chosen.seconds)
            title = f"{name}, {threads} thread{'s' * (threads > 1)}"
            told.append({"row": title, "results": results})
            if chosen.write:
                tables.record("layers", threads, name, LIMIT, results)
            if not chosen.json:
                interleaved.tell(title, results, LIMIT)
    if chosen.write:
        tables.write()
    if chosen.json:
        print(json.dumps({"machine": facts, "rows": told}))


if __name__ == "__main__":
    main()
