"""Every exception of handgrad.

A message says what must hold, what came, and what to try. `text` holds it in
every language; ``str(error)`` is in the user's.
"""

from __future__ import annotations

from handgrad.languages import Text, preferred_language


class HandgradError(Exception):
    """The base of every error that handgrad raises on purpose."""

    def __init__(self, text: Text) -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        return self.text[preferred_language()]


class ShapeError(HandgradError, ValueError):
    """Two shapes that do not fit together; the message names both."""


class DtypeError(HandgradError, TypeError):
    """A dtype that the layers do not support."""


class LabelError(HandgradError, ValueError):
    """A class label that the loss cannot use."""


class OrderError(HandgradError, RuntimeError):
    """``backward`` was called before ``forward``."""


class ChainError(HandgradError, ValueError):
    """Layers that do not form a network: none at all, one object twice, or one that is no layer."""


class DataError(HandgradError, ValueError):
    """Training data with NaN or an infinity; the message names the row."""


class DivergenceError(HandgradError, ArithmeticError):
    """The loss is no longer a finite number; the parameters are those before the step."""


class OptimizerError(HandgradError, TypeError):
    """Not an optimizer, or one that belongs to other parameters."""


class SettingError(HandgradError, ValueError):
    """An invalid setting: no epochs, a batch larger than the data, an unknown name."""


class FileError(HandgradError, ValueError):
    """A file of data, a network or a training run that is damaged or of another kind."""


class DownloadError(HandgradError, OSError):
    """A data set that could not be downloaded."""


class MissingExtraError(HandgradError, ImportError):
    """A package of an optional extra is not installed."""


class EngineError(HandgradError, RuntimeError):
    """The requested engine is not available, or an engine lacks an entry that the other has."""


class UsageError(HandgradError):
    """The user named something that does not exist: no such level, an unreadable file."""


class LevelError(HandgradError):
    """A level's folder is incomplete or contradicts itself."""


class LabError(HandgradError):
    """The lab cannot do what was asked: its pages are missing, its data cannot be read."""


class SandboxError(HandgradError):
    """The sandbox itself failed. Never the fault of the code that ran in it."""


class StoreError(HandgradError):
    """The database cannot be used as it is: another program's, of a newer handgrad, in use, broken."""


class CheckError(HandgradError, ValueError):
    """What was given to `check` cannot be checked: no backward, no numbers, nothing to vary."""


class BackwardWrong(HandgradError, AssertionError):
    """A backward pass is wrong, or nothing can be told where that was asked to fail.

    Attributes:
        report: the whole report, a `GradientReport`.
    """

    def __init__(self, text: Text, report: object = None) -> None:
        super().__init__(text)
        self.report = report
