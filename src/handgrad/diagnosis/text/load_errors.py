"""The message for an answer that does not load: syntax, encoding, a missing class or method, an import.

One function for each kind of error; `problem_text` chooses among them by the facts that the sandbox
reports. Those facts come from a process in which untrusted code runs: a fact of an unexpected type
is ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handgrad.diagnosis.text.aborted_runs import exited_text
from handgrad.diagnosis.text.syntax_and_encoding import (
    NOTHING,
    encoding_error_text,
    listed,
    place_in_file,
    syntax_error_text,
)
from handgrad.languages import Text, printable


def missing_class_text(class_name: str, found: Sequence[str] = (), is_a: str | None = None) -> Text:
    """The class that is judged is not defined; lists the classes that are."""
    if is_a is not None:
        return Text(
            zh="{name} 应当是一个类，文件里的 {name} 却是 {kind}。",
            en="{name} must be a class, but in this file it is a {kind}.",
        ).format(name=class_name, kind=printable(is_a))
    if not found:
        return Text(
            zh="文件里没有类 {name}，也没有别的类：评测只看名为 {name} 的类。",
            en="The file has no class {name} and no other class; the class that is judged must be "
            "named {name}.",
        ).format(name=class_name)
    return Text(
        zh="文件里没有类 {name}，只找到：{found}。类名必须一字不差（大小写也算）。",
        en="The file has no class {name}; it has: {found}. The name must match exactly, including "
        "capitals.",
    ).format(name=class_name, found=listed(found))


def missing_method_text(class_name: str, method: str, found: Sequence[str] = ()) -> Text:
    """The class lacks a method; says which it has."""
    known = [name for name in found if not name.startswith("__")]
    has = Text(zh="它只有：{found}。", en="It has: {found}.").format(found=listed(known))
    return Text(
        zh="类 {name} 缺少方法 {method}。{has}模板里的 {method} 不能删去；如果它还在，请检查缩进是否在类里面。",
        en="The class {name} has no method {method}. {has} Keep the template's {method}; if it is "
        "there, check that its indentation puts it inside the class.",
    ).format(name=class_name, method=method, has=has if known else NO_METHOD)


NO_METHOD = Text(zh="它没有定义任何方法。", en="It defines no method at all.")


def bad_signature_text(
    class_name: str, method: str, takes: Sequence[str] = (), wanted: Sequence[str] = ()
) -> Text:
    """A method cannot be called the way the level calls it; says what it takes and what is given."""
    return Text(
        zh="{name}.{method} 的参数不对：应当是 ({wanted})，这里写的是 ({takes})。请改回模板里的参数。",
        en="{name}.{method} has the wrong parameters: it must take ({wanted}), but takes "
        "({takes}). Restore the template's parameters.",
    ).format(
        name=class_name,
        method=method,
        wanted=", ".join(map(printable, wanted)),
        takes=", ".join(map(printable, takes)),
    )


def import_error_text(
    module: str | None, there_is: Sequence[str] = (), line: int | None = None
) -> Text:
    """Something is imported that the judge does not have; lists what it has."""
    shown = [name for name in there_is if not name.startswith("_")]
    available = Text(zh="可以导入的有：{names}。", en=" You can import: {names}.")
    return Text(
        zh="这里不能导入 {module}{place}，这一关也用不到它。{available}",
        en="{module} cannot be imported here{place}, and this level does not need it.{available}",
    ).format(
        module=printable(module or "") or Text(zh="这个模块", en="This module"),
        place=place_in_file(line),
        available=available.format(names=listed(shown)) if shown else NOTHING,
    )


def unanswered_text(class_name: str) -> Text:
    """The region between Begin and End is as the template has it."""
    return Text(
        zh="{name} 还没有作答：请在 Begin 和 End 两行之间写出 backward 的代码。",
        en="{name} has no answer yet: write the code of backward between the lines Begin and End.",
    ).format(name=class_name)


def problem_text(
    kind: str,
    class_name: str,
    *,
    line: int | None = None,
    column: int | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Text:
    """The message for a problem that the sandbox reports, with the facts of `sandbox.child`.

    >>> problem_text("missing-class", "Relu", facts={"found": ["ReLU"]})["en"]
    'The file has no class Relu; it has: ReLU. The name must match exactly, including capitals.'
    """
    known = facts or {}
    writers: dict[str, Callable[[], Text]] = {
        "syntax-error": lambda: syntax_error_text(
            _string(known, "reason") or "",
            line,
            column=column,
            character=(_string(known, "character") or "")[:1] or None,
            tabs=known.get("tabs") is True,
        ),
        "encoding-error": lambda: encoding_error_text(
            line,
            declared=_string(known, "declared"),
            candidates=_strings(known, "candidates"),
        ),
        "missing-class": lambda: missing_class_text(
            class_name, _strings(known, "found"), _string(known, "is_a")
        ),
        "missing-method": lambda: missing_method_text(
            class_name, _string(known, "method") or "", _strings(known, "found")
        ),
        "bad-signature": lambda: bad_signature_text(
            class_name,
            _string(known, "method") or "",
            _strings(known, "takes"),
            _strings(known, "wanted"),
        ),
        "import-error": lambda: import_error_text(
            _string(_raised(known), "import_name"), _strings(known, "there_is"), line
        ),
        "unanswered": lambda: unanswered_text(class_name),
        "exited": lambda: exited_text(class_name, line=line),
    }
    if kind not in writers:
        raise ValueError(f"no message for the problem {kind!r}; it must be one of {list(writers)}")
    return writers[kind]()


def _raised(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    raised = facts.get("raised")
    return raised if isinstance(raised, Mapping) else {}


def _string(facts: Mapping[str, Any], name: str) -> str | None:
    value = facts.get(name)
    return value if isinstance(value, str) else None


def _strings(facts: Mapping[str, Any], name: str) -> list[str]:
    values = facts.get(name)
    if not isinstance(values, (list, tuple)):
        return []
    return [value for value in values if isinstance(value, str)]
