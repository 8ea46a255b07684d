"""Every exception of handgrad.

A message states what must hold, what came, and what to try. It is written in
every language (`text`); ``str(error)`` speaks the user's own.
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
    """Two shapes that cannot fit together; the message names both."""


class DtypeError(HandgradError, TypeError):
    """Numbers of a kind that a layer does not compute with."""


class LabelError(HandgradError, ValueError):
    """A class label that the loss cannot use."""


class OrderError(HandgradError, RuntimeError):
    """``backward`` was called before ``forward``: there is nothing to go back through."""


class ChainError(HandgradError, ValueError):
    """Layers that cannot stand in a row: there are none, one stands there twice, or one is no layer."""


class DataError(HandgradError, ValueError):
    """Data to train on that hold no number where one is needed; the message names the row."""


class DivergenceError(HandgradError, ArithmeticError):
    """The loss is no longer a finite number; the parameters are those before the step."""


class OptimizerError(HandgradError, TypeError):
    """Something that is no optimizer, or one that belongs to other parameters."""


class SettingError(HandgradError, ValueError):
    """A setting of training that cannot be: no epochs, a batch larger than the data, no such name."""


class FileError(HandgradError, ValueError):
    """A file of data, of a network or of a training run that is damaged, or not what it should be."""


class DownloadError(HandgradError, OSError):
    """A data set that is not here and could not be fetched."""


class MissingExtraError(HandgradError, ImportError):
    """A package that an extra of handgrad brings is not installed."""


class EngineError(HandgradError, RuntimeError):
    """The engine that was asked for is not there."""


class UsageError(HandgradError):
    """The user asked for something that is not there: no such level, an unreadable file."""


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
