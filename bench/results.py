"""Real accuracies, and the time to them beside PyTorch and scikit-learn.

    python bench/results.py mnist --data FOLDER
    python bench/results.py fashion-mnist --data FOLDER
    python bench/results.py digits

Each competitor trains the same network on the same samples in a process of its own, one after the
other, until the test accuracy reaches the target or the epochs are over (the digits: to the end). Timed is training alone; the
test after each epoch is not. PyTorch has our recipe to the letter (AdamW, cosine, label smoothing);
scikit-learn has no decoupled decay, schedule or smoothing, and gets Adam with its own L2 penalty.
The digits are five fixed folds, every one trained to the end.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import multiprocessing
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import interleaved
import numpy as np


@dataclass(frozen=True)
class Recipe:
    """A network, how it is trained, and what it should reach."""

    data: str
    sizes: tuple[int, ...]
    weights: str
    rate: float
    decay: float
    smoothing: float
    batch: int
    epochs: int
    target: float


RECIPES = {
    recipe.data: recipe
    for recipe in (
        Recipe("mnist", (784, 800, 10), "he-normal", 2e-3, 0.3, 0.1, 256, 30, 0.984),
        Recipe("fashion-mnist", (784, 512, 256, 10), "he-normal", 1e-3, 0.3, 0.1, 128, 20, 0.90),
        Recipe("digits", (64, 128, 10), "he-normal", 2e-3, 0.3, 0.1, 32, 60, 0.97),
    )
}


class Ours:
    """`handgrad.Network`, one epoch at a time."""

    def __init__(self, recipe: Recipe, data: Any, seed: int) -> None:
        from handgrad.optimizers import AdamW
        from handgrad.training import Cosine, multilayer, smoothed

        self.recipe, self.data, self.seed = recipe, data, seed
        self.network = multilayer(recipe.sizes, weights=recipe.weights, seed=seed)
        self.t = smoothed(data.t, 10, recipe.smoothing)
        self.optimizer, self.schedule = AdamW(recipe.rate, weight_decay=recipe.decay), Cosine()
        self.step = 0

    def epoch(self, order: Any) -> None:
        steps = self.recipe.epochs * math.ceil(len(order) / self.recipe.batch)
        for start in range(0, len(order), self.recipe.batch):
            rows = order[start : start + self.recipe.batch]
            factor = self.schedule.factor(self.step, steps)
            self.optimizer.learning_rate = self.recipe.rate * factor
            self.network.train_step(self.data.x[rows], self.t[rows], self.optimizer)
            self.step += 1

    def accuracy(self) -> float:
        found = self.network.evaluate(self.data.x_test, self.data.t_test)
        return float(found.accuracy or 0.0)


class Torch:
    """PyTorch eager, from the same weights."""

    def __init__(self, recipe: Recipe, data: Any, seed: int) -> None:
        import torch

        from handgrad.training import multilayer

        self.torch, self.recipe = torch, recipe
        modules: list[Any] = []
        for layer in multilayer(recipe.sizes, weights=recipe.weights, seed=seed).layers:
            if not hasattr(layer, "W"):
                modules.append(torch.nn.ReLU())
                continue
            linear = torch.nn.Linear(*layer.W.shape)
            linear.weight.data = torch.tensor(layer.W.T.copy())
            linear.bias.data.zero_()
            modules.append(linear)
        self.model = torch.nn.Sequential(*modules)
        self.x, self.t = torch.tensor(data.x), torch.tensor(data.t)
        self.x_test, self.t_test = torch.tensor(data.x_test), torch.tensor(data.t_test)
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=recipe.rate, weight_decay=recipe.decay
        )
        steps = recipe.epochs * math.ceil(len(data.x) / recipe.batch)
        self.schedule = torch.optim.lr_scheduler.CosineAnnealingLR(self.optimizer, steps)
        self.loss = torch.nn.CrossEntropyLoss(label_smoothing=recipe.smoothing)

    def epoch(self, order: Any) -> None:
        rows_of = self.torch.tensor(order)
        for start in range(0, len(order), self.recipe.batch):
            rows = rows_of[start : start + self.recipe.batch]
            self.optimizer.zero_grad()
            self.loss(self.model(self.x[rows]), self.t[rows]).backward()
            self.optimizer.step()
            self.schedule.step()

    def accuracy(self) -> float:
        with self.torch.no_grad():
            found = self.model(self.x_test).argmax(dim=1)
        return float((found == self.t_test).float().mean())


class Sklearn:
    """scikit-learn's own multilayer network, by partial_fit."""

    def __init__(self, recipe: Recipe, data: Any, seed: int) -> None:
        from sklearn.neural_network import MLPClassifier

        self.data = data
        self.model = MLPClassifier(
            recipe.sizes[1:-1],
            batch_size=recipe.batch,
            learning_rate_init=recipe.rate,
            alpha=1e-4,
            shuffle=False,
            random_state=seed,
        )

    def epoch(self, order: Any) -> None:
        self.model.partial_fit(self.data.x[order], self.data.t[order], classes=np.arange(10))

    def accuracy(self) -> float:
        return float(self.model.score(self.data.x_test, self.data.t_test))


PEERS = {
    "handgrad": ("handgrad", Ours),
    "PyTorch": ("torch", Torch),
    "scikit-learn": ("sklearn", Sklearn),
}


def trained(name: str, recipe: Recipe, folder: str | None, fold: int | None, seed: int) -> Any:
    """Train one competitor; runs in a process of its own."""
    from handgrad.arrays import seeded
    from handgrad.training import datasets

    if fold is not None:
        data = list(datasets.digits_folds())[fold]
    else:
        read = datasets.mnist if recipe.data == "mnist" else datasets.fashion_mnist
        data = read(folder)
    competitor = PEERS[name][1](recipe, data, seed)
    seconds, best, reached, rng = 0.0, 0.0, None, seeded(seed)
    for number in range(1, recipe.epochs + 1):
        order = rng.permutation(len(data.x))
        began = time.perf_counter()
        competitor.epoch(order)
        seconds += time.perf_counter() - began
        last = competitor.accuracy()
        best = max(best, last)
        if reached is None and last >= recipe.target:
            reached = (number, seconds)
            if fold is None:
                break
    return {
        "name": name,
        "epochs": number,
        "seconds": seconds,
        "accuracy": last,
        "best": best,
        "reached": reached,
    }


def alone(threads: int, *arguments: Any) -> Any:
    """Call `trained` in a fresh process with this many threads."""
    os.environ.update(interleaved.threads_of(threads))
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(trained, arguments)


def tell(result: Any, target: float) -> None:
    if result["reached"]:
        number, seconds = result["reached"]
        reached = f"{target:.1%} in epoch {number} after {seconds:.1f} s"
    else:
        reached = f"{target:.1%} not reached, best {result['best']:.2%}"
    print(
        f"{result['name']:14} {reached}; after {result['epochs']} epochs and "
        f"{result['seconds']:.1f} s {result['accuracy']:.2%}",
        flush=True,
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("data", choices=sorted(RECIPES))
    options.add_argument("--data", dest="folder", type=Path)
    options.add_argument("--peers", default=",".join(PEERS))
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    recipe = RECIPES[chosen.data]
    print(interleaved.machine(), f"threads {chosen.threads}")
    results = []
    for name in chosen.peers.split(","):
        if importlib.util.find_spec(PEERS[name][0]) is None:
            print(f"{name}: not installed")
            continue
        folds = range(5) if recipe.data == "digits" else (None,)
        found = [
            alone(
                chosen.threads,
                name,
                recipe,
                str(chosen.folder) if chosen.folder else None,
                fold,
                chosen.seed,
            )
            for fold in folds
        ]
        for result in found:
            tell(result, recipe.target)
        if len(found) > 1:
            accuracies = [result["accuracy"] for result in found]
            print(f"{name:14} mean of the folds {np.mean(accuracies):.2%}, "
                  f"{sum(result['seconds'] for result in found):.1f} s")  # fmt: skip
        results += found
    if chosen.json:
        print(json.dumps(results))


if __name__ == "__main__":
    main()
