"""The command line and the environment that a child's Python is started with."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

from handgrad.errors import SandboxError
from handgrad.languages import Text

ONE_THREAD = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
INHERITED = ("SYSTEMROOT", "WINDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR", "TEMP")


def child_command() -> list[str]:
    """The command that starts a child.

    ``-I`` keeps the user's environment and folders out, ``-S`` every installed package; the folder of
    NumPy is an argument.
    """
    spec = importlib.util.find_spec("numpy")
    if spec is None or spec.origin is None:
        raise SandboxError(
            Text(
                zh="评测进程需要 NumPy，但这个 Python 环境里没有装。请运行 pip install numpy。",
                en="The judge's process needs NumPy, which this Python does not have. "
                "Try: pip install numpy",
            )
        )
    boot = Path(__file__).with_name("child") / "boot.py"
    return [sys.executable, "-I", "-S", str(boot), str(Path(spec.origin).parent.parent)]


def child_environment() -> dict[str, str]:
    """A child's environment: one BLAS thread, and the variables that the system needs to load it."""
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return inherited | dict.fromkeys(ONE_THREAD, "1") | {"PYTHONHASHSEED": "0"}


def not_started(status: object) -> SandboxError:
    """The error for a process that ended, or sent something else, before it was ready."""
    return SandboxError(
        Text(
            zh="评测进程没能启动（退出码 {status}）。请运行 handgrad doctor 查看原因。",
            en="The judge's process did not start (exit status {status}). "
            "Run `handgrad doctor` to find out why.",
        ).format(status=status)
    )


def not_startable(reason: object) -> SandboxError:
    """The error when the system refuses to start a process."""
    return SandboxError(
        Text(
            zh="无法启动评测进程：{reason}。",
            en="The judge's process could not be started: {reason}.",
        ).format(reason=reason)
    )


def ended_too_soon() -> SandboxError:
    """The error when a process or its zygote ended before the process took its job."""
    return SandboxError(
        Text(
            zh="评测进程在完成任务之前就被终止了，原因不在答案。",
            en="The judge's process was killed before its work was done, and not because of the answer.",
        )
    )
