"""The isolation layers around a child: namespaces, Landlock, seccomp, limits, privileges, audit hooks.

Only this package calls the kernel's own interfaces, through ``ctypes``; each call names the manual page
or kernel document that it follows. A process cannot undo the layers that were set up for it.

All layers are set up unless listed in ``without``, which exists only for the tests that see an attack
succeed without its layer.
"""

NAMESPACE_LAYERS = ("empty-root", "network", "processes", "ipc")
