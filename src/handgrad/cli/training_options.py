"""The options of ``handgrad train``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from handgrad.cli.console import Speaker
from handgrad.languages import name_list

OPTIMIZERS = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw")
ACTIVATIONS = ("relu", "sigmoid")
WEIGHTS = (
    "he-normal",
    "he-uniform",
    "glorot-normal",
    "glorot-uniform",
    "lecun-normal",
    "lecun-uniform",
)
"""Names for the help, which must not wait for NumPy; a test compares them."""
CHINESE_METAVARS = {"float": "数", "integer": "N", "text": "名字", "path": "文件夹", "file": "文件"}
"""What stands for the value of an option, by the name of its type in click."""
FILE = click.Path(dir_okay=False, path_type=Path)


@dataclass(frozen=True)
class TrainingOptions:
    """The values of the options."""

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


def parameters(speaker: Speaker) -> list[click.Parameter]:
    """The argument and the options, in the user's language."""
    found = _parameters(speaker)
    if speaker.language == "zh":
        for one in found:
            one.metavar = one.metavar or CHINESE_METAVARS.get(one.type.name)
    return found


def _parameters(speaker: Speaker) -> list[click.Parameter]:
    say = speaker.say
    activations, optimizers, weights = map(name_list, (ACTIVATIONS, OPTIMIZERS, WEIGHTS))
    return [
        click.Argument(["data"], metavar=say("数据", "DATA")),
        click.Option(
            ["--data", "folder"],
            type=click.Path(path_type=Path),
            help=say(
                "放着 MNIST 文件的文件夹；不写则下载到 HANDGRAD_DATA。",
                "The folder with the files of MNIST; by default they are downloaded to HANDGRAD_DATA.",
            ),
        ),
        click.Option(
            ["--layers"],
            metavar="784-800-10",
            help=say(
                "各层大小；默认有一个隐藏层，大小为 100。",
                "Sizes of the layers; by default one hidden layer of 100.",
            ),
        ),
        click.Option(
            ["--activation"],
            default="relu",
            help=say(f"激活函数：{activations.zh}。", f"Activation: {activations.en}."),
        ),
        click.Option(
            ["--weights"], help=say(f"权重的初始化：{weights.zh}。", f"Initializer: {weights.en}.")
        ),
        click.Option(
            ["--dtype"],
            type=click.Choice(("float32", "float64")),
            default="float32",
            help=say("参数和计算的数据类型。", "Data type of the parameters and the arithmetic."),
        ),
        click.Option(
            ["--optimizer"],
            default="adam",
            help=say(f"优化器：{optimizers.zh}。", f"Optimizer: {optimizers.en}."),
        ),
        click.Option(["--learning-rate"], type=float, help=say("学习率。", "The learning rate.")),
        click.Option(["--weight-decay"], type=float, help=say("权重衰减 λ。", "Weight decay λ.")),
        click.Option(
            ["--clip-norm"],
            type=float,
            help=say("梯度的最大范数。", "Clip the gradient to this norm."),
        ),
        click.Option(
            ["--clip-value"],
            type=float,
            help=say("梯度每个分量绝对值的上限。", "Clip each entry of the gradient to this size."),
        ),
        click.Option(
            ["--schedule"],
            default="constant",
            help=say(
                "学习率调度：constant、cosine、linear。",
                "Learning-rate schedule: constant, cosine or linear.",
            ),
        ),
        click.Option(
            ["--warm-up"],
            default=0,
            show_default=False,
            help=say("预热的步数，学习率在这期间逐步升高。", "Number of warm-up steps."),
        ),
        click.Option(["--epochs"], default=10, help=say("轮数。", "Number of epochs.")),
        click.Option(["--batch-size"], default=128, help=say("批大小。", "Batch size.")),
        click.Option(["--seed"], default=0, help=say("随机种子。", "Random seed.")),
        click.Option(
            ["--label-smoothing"],
            default=0.0,
            show_default=False,
            help=say("标签平滑 ε，例如 0.1。", "Label smoothing ε, such as 0.1."),
        ),
        click.Option(
            ["--validation"],
            type=float,
            help=say(
                "留作验证集的比例，例如 0.1。",
                "Share of the data held back for validation, such as 0.1.",
            ),
        ),
        click.Option(
            ["--patience"],
            type=int,
            help=say(
                "验证结果连续多少轮没有改善就提前停止。",
                "Stop after this many epochs without improvement.",
            ),
        ),
        click.Option(
            ["--save"], type=FILE, help=say("保存网络（safetensors）。", "Save the network.")
        ),
        click.Option(["--onnx"], type=FILE, help=say("另存为 ONNX。", "Also save it as ONNX.")),
        click.Option(
            ["--checkpoint"],
            type=FILE,
            help=say(
                "检查点文件；训练中断后可以从它继续。",
                "Checkpoint file, from which training can be resumed.",
            ),
        ),
        click.Option(
            ["--resume"], is_flag=True, help=say("从检查点继续。", "Resume from the checkpoint.")
        ),
        click.Option(
            ["--overwrite"], is_flag=True, help=say("覆盖已有的文件。", "Overwrite existing files.")
        ),
        click.Option(
            ["--json", "as_json"],
            is_flag=True,
            help=say("每轮输出一行 JSON。", "Print one JSON line per epoch."),
        ),
    ]
