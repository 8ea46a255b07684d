"""Namespaces of our own and an empty root: nothing of the machine can be reached.

See namespaces(7), user_namespaces(7), pid_namespaces(7), mount_namespaces(7), pivot_root(2).
An ordinary user may make the others once it has a user namespace; so root, which has become an
ordinary user of its own before (`privileges.become_own_user`), goes the same way.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Collection

from . import kernel

FLAGS = {
    "empty-root": kernel.CLONE_NEWNS,
    "network": kernel.CLONE_NEWNET,
    "processes": kernel.CLONE_NEWPID,
    "ipc": kernel.CLONE_NEWIPC,
}
ALWAYS = kernel.CLONE_NEWUTS | kernel.CLONE_NEWCGROUP
LINKS = {"empty-root": "mnt", "network": "net", "processes": "pid_for_children", "ipc": "ipc"}
INSIDE_ID = 65534  # "nobody": the number means nothing outside

# include/uapi/linux/mount.h
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_REC, MS_PRIVATE = 16384, 1 << 18
MNT_DETACH = 2
MOUNT_POINT = "/proc"  # a folder that always exists; it is gone with the old root


def enter(without: Collection[str]) -> None:
    """Make the namespaces. The PID namespace holds only the children that are forked from now on.

    Raises:
        OSError: the kernel, a container or AppArmor refuses; ``filename`` names the step.
    """
    before = _links()
    user, group = os.geteuid(), os.getegid()
    kernel.unshare("user namespace", kernel.CLONE_NEWUSER)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{INSIDE_ID} {user} 1")
    _write("/proc/self/gid_map", f"{INSIDE_ID} {group} 1")
    flags = ALWAYS
    for layer, flag in FLAGS.items():
        if layer not in without:
            flags |= flag
    kernel.unshare("namespaces", flags)
    after = _links()
    for layer in LINKS:
        if layer not in without and before[layer] == after[layer]:
            raise OSError(errno.EPERM, "the kernel gave no namespace of its own", layer)


def _links() -> dict[str, str]:
    """Which namespaces this process (and its next child) is in, as the kernel says."""
    return {layer: _link(f"/proc/self/ns/{link}") for layer, link in LINKS.items()}


def _link(path: str) -> str:
    try:
        return os.readlink(path)
    except OSError:  # a PID namespace that has no first process yet has no name either
        return "none yet"


def empty_root() -> None:
    """Make an empty, read-only folder the root, and detach everything else."""
    kernel.mount("mount propagation", "none", "/", None, MS_REC | MS_PRIVATE)
    kernel.mount(
        "empty root",
        "none",
        MOUNT_POINT,
        "tmpfs",
        MS_NOSUID | MS_NODEV | MS_NOEXEC,
        "size=4k,nr_inodes=1,mode=0555",
    )
    os.chdir(MOUNT_POINT)
    # Old and new root in one place, as pivot_root(2) describes: the old one is then unmounted.
    kernel.system_call("pivot_root", kernel.number_of("pivot_root"), b".", b".")
    kernel.unmount("old root", ".", MNT_DETACH)
    os.chdir("/")
    flags = MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC
    kernel.mount("read-only root", "none", "/", None, flags, "size=4k,nr_inodes=1,mode=0555")


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)
