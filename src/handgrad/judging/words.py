"""The words of verdicts that no trial decides: an answer that cannot be run, a limit, our own fault."""

from __future__ import annotations

import unicodedata
from typing import Any

from handgrad.checking.case import Raised
from handgrad.checking.failures import exception_text
from handgrad.checking.verdict import ErrorKind, VerdictName
from handgrad.course import JudgedClass
from handgrad.errors import HandgradError
from handgrad.judging.observation import Trouble
from handgrad.languages import Text
from handgrad.sandbox import Ended, Ending, Limits

__all__ = [
    "NO_CHILD",
    "Text",
    "child_fault",
    "ending",
    "guessed_encoding",
    "import_error",
    "judge_error",
    "trouble",
]

NO_CHILD = Text(zh="评测进程没有启动。", en="The judge's process did not start.")
NOTHING = Text(zh="", en="")


def child_fault(detail: str) -> Text:
    """The sandbox's own code failed."""
    last = detail.strip().rpartition("\n")[2]
    return Text(
        zh="评测进程内部出错：{what}。", en="The judge's process failed inside: {what}."
    ).format(what=last)


def judge_error(error: HandgradError) -> Text:
    """The verdict when the fault is ours."""
    return Text(
        zh="这是评测系统的问题，不是你的错，也不会记在你头上：{what}请再试一次；若仍不行，请运行 handgrad doctor。",
        en="This is the judge's fault, not yours, and is not held against you: {what} Try again; if "
        "it stays, `handgrad doctor` looks into it.",
    ).format(what=error.text)


def guessed_encoding(encoding: str) -> Text:
    """The notice that a file was read in an encoding nobody declared."""
    name = {"gb18030": "GBK"}.get(encoding, encoding.upper())
    return Text(
        zh="（文件不是 UTF-8，已按 {name} 读取；建议存成 UTF-8。）",
        en="(The file is not UTF-8 and was read as {name}; saving it as UTF-8 is safer.) ",
    ).format(name=name)


def ending(ended: Ended, class_name: str, limits: Limits) -> Text:
    """A child that did not finish: a limit, an end of its own, or a forged frame."""
    if ended.ending is Ending.TIME_LIMIT:
        seconds = limits.wall_seconds if ended.detail == "wall" else limits.processor_seconds
        text = Text(
            zh="{name} 超时：运行超过了 {seconds:g} 秒。看看有没有不会结束的循环；数组运算只需要几毫秒。",
            en="{name} ran out of time: it took more than {seconds:g} seconds. Look for a loop that "
            "does not end; array expressions need milliseconds.",
        )
        return text.format(name=class_name, seconds=seconds)
    if ended.ending is Ending.MEMORY_LIMIT:
        return Text(
            zh="{name} 用的内存超过了 {size} MiB。正确答案只需要很小的数组。",
            en="{name} used more than {size} MiB of memory. A right answer needs small arrays only.",
        ).format(name=class_name, size=limits.memory_bytes // 2**20)
    if ended.ending is Ending.OUTPUT_LIMIT:
        return Text(
            zh="{name} 打印的内容超过了 {size} KiB。看看循环里的 print。",
            en="{name} printed more than {size} KiB. Look for a print inside a loop.",
        ).format(name=class_name, size=limits.printed_bytes // 1024)
    if ended.ending is Ending.BROKEN_PROTOCOL:
        return Text(
            zh="{name} 干扰了评测进程与外界的通信。请只使用 NumPy 计算。",
            en="{name} interfered with the judge's own channel. Keep to computing with NumPy.",
        ).format(name=class_name)
    return Text(
        zh="{name} 结束了它所在的进程（退出码 {status}）：os._exit、崩溃或过深的递归都会这样。",
        en="{name} ended the process it ran in (exit status {status}): os._exit, a crash or too deep "
        "a recursion does that.",
    ).format(name=class_name, status=ended.detail or "?")


def trouble(found: Trouble, judged: JudgedClass) -> tuple[VerdictName, ErrorKind | None, Text]:
    """Verdict, kind and message of an answer or class that could not be run."""
    raised = found.raised
    if raised is not None:
        return _of_raised(raised, judged)
    writer = {
        "syntax-error": _syntax_error,
        "encoding-error": _encoding_error,
        "missing-class": _missing_class,
        "missing-method": _missing_method,
        "bad-signature": _bad_signature,
        "unanswered": _unanswered,
    }.get(found.kind)
    if writer is None:  # no child of ours says this
        return "error", "exited", ending(Ended(Ending.BROKEN_PROTOCOL), judged.name, Limits())
    return "error", found.kind, writer(found, judged)  # type: ignore[return-value]


def _of_raised(
    raised: Raised, judged: JudgedClass
) -> tuple[VerdictName, ErrorKind | None, Text]:
    text = exception_text(raised, judged.name)
    if raised.refused:
        return "forbidden", None, text
    if raised.out_of_memory:
        return "memory-limit", None, text
    if raised.is_import_error:
        return "error", "import-error", import_error(raised)
    return "error", "exited" if raised.ended_process else "exception", text


def import_error(raised: Raised) -> Text:
    """An import that is not there; lists what is."""
    from handgrad.sandbox.child.imports import IMPORTABLE

    name = raised.import_name or raised.message
    there_is = ", ".join(IMPORTABLE)
    if name.partition(".")[0] in IMPORTABLE:
        return Text(
            zh="第 {line} 行导入失败：{what}。",
            en="The import in line {line} failed: {what}.",
        ).format(line=raised.line, what=raised.message)
    return Text(
        zh="第 {line} 行：评测时不能导入 {name}。可以导入的有：{there_is}。",
        en="Line {line}: {name} cannot be imported here. What can be: {there_is}.",
    ).format(line=raised.line, name=name, there_is=there_is)


def _syntax_error(found: Trouble, judged: JudgedClass) -> Text:
    character = found.facts.get("character")
    head = Text(zh="第 {line} 行有语法错误：", en="Line {line} is not valid Python: ").format(
        line=found.line
    )
    if isinstance(character, str) and character:
        return head + _foreign(character)
    if found.facts.get("tabs"):
        return head + Text(
            zh="缩进混用了制表符和空格。请统一用四个空格。",
            en="its indentation mixes tabs and spaces. Use four spaces throughout.",
        )
    if found.facts.get("indentation"):
        return head + Text(
            zh="缩进不对（{reason}）。同一层的代码要左对齐，方法体要比 def 多缩进四格。",
            en="its indentation does not fit ({reason}). Lines of one block start at one column, four "
            "spaces deeper than their `def`.",
        ).format(reason=found.facts.get("reason"))
    return head + Text(zh="{reason}。", en="{reason}.").format(reason=found.facts.get("reason"))


def _foreign(character: str) -> Text:
    """A character that Python does not take, and the one that was meant."""
    name = unicodedata.name(character, f"U+{ord(character):04X}")
    if not character.isprintable() or character.isspace():
        return Text(
            zh="有一个看不见的字符（{name}）。请删掉它，重新输入空格。",
            en="it holds an invisible character ({name}). Delete it and type a space.",
        ).format(name=name)
    meant = unicodedata.normalize("NFKC", character)
    meant = {"。": ".", "、": ",", "“": '"', "”": '"', "‘": "'", "’": "'", "【": "[", "】": "]",
             "《": "<", "》": ">", "−": "-", "×": "*", "—": "-", "…": "..."}.get(character, meant)
    if meant != character and meant.isascii():
        return Text(
            zh="有一个全角字符「{character}」，请换成半角的 {meant} （切换到英文输入法）。",
            en="it holds the character “{character}” ({name}); type the ASCII {meant} instead.",
        ).format(character=character, meant=meant, name=name)
    return Text(
        zh="有一个 Python 不认识的字符「{character}」（{name}）。",
        en="it holds the character “{character}” ({name}), which Python does not know.",
    ).format(character=character, name=name)


def _encoding_error(found: Trouble, judged: JudgedClass) -> Text:
    declared = found.facts.get("declared")
    if declared:
        return Text(
            zh="第 {line} 行无法按声明的编码 {declared} 读取。请把文件存成 UTF-8，并去掉编码声明。",
            en="Line {line} cannot be read in the declared encoding, {declared}. Save the file as "
            "UTF-8 and drop the declaration.",
        ).format(line=found.line, declared=declared)
    return Text(
        zh="第 {line} 行不是 UTF-8 文本，也无法确定是别的哪种编码。请在编辑器里把文件另存为 UTF-8。",
        en="Line {line} is not UTF-8 text, and no other encoding fits for certain. Save the file as "
        "UTF-8 in your editor.",
    ).format(line=found.line)


def _missing_class(found: Trouble, judged: JudgedClass) -> Text:
    is_a = found.facts.get("is_a")
    if isinstance(is_a, str):
        return Text(
            zh="{name} 应当是一个类，这里它是 {is_a}。", en="{name} must be a class; here it is a {is_a}."
        ).format(name=judged.name, is_a=is_a)
    names = ", ".join(_names(found.facts.get("found")))
    if not names:
        return Text(
            zh="没有找到类 {name}：文件里一个类也没有。请从 handgrad start 的模板开始。",
            en="There is no class {name}: the file defines no class at all. Start from the template "
            "that `handgrad start` writes.",
        ).format(name=judged.name)
    return Text(
        zh="没有找到类 {name}，只找到：{names}。类名要一字不差，大小写也要相同。",
        en="There is no class {name}; found: {names}. The name must be the same to the letter, "
        "capitals included.",
    ).format(name=judged.name, names=names)


def _missing_method(found: Trouble, judged: JudgedClass) -> Text:
    names = ", ".join(_names(found.facts.get("found"))) or "—"
    return Text(
        zh="{name} 没有方法 {method}，只有：{names}。模板里的 forward 要保留。",
        en="{name} has no method {method}; it has: {names}. Keep the template's forward.",
    ).format(name=judged.name, method=found.facts.get("method"), names=names)


def _bad_signature(found: Trouble, judged: JudgedClass) -> Text:
    takes = ", ".join(_names(found.facts.get("takes")))
    wanted = ", ".join(_names(found.facts.get("wanted")))
    return Text(
        zh="{name}.{method} 的参数不对：现在是 ({takes})，会按 ({wanted}) 调用。",
        en="{name}.{method} cannot be called as it will be: it takes ({takes}), and is called with "
        "({wanted}).",
    ).format(name=judged.name, method=found.facts.get("method"), takes=takes, wanted=wanted)


def _unanswered(found: Trouble, judged: JudgedClass) -> Text:
    return Text(
        zh="{name} 还没有作答：Begin 和 End 之间没有代码。请写在两行标记之间；若写在了别处，可以删去这两行标记。",
        en="{name} is not answered yet: there is no code between Begin and End. Write it between the "
        "two markers; if it stands elsewhere, delete the markers.",
    ).format(name=judged.name)


def _names(value: Any) -> list[str]:
    return [str(name)[:200] for name in value[:20]] if isinstance(value, list) else []
