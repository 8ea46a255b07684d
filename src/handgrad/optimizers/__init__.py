"""The optimizers: one update rule a file, on one flat parameter buffer."""

from handgrad.errors import EngineError
from handgrad.kernels.update_rules import UPDATE_RULES
from handgrad.languages import Text
from handgrad.optimizers.adagrad import AdaGrad
from handgrad.optimizers.adam import Adam
from handgrad.optimizers.adamw import AdamW
from handgrad.optimizers.gradient_clipping import Clipped
from handgrad.optimizers.gradient_modifier import Modified
from handgrad.optimizers.momentum import Momentum
from handgrad.optimizers.nesterov import Nesterov
from handgrad.optimizers.optimizer import Optimizer
from handgrad.optimizers.rmsprop import RMSprop
from handgrad.optimizers.sgd import SGD
from handgrad.optimizers.weight_decay import Decayed

__all__ = [
    "SGD",
    "AdaGrad",
    "Adam",
    "AdamW",
    "Clipped",
    "Decayed",
    "Modified",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "RMSprop",
]

OPTIMIZERS: tuple[type[Optimizer], ...] = (SGD, Momentum, Nesterov, AdaGrad, RMSprop, Adam, AdamW)
"""The optimizers that hold an update rule. The command line and the estimators follow from it."""

for _rule in sorted({kind.rule for kind in OPTIMIZERS} ^ UPDATE_RULES.keys()):
    raise EngineError(
        Text(
            zh="更新规则 {rule} 必须既有 handgrad.optimizers.OPTIMIZERS 中的优化器，"
            "又在 handgrad.kernels.update_rules 中，现在只有其中一处。",
            en="the update rule {rule} must have an optimizer in handgrad.optimizers.OPTIMIZERS and an "
            "entry in handgrad.kernels.update_rules; it has one of them only.",
        ).format(rule=_rule)
    )
