"""The file that a child's Python is started with: ``python -I -S boot.py NUMPY_FOLDER [OPTIONS]``.

With OPTIONS (a JSON object) it becomes a zygote, whose descriptor 0 is the control socket; without,
a single child, whose descriptors 0 and 1 are the judge's pipes.

It runs alone, before any package is there, so it does by hand what an import system with
site-packages would do: it makes NumPy importable, and nothing else that is installed.
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
        """The import system's question: where is this module?"""
        if name != "numpy":
            return None
        from importlib.machinery import PathFinder

        return PathFinder.find_spec(name, [self.folder])


def take_over_pipes() -> tuple[int, int]:
    """Keep the parent's pipes under other numbers; 0, 1 and 2 lead nowhere from now on."""
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

    They are loaded by hand, below a package that holds nothing else: neither handgrad nor the parent's
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
    """Let no module register work to be done in every forked child.

    `random`, `threading` and `logging` would, for programs that fork with several threads. A zygote
    has one, and that work takes a child half a millisecond. (So children of one zygote begin with
    the same numbers in `random`; those of the judge are drawn elsewhere.)
    """
    os.register_at_fork = lambda **_: None


def main() -> None:
    """Start the child's, or the zygote's, life."""
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
    from handgrad_sandbox.child.job_loop import Channel, serve  # type: ignore[import-not-found]

    serve(Channel(reading, writing), numpy_folder)


if __name__ == "__main__":
    main()
