"""Packages that only an optional extra of handgrad installs."""

from __future__ import annotations

import importlib
from typing import Any

from handgrad.errors import MissingExtraError
from handgrad.languages import Text


def require_package(module: str, name: str) -> Any:
    """Import the module; `name` is the extra that installs it.

    Raises:
        MissingExtraError: it is not installed; the message says how to install it.

    >>> require_package("math", "train").sqrt(4.0)
    2.0
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingExtraError(
            Text(
                zh="这里需要 {package}，但没有安装。请运行：pip install 'handgrad[{name}]'。",
                en="this needs {package}, which is not installed. Run: pip install 'handgrad[{name}]'.",
            ).format(package=module.partition(".")[0], name=name)
        ) from error
