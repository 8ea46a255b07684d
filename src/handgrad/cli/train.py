"""``handgrad train``: a network of ours on a data set, with a live view."""

from __future__ import annotations

import json
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handgrad.cli.console import Speaker, complain
from handgrad.cli.options import language_option
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
OPTIMIZERS = "sgd, momentum, nesterov, adagrad, rmsprop, adam, adamw"
WEIGHTS = "he-normal, he-uniform, glorot-normal, glorot-uniform, lecun-normal, lecun-uniform"
"""Names for the help, which must not wait for NumPy; a test compares them."""
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
"""What is wrong with what was asked for or given, and told as such."""

Path_ = click.Path(dir_okay=False, path_type=Path)


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for; see the options."""

    data: str
    folder: Path | None
    layers: str | None
    activation: str
    weights: str | None
    dtype: str
    optimizer: str
    learning_rate: float | None
    weight_decay: float | None
    clip_norm: float | None
    clip_value: float | None
    schedule: str
    warm_up: int
    epochs: int
    batch_size: int
    seed: int
    label_smoothing: float
    validation: float | None
    patience: int | None
    save: Path | None
    onnx: Path | None
    checkpoint: Path | None
    resume: bool
    overwrite: bool
    as_json: bool


def command(speaker: Speaker) -> click.Command:
    """The command ``train``."""
    say = speaker.say

    @click.command(
        "train",
        help=say(
            "在一个数据集上训练全连接网络，边训练边看。数据：digits（随包附带）、mnist、fashion-mnist，"
            "或含有数组 x 和 t 的 .npz 文件。\n\n"
            "handgrad train digits --layers 64-100-10 --epochs 30 --save digits.safetensors",
            "Train a network of fully connected layers, and watch it learn. DATA: digits (in the "
            "package), mnist, fashion-mnist, or an .npz file with arrays x and t.\n\n"
            "handgrad train digits --layers 64-100-10 --epochs 30 --save digits.safetensors",
        ),
        params=[language_option(speaker)],
    )
    @click.argument("data", metavar=say("数据", "DATA"))
    @click.option(
        "--data",
        "folder",
        type=click.Path(path_type=Path),
        help=say(
            "放着 MNIST 文件的文件夹；不写则下载到 HANDGRAD_DATA。",
            "The folder with the files of MNIST; without it they are downloaded to HANDGRAD_DATA.",
        ),
    )
    @click.option(
        "--layers",
        metavar="784-800-10",
        help=say(
            "各层大小；默认一个 100 的隐藏层。",
            "Sizes of the layers; by default one hidden of 100.",
        ),
    )
    @click.option(
        "--activation",
        default="relu",
        show_default=True,
        help=say("激活函数：relu、sigmoid。", "relu or sigmoid."),
    )
    @click.option("--weights", help=say(f"初始化：{WEIGHTS}。", f"How weights begin: {WEIGHTS}."))
    @click.option(
        "--dtype", type=click.Choice(("float32", "float64")), default="float32", show_default=True
    )
    @click.option(
        "--optimizer",
        default="adam",
        show_default=True,
        help=say(f"优化器：{OPTIMIZERS}。", f"{OPTIMIZERS}."),
    )
    @click.option("--learning-rate", type=float, help=say("学习率。", "The learning rate."))
    @click.option("--weight-decay", type=float, help=say("权重衰减 λ。", "Weight decay λ."))
    @click.option(
        "--clip-norm", type=float, help=say("梯度的最大范数。", "Largest norm of the gradient.")
    )
    @click.option(
        "--clip-value",
        type=float,
        help=say("梯度每个分量的上限。", "Largest entry of the gradient."),
    )
    @click.option(
        "--schedule",
        default="constant",
        show_default=True,
        help=say("学习率的变化：constant、cosine、linear。", "constant, cosine or linear."),
    )
    @click.option(
        "--warm-up", type=int, default=0, help=say("学习率逐步升高的步数。", "Steps of warm-up.")
    )
    @click.option(
        "--epochs", type=int, default=10, show_default=True, help=say("轮数。", "Epochs.")
    )
    @click.option(
        "--batch-size",
        type=int,
        default=128,
        show_default=True,
        help=say("批大小。", "Batch size."),
    )
    @click.option(
        "--seed", type=int, default=0, show_default=True, help=say("随机种子。", "The seed.")
    )
    @click.option(
        "--label-smoothing",
        type=float,
        default=0.0,
        help=say("标签平滑 ε，例如 0.1。", "Label smoothing ε, such as 0.1."),
    )
    @click.option(
        "--validation",
        type=float,
        help=say("留作验证的比例，例如 0.1。", "The share held back for validation, such as 0.1."),
    )
    @click.option(
        "--patience",
        type=int,
        help=say("验证多少轮没有进步就停。", "Stop after so many epochs without improvement."),
    )
    @click.option("--save", type=Path_, help=say("保存网络（safetensors）。", "Save the network."))
    @click.option("--onnx", type=Path_, help=say("另存为 ONNX。", "Also save it as ONNX."))
    @click.option(
        "--checkpoint",
        type=Path_,
        help=say("检查点文件，可从它继续。", "A file from which training can go on."),
    )
    @click.option(
        "--resume", is_flag=True, help=say("从检查点继续。", "Go on from the checkpoint.")
    )
    @click.option(
        "--overwrite",
        is_flag=True,
        help=say("覆盖已有的文件。", "Write over files that are there."),
    )
    @click.option(
        "--json", "as_json", is_flag=True, help=say("每轮输出一行 JSON。", "A JSON line an epoch.")
    )
    def train(**asked: Any) -> int:
        wanted = Wanted(**asked)
        try:
            return _train(wanted, speaker)
        except USERS as error:
            raise UsageError(error.text) from error

    return train


def _train(wanted: Wanted, speaker: Speaker) -> int:
    from handgrad.cli.training_view import view_for
    from handgrad.training import TrainingInterrupted

    _require_places(wanted)
    data = _data(wanted, speaker)
    network = _network(wanted, data)
    optimizer, schedule = _optimizer(wanted), _schedule(wanted)
    title = f"{data.name}  {_sizes(network)}  {wanted.activation}  {wanted.optimizer}"
    view = view_for(speaker, title, sys.stdout, as_json=wanted.as_json)
    try:
        history = network.fit(
            data.x,
            _targets(wanted, data),
            wanted.epochs,
            wanted.batch_size,
            optimizer,
            validation=wanted.validation,
            schedule=schedule,
            early_stopping=wanted.patience,
            seed=wanted.seed,
            checkpoint=wanted.checkpoint,
            resume=wanted.resume,
            progress=view,
        )
    except TrainingInterrupted as error:
        complain(_interrupted(error.checkpoint, speaker))
        return INTERRUPTED
    except DivergenceError as error:
        complain(speaker.text(error.text))
        _write(wanted, network, data, speaker)
        return DIVERGED
    tested = (
        network.evaluate(data.x_test, data.t_test)
        if data.x_test is not None and data.t_test is not None
        else None
    )
    _tell(wanted, history, tested, speaker)
    _write(wanted, network, data, speaker)
    return 0


def _require_places(wanted: Wanted) -> None:
    """Every file that will be written can be, and none that is there is lost.

    Raises:
        UsageError: a folder is missing, or a file is there.
    """
    if wanted.resume and wanted.checkpoint is None:
        raise UsageError(
            Text(
                zh="--resume 需要 --checkpoint 文件。",
                en="--resume needs --checkpoint, the file to go on from.",
            )
        )
    for option, path in (
        ("--save", wanted.save),
        ("--onnx", wanted.onnx),
        ("--checkpoint", wanted.checkpoint),
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
        goes_on = option == "--checkpoint" and wanted.resume
        if path.exists() and not (wanted.overwrite or goes_on):
            raise UsageError(
                Text(
                    zh="{option} {path}：文件已经存在。换一个名字，用 --overwrite 覆盖它{resume}。",
                    en="{option} {path}: the file is there already. Choose another name, or write over "
                    "it by --overwrite{resume}.",
                ).format(
                    option=option,
                    path=path,
                    resume=Text(zh="，或用 --resume 从它继续", en=", or go on from it by --resume")
                    if option == "--checkpoint"
                    else "",
                )
            )
    if wanted.onnx is not None:
        from handgrad.training.extras import extra

        extra("onnx", "train")


def _data(wanted: Wanted, speaker: Speaker) -> DataSet:
    from handgrad.training import datasets

    def tell(text: Text) -> None:
        complain(speaker.text(text))

    if wanted.data == "digits":
        return datasets.digits(wanted.seed)
    if wanted.data in ("mnist", "fashion-mnist"):
        read = datasets.mnist if wanted.data == "mnist" else datasets.fashion_mnist
        return read(wanted.folder, tell)
    if not Path(wanted.data).exists():
        raise UsageError(
            Text(
                zh="没有数据集或文件 {name}。可用的数据集是 digits、mnist、fashion-mnist，或者给出 .npz 文件。",
                en="there is no data set or file {name}. There are digits, mnist and fashion-mnist, or "
                "name an .npz file.",
            ).format(name=wanted.data)
        )
    return datasets.from_npz(wanted.data)


def _network(wanted: Wanted, data: DataSet) -> Network:
    from handgrad.losses import MeanSquaredError, SoftmaxCrossEntropy
    from handgrad.training import multilayer

    outputs = data.classes or data.t.shape[1]
    return multilayer(
        wanted.layers if wanted.layers is not None else [data.inputs, 100, outputs],
        activation=wanted.activation,
        weights=wanted.weights,
        seed=wanted.seed,
        dtype=wanted.dtype,
        loss=SoftmaxCrossEntropy() if data.classes else MeanSquaredError(),
    )


def _targets(wanted: Wanted, data: DataSet) -> Labels:
    from handgrad.training import smoothed

    if not wanted.label_smoothing:
        return data.t
    if data.classes is None:
        raise UsageError(
            Text(
                zh="--label-smoothing 只用于分类；{name} 的 t 是要预测的数。",
                en="--label-smoothing is for classes; the t of {name} are numbers to predict.",
            ).format(name=data.name)
        )
    return smoothed(data.t, data.classes, wanted.label_smoothing)


def _optimizer(wanted: Wanted) -> Optimizer | Modified:
    from handgrad.optimizers import Clipped, Decayed
    from handgrad.training.naming import optimizer_named

    settings: dict[str, float] = {}
    if wanted.learning_rate is not None:
        settings["learning_rate"] = wanted.learning_rate
    has_its_own = wanted.optimizer.lower() == "adamw"
    if wanted.weight_decay is not None and has_its_own:
        settings["weight_decay"] = wanted.weight_decay
    rule: Optimizer | Modified = optimizer_named(wanted.optimizer, **settings)
    if wanted.weight_decay is not None and not has_its_own:
        rule = Decayed(rule, wanted.weight_decay)
    if wanted.clip_norm is not None or wanted.clip_value is not None:
        rule = Clipped(rule, wanted.clip_norm, wanted.clip_value)
    return rule


def _schedule(wanted: Wanted) -> Schedule:
    from handgrad.training import WarmUp
    from handgrad.training.naming import SCHEDULES, named

    schedule = named("schedule", wanted.schedule, SCHEDULES)()
    return WarmUp(wanted.warm_up, schedule) if wanted.warm_up else schedule


def _sizes(network: Network) -> str:
    widths = [parameter.shape for layer in network.layers for parameter in _weights(layer)]
    return "-".join(str(n) for n in [widths[0][0], *(width[1] for width in widths)])


def _weights(layer: Any) -> list[Any]:
    return [layer.W] if hasattr(layer, "W") else []


def _write(wanted: Wanted, network: Network, data: DataSet, speaker: Speaker) -> None:
    """The network in the files that were asked for; after divergence it is the last good one."""
    if wanted.save is not None:
        from handgrad.training import saved

        notes = {"data": data.name, "source": data.source, "seed": str(wanted.seed)}
        saved.save(network, wanted.save, notes)
    if wanted.onnx is not None:
        from handgrad.training.onnx_export import export_onnx

        export_onnx(network, wanted.onnx)
    for path in (wanted.save, wanted.onnx):
        if path is not None and not wanted.as_json:
            click.echo(speaker.say(f"网络已保存到 {path}", f"The network is in {path}"))


def _tell(wanted: Wanted, history: History, tested: Evaluation | None, speaker: Speaker) -> None:
    """What came of it: the last lines, or the last line of JSON."""
    seconds = history.epochs[-1].seconds
    if wanted.as_json:
        result = {
            "epochs": len(history.epochs),
            "stopped_early": history.stopped_early,
            "best": history.best,
            "seconds": round(seconds, 3),
            "test_loss": tested.loss if tested else None,
            "test_accuracy": tested.accuracy if tested else None,
            "test_wrong": tested.wrong if tested else None,
            "seed": wanted.seed,
        }
        click.echo(json.dumps({"result": result}))
        return
    if history.stopped_early:
        click.echo(
            speaker.say(
                f"验证不再进步，提前停止；参数取自第 {history.best} 轮。",
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
            "Training was interrupted, and nothing was saved. With --checkpoint FILE the next one can "
            "go on from where it stopped.",
        )
    arguments = [argument for argument in sys.argv[1:] if argument != "--overwrite"]
    again = arguments if "--resume" in arguments else [*arguments, "--resume"]
    line = f"handgrad {shlex.join(again)}"
    return speaker.say(
        f"训练被中断。继续：\n  {line}", f"Training was interrupted. To go on:\n  {line}"
    )
