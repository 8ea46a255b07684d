"""Training a network, epoch by epoch."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, TextIO

from handgrad.arrays import Array, Labels, seeded
from handgrad.errors import SettingError
from handgrad.languages import Text
from handgrad.network import LayerChain, UpdateRule
from handgrad.network.step_arguments import require_optimizer, takes_class_numbers
from handgrad.optimizers import Adam
from handgrad.seeds import seed_of
from handgrad.training.argument_checks import (
    require_batch_size,
    require_whole,
    samples_for,
    targets_of,
    width_of,
)
from handgrad.training.early_stopping import EarlyStopping
from handgrad.training.history import History
from handgrad.training.progress import SilentWatcher, Watcher
from handgrad.training.registry import optimizer_named
from handgrad.training.schedules import Constant, Schedule
from handgrad.training.trainer import Trainer, TrainingData, TrainingSettings

Validation = tuple[Array, Labels] | float | None
"""Samples and targets, or the share of the training data that is held back."""


def fit(
    network: LayerChain,
    x: Array,
    t: Labels,
    epochs: int = 10,
    batch_size: int = 128,
    optimizer: UpdateRule | str | None = None,
    *,
    validation: Validation = None,
    schedule: Schedule | None = None,
    early_stopping: EarlyStopping | int | None = None,
    seed: int = 0,
    checkpoint: Path | str | None = None,
    resume: bool = False,
    checkpoint_every: float = 30.0,
    progress: bool | Watcher | None = None,
) -> History:
    """Train the network on samples x ``(N, …)`` with targets t.

    Every epoch goes once through the samples, in an order drawn from the seed and the epoch's number
    alone, ``batch_size`` at a time (the last batch may be smaller), by `Network.train_step`. The
    same arguments give the same parameters, bit for bit, with the same engine and number of threads;
    so does a run that was interrupted and resumed.

    Args:
        network: what is trained, in place.
        x, t: the training data; they are converted to the network's dtype, in a copy.
        epochs: how often to go through them.
        batch_size: samples a step, at most N.
        optimizer: one of `handgrad.optimizers` or its name; by default ``Adam()``.
        validation: ``(x, t)``, or the share of the data that is held back, chosen by the seed. The
            network is evaluated on them after each epoch.
        schedule: changes the learning rate from step to step. Afterwards it is what it was.
        early_stopping: an `EarlyStopping`, or its patience.
        seed: decides the order of the samples and what is held back; 0 unless stated.
        checkpoint: a file from which the run can be resumed. It is written after each epoch, every
            `checkpoint_every` seconds, and at Ctrl-C.
        resume: resume from `checkpoint` if that file exists. The other arguments must be those it was
            written with; only epochs may grow, unless the schedule depends on it.
        progress: None: a bar where standard error is a terminal; False: none; or a `Watcher`.

    Returns:
        The results of each epoch.

    Raises:
        SettingError, ShapeError, DtypeError, LabelError, DataError, OptimizerError: an invalid
            argument; raised before the first step.
        FileError: the checkpoint is damaged or another run's, or cannot be written.
        DivergenceError: the loss is not finite, or an update overflow_error. The network and the
            optimizer are what they were at the end of the last good epoch: one that ended with a
            loss of no more than twice the very first.
        TrainingInterrupted: Ctrl-C, between two steps; a `KeyboardInterrupt` with the history.

    >>> from handgrad.training import multilayer
    >>> from handgrad.training.datasets import digits
    >>> data = digits()
    >>> network = multilayer("64-32-10", seed=1)
    >>> history = fit(network, data.x, data.t, epochs=3, batch_size=32, validation=0.1)
    >>> len(history.epochs), history.losses[2] < history.losses[0]
    (3, True)
    """
    settings = _settings(epochs, batch_size, schedule, early_stopping, seed)
    rule = optimizer_named(optimizer) if isinstance(optimizer, str) else optimizer
    rule = require_optimizer(Adam() if rule is None else rule)
    samples = _pair(network, x, t, "x", "t")
    train, held_back = _held_back(network, samples, validation, settings.seed)
    require_batch_size(settings.batch_size, len(train.x))
    _require_that_it_goes_together(network, settings, held_back, rule)
    path = Path(checkpoint) if checkpoint is not None else None
    if resume and path is None:
        raise SettingError(
            Text(
                zh="resume=True 需要 checkpoint=文件名。",
                en="resume=True needs checkpoint=, the file to go on from.",
            )
        )
    trainer = Trainer(network, rule, train, held_back, settings, path, checkpoint_every)
    if resume and path is not None and path.exists():
        trainer.resume(path)
    return trainer.run(watcher_for(progress))


def watcher_for(progress: bool | Watcher | None, stream: TextIO | None = None) -> Watcher:
    """The watcher of a run: by default a progress bar on a terminal.

    Args:
        progress: None for a bar where `stream` is a terminal, True for a bar, False for none, or a
            watcher.
        stream: where the bar is drawn; by default standard error.
    """
    if progress is not None and not isinstance(progress, bool):
        return progress
    where = stream or sys.stderr
    is_terminal = where is not None and where.isatty() and os.environ.get("TERM") != "dumb"
    if progress is False or (progress is None and not is_terminal):
        return SilentWatcher()
    # Rich takes longer to load than a small network to train: it is loaded only to draw a bar.
    from handgrad.training.progress_bar import ProgressBar

    return ProgressBar(where)


def _settings(
    epochs: int,
    batch_size: int,
    schedule: Schedule | None,
    early_stopping: EarlyStopping | int | None,
    seed: int,
) -> TrainingSettings:
    stopping = (
        early_stopping
        if isinstance(early_stopping, EarlyStopping) or early_stopping is None
        else EarlyStopping(patience=require_whole("early_stopping", early_stopping, 1))
    )
    if schedule is not None and not isinstance(schedule, Schedule):
        raise SettingError(
            Text(
                zh="schedule 必须是 handgrad.training.schedules 里的一个对象，例如 Cosine()；收到的是 {got}。",
                en="schedule must be an object of handgrad.training.schedules, such as Cosine(); "
                "got {got}.",
            ).format(got=repr(schedule)[:80])
        )
    return TrainingSettings(
        epochs=require_whole("epochs", epochs, 1),
        batch_size=require_whole("batch_size", batch_size, 1),
        schedule=schedule or Constant(),
        stopping=stopping,
        seed=require_whole("seed", seed, 0),
    )


def _pair(network: LayerChain, x: Any, t: Any, x_name: str, t_name: str) -> TrainingData:
    samples = samples_for(network, x, x_name)
    return TrainingData(samples, targets_of(network, t, len(samples), t_name))


def _held_back(
    network: LayerChain, data: TrainingData, validation: Any, seed: int
) -> tuple[TrainingData, TrainingData | None]:
    """The data to train on and those to validate on: given, or a share of them, or none."""
    if validation is None:
        return data, None
    if isinstance(validation, tuple | list) and len(validation) == 2:
        return data, _pair(network, validation[0], validation[1], "validation x", "validation t")
    if isinstance(validation, bool) or not isinstance(validation, int | float):
        raise SettingError(
            Text(
                zh="validation 必须是 (x, t)，或 0 到 1 之间的比例；收到的是 {got}。",
                en="validation must be (x, t), or a share between 0 and 1; got {got}.",
            ).format(got=repr(validation)[:80])
        )
    return _split(data, float(validation), seed)


def _split(data: TrainingData, share: float, seed: int) -> tuple[TrainingData, TrainingData]:
    """Hold back a share of the samples, drawn by the seed."""
    count = round(share * len(data.x)) if 0 < share < 1 else 0
    if not 0 < count < len(data.x):
        raise SettingError(
            Text(
                zh="validation 必须是 (x, t)，或 0 到 1 之间的比例，使 {n} 个样本中至少留出一个、也留下一个；收到的是 {share}。",
                en="validation must be (x, t), or a share between 0 and 1 that holds back at least one "
                "of the {n} samples and leaves one; got {share}.",
            ).format(n=len(data.x), share=share)
        )
    order = seeded(seed_of(str(seed), "validation")).permutation(len(data.x))
    kept, held = order[count:], order[:count]
    return TrainingData(data.x[kept], data.t[kept]), TrainingData(data.x[held], data.t[held])


def _require_that_it_goes_together(
    network: LayerChain,
    settings: TrainingSettings,
    held_back: TrainingData | None,
    rule: UpdateRule,
) -> None:
    if settings.stopping is not None:
        if held_back is None:
            raise SettingError(
                Text(
                    zh="early_stopping 需要 validation：给出 (x, t)，或一个比例，例如 validation=0.1。",
                    en="early_stopping needs validation: (x, t), or a share such as validation=0.1.",
                )
            )
        if settings.stopping.monitor == "accuracy" and not takes_class_numbers(network.loss):
            raise SettingError(
                Text(
                    zh='EarlyStopping(monitor="accuracy") 需要损失 SoftmaxCrossEntropy，这里是 {loss}。请用 monitor="loss"。',
                    en='EarlyStopping(monitor="accuracy") needs the loss SoftmaxCrossEntropy; here it '
                    'is {loss}. Use monitor="loss".',
                ).format(loss=type(network.loss).__name__)
            )
    if not isinstance(settings.schedule, Constant) and not hasattr(rule, "learning_rate"):
        raise SettingError(
            Text(
                zh="schedule 要改变 optimizer.learning_rate，而 {name} 没有这个属性。",
                en="a schedule changes optimizer.learning_rate, and {name} has no such attribute.",
            ).format(name=type(rule).__name__)
        )
    if not network.parameters.size:
        raise SettingError(
            Text(
                zh="网络里没有可以训练的参数（{width}）。",
                en="the network has no parameters to train ({width}).",
            ).format(width=width_of(network) or type(network.layers[0]).__name__)
        )
