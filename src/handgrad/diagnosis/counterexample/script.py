"""A counterexample as a program of its own, for whoever has NumPy and not handgrad."""

from __future__ import annotations

from typing import Any

import numpy as np

from handgrad.diagnosis.case import Array, Case
from handgrad.diagnosis.counterexample.counterexample import Counterexample, layout_of, steps_of


def script_of(
    counterexample: Counterexample, class_name: str, given: str = "", *, graded: bool = False
) -> str:
    """A Python program that shows the failure with NumPy alone: ``python FILE answer.py``.

    It ends with 1 where it does.
    """
    case, wrong = counterexample.trial.case, counterexample.wrong
    lines = [
        '"""A counterexample: python counterexample.py answer.py"""',
        "import sys",
        "",
        "import numpy as np",
        "",
        *([given.strip(), ""] if given else []),
        *LOADING,
        f'{class_name} = names["{class_name}"]',
        "",
        *(f"{name} = {_literal(value)}" for name, value in case.inputs.items()),
        "",
        *steps_of(case),
        "",
        "differs = False",
    ]
    for compared in wrong:
        right = None if graded else np.asarray(counterexample.trial.expected[compared.array])
        lines += _compared(compared.array, right)
    for name in counterexample.changed:
        lines += _unchanged(name, case)
    return "\n".join([*lines, "sys.exit(differs)"]) + "\n"


LOADING = """\
path = sys.argv[1] if len(sys.argv) > 1 else "answer.py"
with open(path, "rb") as file:
    source = file.read()
for encoding in ("utf-8-sig", "utf-16", "gb18030"):
    try:
        text = source.decode(encoding)
        break
    except UnicodeError:
        pass
names = {"__name__": "answer"}
exec(compile(text, path, "exec"), names)\
""".splitlines()


def _compared(array: str, right: Array | None) -> list[str]:
    """Lines that print an array, and what it should be unless that is kept secret."""
    lines = [
        f'print("{array} received:", getattr({array}, "shape", type({array})))',
        f"print({array})",
    ]
    if right is None:
        return [*lines, "differs = True"]
    return [
        *lines,
        f"right = {_literal(right)}",
        f'print("{array} expected:", right.shape)',
        "print(right)",
        f"if getattr({array}, 'shape', None) != right.shape or getattr({array}, 'dtype', right.dtype).kind != 'f':",
        "    differs = True",
        f"elif not np.allclose({array}, right, rtol=0, atol=1e-5):",
        "    differs = True",
    ]


def _unchanged(name: str, case: Case) -> list[str]:
    """Lines that compare an input or a parameter with what was given."""
    reading = (line.split(" = ", 1) for line in case.script.splitlines() if " = " in line)
    where = next((code for target, code in reading if target == f"{name}_after"), name)
    return [
        f"given = {_literal(case.inputs[name])}",
        f'print("{name} given:")',
        "print(given)",
        f'print("{name} afterwards:")',
        f"print({where})",
        f"differs = differs or not np.array_equal({where}, given)",
    ]


def _literal(value: Any) -> str:
    if not isinstance(value, np.ndarray):
        return repr(value)
    dtype = "" if value.dtype == np.float64 else f", dtype=np.{value.dtype}"
    layout = layout_of(value)
    if layout == "reversed":
        return f"np.array({value[::-1].tolist()!r}{dtype})[::-1]"
    written = f"np.array({value.tolist()!r}{dtype})"
    return {
        None: written,
        "column-major": f"np.asfortranarray({written})",
        "strided": f"np.repeat({written}, 2, axis=-1)[..., ::2]",
    }[layout]
