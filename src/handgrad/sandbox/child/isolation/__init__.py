"""The walls of the Linux kernel around a child: namespaces, Landlock, seccomp, limits, privileges.

Only this folder speaks to the kernel's own interfaces, through ``ctypes``, and each call names the
manual page or kernel document it follows. What is raised here cannot be taken down again by the
process behind it.

`WALLS` names each wall. Every one is raised unless it is listed in ``without``, which is there for
the tests that see an attack succeed when its wall is away; nothing but a test passes it.
"""

WALLS = (
    "empty-root",
    "network",
    "processes",
    "ipc",
    "privileges",
    "landlock",
    "resource-limits",
    "seccomp",
    "audit-hooks",
)
NAMESPACE_WALLS = ("empty-root", "network", "processes", "ipc")
