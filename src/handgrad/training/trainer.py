"""The training loop: batches, epochs, checkpoints, and snapshots of the best and the last good epoch."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from handgrad.arrays import Array, Labels, seeded
from handgrad.errors import DivergenceError
from handgrad.languages import Text
from handgrad.network import LayerChain, UpdateRule
from handgrad.network.parameters import aligned
from handgrad.seeds import seed_of
from handgrad.training.checkpoint import Checkpoint, RunProgress, load_checkpoint, save_checkpoint
from handgrad.training.early_stopping import EarlyStopping
from handgrad.training.evaluation import evaluate
from handgrad.training.history import Epoch, History
from handgrad.training.keyboard_interrupt import (
    StopRequest,
    TrainingInterrupted,
    deferred_keyboard_interrupt,
)
from handgrad.training.progress import Position, Watcher
from handgrad.training.run_identity import (
    describe_array,
    describe_network,
    describe_optimizer,
    innermost_optimizer,
)
from handgrad.training.schedules import Schedule

GOOD = 2.0
"""An epoch is good if its loss is at most this many times the very first loss."""


@dataclass(frozen=True)
class TrainingData:
    """Samples and their targets, checked and in the network's dtype."""

    x: Array
    t: Labels


@dataclass(frozen=True)
class TrainingSettings:
    """How a network is trained; see `fit`."""

    epochs: int
    batch_size: int
    schedule: Schedule
    stopping: EarlyStopping | None
    seed: int


@dataclass(frozen=True)
class Snapshot:
    """The network and its optimizer at one moment."""

    parameters: Array
    state: tuple[Array, ...]
    steps: int


class Trainer:
    """One run, which can be interrupted and resumed."""

    def __init__(
        self,
        network: LayerChain,
        optimizer: UpdateRule,
        train: TrainingData,
        validation: TrainingData | None,
        settings: TrainingSettings,
        path: Path | None,
        every: float,
    ) -> None:
        self.network, self.optimizer, self.settings = network, optimizer, settings
        self.train, self.validation = train, validation
        self.path, self.every = path, every
        self.batches = math.ceil(len(train.x) / settings.batch_size)
        self.progress = RunProgress()
        self.best: Array | None = None
        # The protocol of an update rule asks for no learning rate: one written by hand may have none.
        self.rated: Any = optimizer if hasattr(optimizer, "learning_rate") else None
        self.rate = self.rated.learning_rate if self.rated is not None else math.nan
        self.state_holder = innermost_optimizer(optimizer)
        self.description = self._described() if path is not None else {}
        size = settings.batch_size
        self.x = aligned((size, *train.x.shape[1:]), train.x.dtype)
        self.t = np.empty((size, *train.t.shape[1:]), train.t.dtype)

    def _described(self) -> dict[str, Any]:
        settings = self.settings
        held: dict[str, Any] = {
            "network": describe_network(self.network),
            "optimizer": describe_optimizer(self.optimizer),
            "batch_size": settings.batch_size,
            "seed": settings.seed,
            "schedule": repr(settings.schedule),
            "early_stopping": repr(settings.stopping),
            "x": describe_array(self.train.x),
            "t": describe_array(self.train.t),
        }
        if settings.schedule.needs_total:
            held["epochs"] = settings.epochs
        if self.validation is not None:
            held["validation x"] = describe_array(self.validation.x)
            held["validation t"] = describe_array(self.validation.t)
        return held

    def resume(self, path: Path) -> None:
        """Resume from a checkpoint of this run.

        Raises:
            FileError: it is damaged, or another run's.
        """
        held = load_checkpoint(path, self.description)
        self._restore(held)
        self.progress, self.best = held.progress, held.best

    def run(self, watcher: Watcher) -> History:
        """Train to the end.

        Raises:
            DivergenceError, TrainingInterrupted, FileError: see `fit`.
        """
        watcher.begin(self._position(), self.progress.epochs)
        self.began = time.perf_counter() - self.progress.seconds
        self.written = time.perf_counter()
        self.good, self.good_epoch = self._snapshot(), self.progress.epoch
        try:
            with deferred_keyboard_interrupt() as stop:
                while self.progress.epoch < self.settings.epochs and not self.progress.is_stopped:
                    self._epoch(watcher, stop)
        except DivergenceError as error:
            self._restore(self.good)
            raise self._diverged(error) from error
        finally:
            if self.rated is not None:
                self.rated.learning_rate = self.rate
            watcher.end()
        stopping = self.settings.stopping
        if stopping is not None and stopping.restore and self.best is not None:
            self.network.parameters[...] = self.best
        return self._history()

    def _history(self) -> History:
        stopping, progress = self.settings.stopping, self.progress
        best = progress.best if stopping is not None and stopping.restore else None
        return History(progress.epochs, progress.is_stopped, best)

    def _epoch(self, watcher: Watcher, stop: StopRequest) -> None:
        """Train from the current batch to the end of the epoch."""
        number = self.progress.epoch + 1
        order = seeded(seed_of(str(self.settings.seed), "epoch", str(number))).permutation(
            len(self.train.x)
        )
        size = self.settings.batch_size
        while self.progress.batch < self.batches:
            if stop.is_set:
                self._interrupted()
            start = self.progress.batch * size
            self._step(order[start : start + size])
            watcher.after_step(self._position())
            if self.path is not None and time.perf_counter() - self.written >= self.every:
                self._write()
        epoch = self._finished(number)
        watcher.after_epoch(epoch)
        self._write()
        if stop.is_set:
            self._interrupted()

    def _step(self, rows: Any) -> None:
        count = len(rows)
        x, t = self.x[:count], self.t[:count]
        np.take(self.train.x, rows, axis=0, out=x, mode="clip")
        np.take(self.train.t, rows, axis=0, out=t, mode="clip")
        if self.rated is not None:
            total = self.settings.epochs * self.batches
            factor = self.settings.schedule.factor(self.progress.step, total)
            self.rated.learning_rate = self.rate * factor
        loss = self.network.train_step(x, t, self.optimizer)
        self.progress.step += 1
        self.progress.batch += 1
        self.progress.loss_sum += loss * count
        if self.progress.first_loss is None:
            self.progress.first_loss = loss
        self.progress.last_loss = loss

    def _finished(self, number: int) -> Epoch:
        """Finish the epoch: evaluate it, compare it with the best, take a snapshot if it is good."""
        progress = self.progress
        epoch = Epoch(
            number,
            progress.loss_sum / len(self.train.x),
            float(self.rated.learning_rate) if self.rated is not None else math.nan,
        )
        if self.validation is not None:
            found = evaluate(self.network, self.validation.x, self.validation.t)
            if not math.isfinite(found.loss):
                raise DivergenceError(
                    Text(
                        zh="训练发散了：第 {n} 轮之后，验证损失是 {loss}。",
                        en="training diverges: after epoch {n} the validation loss is {loss}.",
                    ).format(n=number, loss=found.loss)
                )
            epoch = replace(epoch, validation_loss=found.loss, validation_accuracy=found.accuracy)
        progress.seconds = time.perf_counter() - self.began
        epoch = replace(epoch, seconds=progress.seconds)
        self._look_for_best(epoch)
        progress.epochs += (epoch,)
        progress.epoch, progress.batch, progress.loss_sum = number, 0, 0.0
        if max(epoch.loss, progress.last_loss) <= GOOD * (progress.first_loss or 0.0):
            self.good, self.good_epoch = self._snapshot(), number
        return epoch

    def _look_for_best(self, epoch: Epoch) -> None:
        stopping, progress = self.settings.stopping, self.progress
        if stopping is None:
            return
        best = next((e for e in progress.epochs if e.number == progress.best), None)
        if stopping.is_better(epoch, best):
            progress.best, progress.stale = epoch.number, 0
            self.best = self.network.parameters.copy()
        else:
            progress.stale += 1
            progress.is_stopped = progress.stale >= stopping.patience

    def _position(self) -> Position:
        progress = self.progress
        seen = min(progress.batch * self.settings.batch_size, len(self.train.x))
        return Position(
            epoch=min(progress.epoch + 1, self.settings.epochs),
            epochs=self.settings.epochs,
            step=progress.step,
            steps=self.settings.epochs * self.batches,
            loss=progress.loss_sum / seen if seen else None,
        )

    def _snapshot(self) -> Snapshot:
        parameters, holder = self.network.parameters.copy(), self.state_holder
        if holder is None:
            return Snapshot(parameters, (), 0)
        return Snapshot(parameters, tuple(array.copy() for array in holder.state), holder.steps)

    def _restore(self, held: Snapshot | Checkpoint) -> None:
        self.network.parameters[...] = held.parameters
        if self.state_holder is not None:
            self.state_holder.state, self.state_holder.steps = held.state, held.steps

    def _write(self) -> None:
        if self.path is None:
            return
        self.progress.seconds = time.perf_counter() - self.began
        now = self._snapshot()
        held = Checkpoint(
            self.description, self.progress, now.parameters, now.state, now.steps, self.best
        )
        save_checkpoint(self.path, held)
        self.written = time.perf_counter()

    def _interrupted(self) -> None:
        """Write the checkpoint and leave.

        Raises:
            TrainingInterrupted: always.
        """
        self._write()
        raise TrainingInterrupted(self._history(), str(self.path) if self.path else None)

    def _diverged(self, error: DivergenceError) -> DivergenceError:
        progress = self.progress
        return DivergenceError(
            error.text
            + Text(
                zh="\n这发生在第 {now} 轮的第 {batch} 批。网络和优化器已恢复到第 {good} 轮结束时的状态（0 表示训练之前）。",
                en="\nThis was in epoch {now}, batch {batch}. The network and the optimizer are "
                "restored to the end of epoch {good} (0: before training).",
            ).format(now=progress.epoch + 1, batch=progress.batch + 1, good=self.good_epoch)
        )
