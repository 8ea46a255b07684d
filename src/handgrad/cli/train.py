"""``handgrad train``: train a network on a data set, with a live view."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handgrad.cli.console import Speaker, complain
from handgrad.cli.training_options import TrainingOptions, parameters
from handgrad.errors import (
    DataError,
    DivergenceError,
    DownloadError,
    DtypeError,
    FileError,
    LabelError,
    MissingExtraError,
    OptimizerError,
    SettingError,
    ShapeError,
    UsageError,
)
from handgrad.languages import Text

if TYPE_CHECKING:
    from handgrad.arrays import Labels
    from handgrad.optimizers import Modified, Optimizer
    from handgrad.training import Evaluation, History, Network, Schedule
    from handgrad.training.datasets import DataSet

DIVERGED = 1
INTERRUPTED = 130
USERS = (
    DataError,
    DownloadError,
    DtypeError,
    FileError,
    LabelError,
    MissingExtraError,
    OptimizerError,
    SettingError,
    ShapeError,
)
"""Errors in the arguments or the data, which are reported as usage errors."""

EXISTING_FILE = Text(
    zh="{option} {path}：文件已经存在。换一个名字，或用 --overwrite 覆盖它。",
    en="{option} {path}: the file exists already. Choose another name, or overwrite it with "
    "--overwrite.",
)
EXISTING_CHECKPOINT = Text(
    zh="{option} {path}：文件已经存在。换一个名字，用 --overwrite 覆盖它，或用 --resume 从它继续。",
    en="{option} {path}: the file exists already. Choose another name, overwrite it with --overwrite, "
    "or resume from it with --resume.",
)


def command(speaker: Speaker) -> click.Command:
    """The command ``train``."""
    say = speaker.say

    @click.command(
        "train",
        help=say(
            "训练一个全连接网络，并显示过程。数据：digits（随包附带）、mnist、fashion-mnist，"
            "或含有数组 x 和 t 的 .npz 文件。\n\n"
            "例如：handgrad train digits --layers 64-100-10 --epochs 30 --save digits.safetensors",
            "Train a fully connected network and show its progress. DATA: digits (in the "
            "package), mnist, fashion-mnist, or an .npz file with arrays x and t.\n\n"
            "Example: handgrad train digits --layers 64-100-10 --epochs 30 --save digits.safetensors",
        ),
        params=parameters(speaker),
        context_settings={"show_default": True},
    )
    def train(**asked: Any) -> int:
        options = TrainingOptions(**asked)
        try:
            return _train(options, speaker)
        except USERS as error:
            raise UsageError(error.text) from error

    return train


def _train(options: TrainingOptions, speaker: Speaker) -> int:
    from handgrad.cli.training_view import view_for
    from handgrad.training import TrainingInterrupted

    _require_output_files(options)
    data = _data(options, speaker)
    network = _network(options, data)
    optimizer, schedule = _optimizer(options), _schedule(options)
    title = f"{data.name}  {_sizes(network)}  {options.activation}  {options.optimizer}"
    view = view_for(speaker, title, sys.stdout, as_json=options.as_json)
    try:
        history = network.fit(
            data.x,
            _targets(options, data),
            options.epochs,
            options.batch_size,
            optimizer,
            validation=options.validation,
            schedule=schedule,
            early_stopping=options.patience,
            seed=options.seed,
            checkpoint=options.checkpoint,
            resume=options.resume,
            progress=view,
        )
    except TrainingInterrupted as error:
        complain(_interrupted(error.checkpoint, speaker))
        return INTERRUPTED
    except DivergenceError as error:
        complain(speaker.text(error.text))
        _write(options, network, data, speaker)
        return DIVERGED
    tested = (
        network.evaluate(data.x_test, data.t_test)
        if data.x_test is not None and data.t_test is not None
        else None
    )
    _print_results(options, history, tested, speaker)
    _write(options, network, data, speaker)
    return 0


def _require_output_files(options: TrainingOptions) -> None:
    """Check that every output file can be written and overwrites none.

    Raises:
        UsageError: a folder is missing, or a file is there.
    """
    if options.resume and options.checkpoint is None:
        raise UsageError(
            Text(
                zh="--resume 需要 --checkpoint 文件。",
                en="--resume needs --checkpoint, the file to resume from.",
            )
        )
    for option, path in (
        ("--save", options.save),
        ("--onnx", options.onnx),
        ("--checkpoint", options.checkpoint),
    ):
        if path is None:
            continue
        if not path.absolute().parent.is_dir():
            raise UsageError(
                Text(
                    zh="{option} {path}：没有文件夹 {folder}。",
                    en="{option} {path}: there is no folder {folder}.",
                ).format(option=option, path=path, folder=path.absolute().parent)
            )
        is_resumed = option == "--checkpoint" and options.resume
        if path.exists() and not (options.overwrite or is_resumed):
            existing = EXISTING_CHECKPOINT if option == "--checkpoint" else EXISTING_FILE
            raise UsageError(existing.format(option=option, path=path))
    if options.onnx is not None:
        from handgrad.training.optional_packages import require_package

        require_package("onnx", "train")


def _data(options: TrainingOptions, speaker: Speaker) -> DataSet:
    from handgrad.training import datasets

    def tell(text: Text) -> None:
        complain(speaker.text(text))

    if options.data == "digits":
        return datasets.digits(options.seed)
    if options.data in ("mnist", "fashion-mnist"):
        read = datasets.mnist if options.data == "mnist" else datasets.fashion_mnist
        return read(options.folder, tell)
    if not Path(options.data).exists():
        raise UsageError(
            Text(
                zh="没有数据集或文件 {name}。可用的数据集是 digits、mnist、fashion-mnist，或者给出 .npz 文件。",
                en="There is no data set or file {name}. Choose digits, mnist, fashion-mnist or an "
                ".npz file.",
            ).format(name=options.data)
        )
    return datasets.from_npz(options.data)


def _network(options: TrainingOptions, data: DataSet) -> Network:
    from handgrad.losses import MeanSquaredError, SoftmaxCrossEntropy
    from handgrad.training import multilayer

    outputs = data.classes or data.t.shape[1]
    return multilayer(
        options.layers if options.layers is not None else [data.inputs, 100, outputs],
        activation=options.activation,
        weights=options.weights,
        seed=options.seed,
        dtype=options.dtype,
        loss=SoftmaxCrossEntropy() if data.classes else MeanSquaredError(),
    )


def _targets(options: TrainingOptions, data: DataSet) -> Labels:
    from handgrad.training import smoothed

    if not options.label_smoothing:
        return data.t
    if data.classes is None:
        raise UsageError(
            Text(
                zh="--label-smoothing 只用于分类；{name} 的 t 是要预测的数。",
                en="--label-smoothing is for classes; the t of {name} are numbers to predict.",
            ).format(name=data.name)
        )
    return smoothed(data.t, data.classes, options.label_smoothing)


def _optimizer(options: TrainingOptions) -> Optimizer | Modified:
    from handgrad.optimizers import Clipped, Decayed
    from handgrad.training.registry import optimizer_named

    settings: dict[str, float] = {}
    if options.learning_rate is not None:
        settings["learning_rate"] = options.learning_rate
    has_its_own = options.optimizer.lower() == "adamw"
    if options.weight_decay is not None and has_its_own:
        settings["weight_decay"] = options.weight_decay
    rule: Optimizer | Modified = optimizer_named(options.optimizer, **settings)
    if options.weight_decay is not None and not has_its_own:
        rule = Decayed(rule, options.weight_decay)
    if options.clip_norm is not None or options.clip_value is not None:
        rule = Clipped(rule, options.clip_norm, options.clip_value)
    return rule


def _schedule(options: TrainingOptions) -> Schedule:
    from handgrad.training import WarmUp
    from handgrad.training.registry import SCHEDULES, named

    schedule = named("schedule", options.schedule, SCHEDULES)()
    return WarmUp(options.warm_up, schedule) if options.warm_up else schedule


def _sizes(network: Network) -> str:
    shapes = [layer.W.shape for layer in network.layers if hasattr(layer, "W")]
    return "-".join(str(n) for n in [shapes[0][0], *(shape[1] for shape in shapes)])


def _write(options: TrainingOptions, network: Network, data: DataSet, speaker: Speaker) -> None:
    """Write the output files; after divergence, the network is the last good one."""
    if options.save is not None:
        from handgrad.training.network_file import save_network

        notes = {"data": data.name, "source": data.source, "seed": str(options.seed)}
        save_network(network, options.save, notes)
    if options.onnx is not None:
        from handgrad.training.onnx_export import export_onnx

        export_onnx(network, options.onnx)
    for path in (options.save, options.onnx):
        if path is not None and not options.as_json:
            click.echo(speaker.say(f"网络已保存到 {path}", f"Network saved to {path}"))


def _print_results(
    options: TrainingOptions, history: History, tested: Evaluation | None, speaker: Speaker
) -> None:
    """Print the results: the last lines, or the last line of JSON."""
    seconds = history.epochs[-1].seconds
    if options.as_json:
        result = {
            "epochs": len(history.epochs),
            "stopped_early": history.stopped_early,
            "best": history.best,
            "seconds": round(seconds, 3),
            "test_loss": tested.loss if tested else None,
            "test_accuracy": tested.accuracy if tested else None,
            "test_wrong": tested.wrong if tested else None,
            "seed": options.seed,
        }
        click.echo(json.dumps({"result": result}))
        return
    if history.stopped_early:
        click.echo(
            speaker.say(
                f"验证结果不再改善，提前停止；参数取自第 {history.best} 轮。",
                f"Stopped early, as validation no longer improved; the parameters are those of epoch "
                f"{history.best}.",
            )
        )
    if tested is not None and tested.accuracy is not None:
        click.echo(
            speaker.say(
                f"测试：准确率 {tested.accuracy:.2%}（{tested.count} 个中错 {tested.wrong} 个），用时 {seconds:.1f} 秒",
                f"Test: accuracy {tested.accuracy:.2%} ({tested.wrong} of {tested.count} wrong), "
                f"trained in {seconds:.1f} s",
            )
        )
    elif tested is not None:
        click.echo(
            speaker.say(
                f"测试：损失 {tested.loss:.4g}，用时 {seconds:.1f} 秒",
                f"Test: loss {tested.loss:.4g}, trained in {seconds:.1f} s",
            )
        )


def _interrupted(checkpoint: str | None, speaker: Speaker) -> str:
    """What to do next."""
    if checkpoint is None:
        return speaker.say(
            "训练被中断，没有保存。加上 --checkpoint 文件，下次就能从中断处继续。",
            "Training was interrupted and nothing was saved. With --checkpoint FILE, the next run can "
            "be resumed.",
        )
    arguments = [argument for argument in sys.argv[1:] if argument != "--overwrite"]
    again = arguments if "--resume" in arguments else [*arguments, "--resume"]
    line = f"handgrad {shlex.join(again)}"
    return speaker.say(
        f"训练被中断。继续：\n  {line}", f"Training was interrupted. To resume:\n  {line}"
    )
