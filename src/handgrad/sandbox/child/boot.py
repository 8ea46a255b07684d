"""The file that a child's Python is started with: ``python -I -S boot.py NUMPY_FOLDER [OPTIONS]``.

With OPTIONS (a JSON object) it becomes a zygote, whose descriptor 0 is the control socket; without,
a single child, whose descriptors 0 and 1 are the pipes to the judge.

It runs before any package can be imported, so it does by hand what site-packages would do: it makes
NumPy importable, and nothing else that is installed.
"""

import os
import sys

CHILD_FOLDER = os.path.dirname(os.path.abspath(__file__))
SANDBOX_FOLDER = os.path.dirname(CHILD_FOLDER)
ROOT = "handgrad_sandbox"


class OnlyNumPy:
    """Finds NumPy in the folder it was installed to, and no other package there."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def find_spec(self, name, path=None, target=None):  # type: ignore[no-untyped-def]
        """Called by the import system to find a module."""
        if name != "numpy":
            return None
        from importlib.machinery import PathFinder

        return PathFinder.find_spec(name, [self.folder])


def take_over_pipes() -> tuple[int, int]:
    """Move the judge's pipes to other descriptors and connect 0, 1 and 2 to the null device."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(0, os.O_BINARY)
        msvcrt.setmode(1, os.O_BINARY)
    reading, writing = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    return reading, writing


def load_packages() -> None:
    """Make ``handgrad_sandbox.child`` and ``handgrad_sandbox.protocol`` importable.

    They are loaded by hand, inside a package that holds nothing else: neither handgrad nor the judge's
    side of the sandbox can be imported here.
    """
    from importlib.util import module_from_spec, spec_from_file_location

    root = type(sys)(ROOT)
    root.__path__ = []
    sys.modules[ROOT] = root
    for name in ("protocol", "child"):
        folder = os.path.join(SANDBOX_FOLDER, name)
        spec = spec_from_file_location(
            f"{ROOT}.{name}",
            os.path.join(folder, "__init__.py"),
            submodule_search_locations=[folder],
        )
        assert spec is not None and spec.loader is not None
        package = module_from_spec(spec)
        sys.modules[spec.name] = package
        spec.loader.exec_module(package)


def forget_forks() -> None:
    """Stop modules from registering work to be done in every forked child.

    `random`, `threading` and `logging` do, for programs that fork with several threads. A zygote has
    one thread, and that work costs each child half a millisecond. (So the children of one zygote start
    with the same state of `random`; the judge draws its own numbers in its own process.)
    """
    os.register_at_fork = lambda **_: None


def main() -> None:
    """Start a child or a zygote."""
    numpy_folder = sys.argv[1]
    if len(sys.argv) > 2:
        forget_forks()
    sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder) != CHILD_FOLDER]
    sys.meta_path.append(OnlyNumPy(numpy_folder))
    load_packages()
    if len(sys.argv) > 2:
        import json

        from handgrad_sandbox.child import zygote  # type: ignore[import-not-found]

        zygote.serve(zygote.take_over_control(), json.loads(sys.argv[2]))
    reading, writing = take_over_pipes()
    from handgrad_sandbox.child.channel import Channel  # type: ignore[import-not-found]
    from handgrad_sandbox.child.job_loop import serve  # type: ignore[import-not-found]

    serve(Channel(reading, writing), numpy_folder)


if __name__ == "__main__":
    main()
