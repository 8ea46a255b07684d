"""Early stopping."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from handgrad.errors import SettingError
from handgrad.languages import Text
from handgrad.training.history import Epoch


@dataclass(frozen=True)
class EarlyStopping:
    """Training stops when validation has not improved for `patience` epochs.

    Args:
        patience: how many epochs without improvement to wait.
        monitor: what is compared: ``"loss"``, which should fall, or ``"accuracy"``, which should rise.
        min_change: an improvement smaller than this is none.
        restore: at the end the network gets the parameters of its best epoch.

    Source: L. Prechelt, *Early Stopping — But When?*, in Neural Networks: Tricks of the Trade,
    Springer 1998.

    Raises:
        SettingError: a setting outside its range.

    >>> rule = EarlyStopping(patience=3)
    >>> rule.is_better(Epoch(2, 0.5, 0.1, validation_loss=0.4), Epoch(1, 0.9, 0.1, validation_loss=0.6))
    True
    """

    patience: int = 5
    monitor: Literal["loss", "accuracy"] = "loss"
    min_change: float = 0.0
    restore: bool = True

    def __post_init__(self) -> None:
        holds = self.patience >= 1 and self.min_change >= 0 and self.monitor in ("loss", "accuracy")
        if not holds:
            raise SettingError(
                Text(
                    zh='EarlyStopping 需要 patience ≥ 1，min_change ≥ 0，monitor 为 "loss" 或 "accuracy"；收到的是 {got}。',
                    en='EarlyStopping takes patience ≥ 1, min_change ≥ 0 and monitor "loss" or '
                    '"accuracy"; got {got}.',
                ).format(got=self)
            )

    def is_better(self, now: Epoch, best: Epoch | None) -> bool:
        """Whether this epoch improves on the best so far."""
        if best is None:
            return True
        if self.monitor == "accuracy":
            return (
                _value(now.validation_accuracy) > _value(best.validation_accuracy) + self.min_change
            )
        return _value(now.validation_loss) < _value(best.validation_loss) - self.min_change


def _value(value: float | None) -> float:
    if value is None:
        raise SettingError(
            Text(
                zh='EarlyStopping 无法监测准确率：它需要损失 SoftmaxCrossEntropy。请用 monitor="loss"。',
                en="EarlyStopping cannot monitor the accuracy: it needs the loss SoftmaxCrossEntropy. "
                'Use monitor="loss".',
            )
        )
    return value
