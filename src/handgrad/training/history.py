"""The results of a training run, epoch by epoch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from handgrad.languages import Text, preferred_language
from handgrad.training.optional_packages import require_package
from handgrad.training.text_curve import Series, curve


@dataclass(frozen=True)
class Epoch:
    """One pass over the training data.

    Attributes:
        number: counted from 1.
        loss: the mean loss of its batches, each before its own update.
        learning_rate: that of its last step.
        validation_loss, validation_accuracy: on the validation data, after it; None where there are
            none, or where the targets are no classes.
        seconds: since the run began, without the time between an interruption and its resumption.
            Ignored when epochs are compared.
    """

    number: int
    loss: float
    learning_rate: float
    validation_loss: float | None = None
    validation_accuracy: float | None = None
    seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True)
class History:
    """All epochs of a run.

    Attributes:
        epochs: in their order.
        stopped_early: whether early stopping ended it.
        best: the number of the epoch whose parameters the network now has; None for the last.

    >>> history = History((Epoch(1, 0.9, 0.1), Epoch(2, 0.5, 0.1)))
    >>> history.losses
    [0.9, 0.5]
    """

    epochs: tuple[Epoch, ...]
    stopped_early: bool = False
    best: int | None = None

    @property
    def losses(self) -> list[float]:
        """The training loss of each epoch."""
        return [epoch.loss for epoch in self.epochs]

    @property
    def validation_losses(self) -> list[float]:
        """The validation loss of each epoch that has one."""
        return [e.validation_loss for e in self.epochs if e.validation_loss is not None]

    @property
    def validation_accuracies(self) -> list[float]:
        """The validation accuracy of each epoch that has one."""
        return [e.validation_accuracy for e in self.epochs if e.validation_accuracy is not None]

    def to_json(self) -> dict[str, Any]:
        """Everything, for ``json.dumps``."""
        return asdict(self)

    def text(self, width: int = 60, height: int = 10, plain: bool = False) -> str:
        """The losses as a curve of characters, in the user's language.

        Args:
            width, height: of the curve, in characters.
            plain: only characters of ASCII.
        """
        language = preferred_language()
        lines = curve(series_of(self.epochs, "loss"), width, height, plain)
        legend = "   ".join(
            f"{line.mark(plain)} {line.name[language]}" for line in series_of(self.epochs, "loss")
        )
        return "\n".join([*lines, legend])

    def plot(self, axes: Any = None) -> Any:
        """Draw the losses with matplotlib, and the accuracy where there is one; gives the axes.

        Raises:
            MissingExtraError: matplotlib is not installed.
        """
        if axes is None:
            _, axes = require_package("matplotlib.pyplot", "train").subplots()
        numbers = [epoch.number for epoch in self.epochs]
        axes.plot(numbers, self.losses, label="training loss")
        if self.validation_losses:
            axes.plot(numbers, self.validation_losses, label="validation loss")
        axes.set_xlabel("epoch")
        axes.set_ylabel("loss")
        axes.legend(loc="upper left")
        if self.validation_accuracies:
            right = axes.twinx()
            right.plot(numbers, self.validation_accuracies, "g--", label="validation accuracy")
            right.set_ylabel("accuracy")
            right.legend(loc="upper right")
        return axes


def series_of(epochs: Sequence[Epoch], what: str) -> list[Series]:
    """The lines of a curve: ``"loss"`` of training and validation, or ``"accuracy"``."""
    if what == "accuracy":
        values = [100 * e.validation_accuracy for e in epochs if e.validation_accuracy is not None]
        return [Series(Text(zh="验证准确率（%）", en="validation accuracy (%)"), values, "×", "x")]
    lines = [Series(Text(zh="训练损失", en="training loss"), [e.loss for e in epochs], "•", "o")]
    values = [e.validation_loss for e in epochs if e.validation_loss is not None]
    if values:
        lines.append(Series(Text(zh="验证损失", en="validation loss"), values, "×", "x"))
    return lines
