"""Refuses files, networks and processes through Python's audit hooks.

This protects an honest learner from accidents and names the act. It does not stop an
attacker, which is why at isolation level 1 only the user's own code is judged; the
other layers are the kernel's.
See "Audit events table" in the Python Library Reference for the event names.
"""

from __future__ import annotations

import errno
import os
import sys
from typing import Any

REFUSED_PREFIXES = ("socket.", "subprocess.", "shutil.", "ctypes.", "winreg.", "msvcrt.", "ftplib.")
REFUSED_EVENTS = frozenset(
    [
        "os.system",
        "os.exec",
        "os.posix_spawn",
        "os.spawn",
        "os.startfile",
        "os.fork",
        "os.forkpty",
        "os.kill",
        "os.killpg",
        "os.remove",
        "os.rename",
        "os.mkdir",
        "os.rmdir",
        "os.link",
        "os.symlink",
        "os.chmod",
        "os.chown",
        "os.lchown",
        "os.chflags",
        "os.truncate",
        "os.utime",
        "os.chdir",
        "os.fchdir",
        "os.setxattr",
        "os.removexattr",
        "os.add_dll_directory",
        "os.putenv",
        "os.unsetenv",
        "os.lockf",
        "signal.pthread_kill",
        "pty.spawn",
        "fcntl.fcntl",
        "fcntl.ioctl",
        "fcntl.flock",
        "fcntl.lockf",
        "resource.prlimit",
        "syslog.openlog",
        "mmap.__new__",
        "tempfile.mkstemp",
        "tempfile.mkdtemp",
        "webbrowser.open",
        "urllib.Request",
    ]
)
READING_EVENTS = frozenset({"os.listdir", "os.scandir", "os.walk", "os.fwalk", "glob.glob"})
WRITING_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Refused(PermissionError):
    """An act that the sandbox does not allow."""


class ReadableFiles:
    """The files that may still be read: Python's own library and NumPy, loaded when first used.

    `library_folders` hold them; `importable_folders` are those that the import system lists to
    find them. Both may be empty, where everything is loaded already.
    """

    def __init__(
        self, library_folders: tuple[str, ...] = (), importable_folders: tuple[str, ...] = ()
    ) -> None:
        self._roots = tuple(os.path.join(os.path.realpath(f), "") for f in library_folders)
        self._listed = frozenset(os.path.realpath(folder) for folder in importable_folders)

    def allows(self, path: object) -> bool:
        """Whether a path lies in one of them."""
        if not self._roots:
            return False
        try:
            place = os.path.realpath(os.fsdecode(path))  # type: ignore[arg-type]
        except (TypeError, ValueError):
            return False
        return place in self._listed or (
            place.startswith(self._roots) and not _is_other_package(place, self._roots)
        )


def install(readable: ReadableFiles) -> None:
    """Refuse from now on; an audit hook cannot be uninstalled."""

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            # opening an existing file descriptor opens no new file
            reads = (mode is None or not set(mode) & set("wax+")) and not flags & WRITING_FLAGS
            if isinstance(path, int) or (reads and readable.allows(path)):
                return
            raise _refusal("open", path)
        if event in READING_EVENTS:
            if arguments and readable.allows(arguments[0]):
                return
            raise _refusal(event, arguments[0] if arguments else None)
        if event in REFUSED_EVENTS or event.startswith(REFUSED_PREFIXES):
            raise _refusal(event, arguments[0] if arguments else None)

    sys.addaudithook(hook)


def _is_other_package(place: str, readable: tuple[str, ...]) -> bool:
    """Whether a path under Python's library belongs to some installed package but NumPy."""
    for folder in ("site-packages", "dist-packages"):
        head, found, _ = place.rpartition(os.sep + folder + os.sep)
        if found and not any(root.startswith(head + found) for root in readable):
            return True
    return False


def _refusal(act: str, target: object) -> Refused:
    shown = target if isinstance(target, str) else repr(target)[:200]
    return Refused(errno.EPERM, f"{act} is not allowed in the sandbox", shown)
