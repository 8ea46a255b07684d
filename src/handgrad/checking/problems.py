"""The words for an answer that no case could judge: it does not load, lacks a class, passed a limit.

One function for each kind of VOCABULARY; `problem_text` chooses among them by the facts that the
sandbox reports. Those facts come from a process in which a stranger's code runs: whatever is not of
the expected type is treated as not said.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from handgrad.languages import Text, printable

NOTHING = Text(zh="", en="")

ASCII_COUNTERPARTS = {
    "“": '"', "”": '"', "„": '"', "「": '"', "」": '"', "『": '"', "』": '"', "‘": "'", "’": "'",
    "。": ".", "、": ",", "《": "<", "》": ">", "〈": "<", "〉": ">", "【": "[", "】": "]",
    "〔": "[", "〕": "]", "—": "-", "–": "-", "−": "-", "‐": "-", "×": "*", "∗": "*", "·": "*",
    "÷": "/", "∕": "/", "≤": "<=", "≥": ">=", "≠": "!=", "\u3000": " ", "\u00a0": " ",
}  # fmt: skip
"""What a character of Chinese typing, or of copied mathematics, stands for in Python.

The full-width forms (（, ，, ：, ＝ …) are not listed: Unicode's compatibility form gives theirs.
"""

SYNTAX_REASONS: tuple[tuple[str, Text], ...] = (
    (
        r"'(?P<a>[(\[{])' was never closed",
        Text(zh="括号 {a} 没有闭合", en="the bracket {a} is never closed"),
    ),
    (
        r"unmatched '(?P<a>[)\]}])'",
        Text(zh="多了一个括号 {a}", en="there is a bracket {a} too many"),
    ),
    (
        r"closing parenthesis '(?P<b>.)' does not match opening parenthesis '(?P<a>.)'",
        Text(zh="括号不配对：{a} 和 {b}", en="the brackets {a} and {b} do not match"),
    ),
    (
        r"expected ':'",
        Text(zh="这一行末尾缺少冒号 :", en="the colon : at the end of the line is missing"),
    ),
    (
        r"expected an indented block",
        Text(
            zh="冒号之后的下一行必须缩进，至少要有一条语句",
            en="the line behind a colon must be indented, and there must be at least one statement",
        ),
    ),
    (
        r"unexpected indent",
        Text(zh="这一行的缩进多了", en="this line is indented too far"),
    ),
    (
        r"unindent does not match",
        Text(
            zh="这一行的缩进与上面任何一层都不一致",
            en="the indentation of this line matches none of the lines above",
        ),
    ),
    (
        r"unterminated (triple-quoted )?string literal",
        Text(zh="字符串缺少右引号", en="the closing quote of a string is missing"),
    ),
    (
        r"invalid syntax\. Perhaps you forgot a comma",
        Text(zh="这里可能少了一个逗号", en="a comma may be missing here"),
    ),
    (
        r"cannot assign to .*Maybe you meant '=='|Maybe you meant '==' or ':='",
        Text(
            zh="比较两个值要用 ==，单个 = 是赋值",
            en="two values are compared with ==; a single = assigns",
        ),
    ),
    (
        r"cannot assign to",
        Text(
            zh="等号左边必须是变量、属性或下标",
            en="the left of an equals sign must be a variable, an attribute or an index",
        ),
    ),
    (
        r"Missing parentheses in call to '(?P<a>\w+)'",
        Text(zh="调用 {a} 要加括号：{a}(…)", en="a call of {a} needs brackets: {a}(…)"),
    ),
    (
        r"'return' outside function",
        Text(
            zh="return 不在任何函数里面：检查它的缩进",
            en="return stands outside of any function: look at its indentation",
        ),
    ),
    (
        r"^NUL$|null bytes",
        Text(zh="文件里有空字符（NUL）", en="the file holds a NUL character"),
    ),
    (
        r"too deeply nested",
        Text(zh="嵌套得太深", en="it is nested too deeply"),
    ),
    (r"^invalid syntax$", Text(zh="Python 读不懂这一行", en="Python does not understand this line")),
)  # fmt: skip


def syntax_error_text(
    reason: str,
    line: int | None = None,
    *,
    column: int | None = None,
    character: str | None = None,
    tabs: bool = False,
) -> Text:
    """The file is not valid Python.

    Args:
        reason: Python's own words, in English.
        line: counted from 1.
        column: counted from 1, in characters.
        character: one that Python does not know, when that is what is wrong.
        tabs: the indentation mixes tabs and spaces.
    """
    place = _line_and_column(line, column)
    if tabs:
        what = Text(
            zh="缩进混用了制表符（Tab）和空格，请统一改用空格",
            en="the indentation mixes tabs and spaces; use spaces throughout",
        )
    elif character:
        what = _foreign_character(character)
    else:
        what = _syntax_reason(reason)
    return Text(
        zh="语法错误，{place}{what}。", en="The file is not valid Python: {place}{what}."
    ).format(place=place, what=what)


def _line_and_column(line: int | None, column: int | None) -> Text:
    if line is None:
        return NOTHING
    if column is None:
        return Text(zh="第 {line} 行：", en="line {line}: ").format(line=line)
    return Text(
        zh="第 {line} 行第 {column} 个字符处：", en="line {line}, character {column}: "
    ).format(line=line, column=column)


def ascii_counterpart(character: str) -> str | None:
    """The ASCII character that was meant, or None when there is none.

    >>> ascii_counterpart("（"), ascii_counterpart("“"), ascii_counterpart("梯")
    ('(', '"', None)
    """
    if character in ASCII_COUNTERPARTS:
        return ASCII_COUNTERPARTS[character]
    plain = unicodedata.normalize("NFKC", character)
    return plain if plain != character and plain.isascii() and plain.strip() else None


def _foreign_character(character: str) -> Text:
    code = f"U+{ord(character[0]):04X}"
    meant = ascii_counterpart(character)
    if not character.isprintable() or not character.strip():
        kind = "U+3000" if character == "\u3000" else code
        return Text(
            zh="有一个看不见的字符 {code}（全角空格或类似字符），请删去，改用普通空格",
            en="there is an invisible character {code} (a full-width space or the like); delete it "
            "and type an ordinary space",
        ).format(code=kind)
    if meant is None:
        return Text(
            zh="Python 代码里不能有字符「{character}」（{code}）",
            en="the character {character} ({code}) cannot stand in Python code",
        ).format(character=character, code=code)
    return Text(
        zh="用了中文（全角）标点「{character}」（{code}），请在英文输入法下改成 {meant}",
        en="{character} ({code}) is not the character Python knows; type {meant} instead, with the "
        "keyboard set to English",
    ).format(character=character, code=code, meant=meant)


def _syntax_reason(reason: str) -> Text:
    for pattern, text in SYNTAX_REASONS:
        match = re.search(pattern, reason)
        if match:
            return text.format(**match.groupdict())
    words = printable(reason) or "invalid syntax"
    return Text(zh="Python 的提示：{words}", en="Python says: {words}").format(words=words)


def encoding_error_text(
    line: int | None = None,
    *,
    declared: str | None = None,
    candidates: Sequence[str] = (),
) -> Text:
    """The bytes of the file are no text that could be read without guessing."""
    place = _line_and_column(line, None)
    if declared:
        what = Text(
            zh="文件声明的编码是 {declared}，内容却不是",
            en="the file declares the encoding {declared}, and its bytes are not in it",
        ).format(declared=printable(declared))
    elif len(candidates) > 1:
        what = Text(
            zh="内容不是 UTF-8，而 {candidates} 都说得通，无法确定是哪一种",
            en="the bytes are not UTF-8, and could be either of {candidates}",
        ).format(candidates=_listed(candidates))
    else:
        what = Text(zh="内容不是 UTF-8 文本", en="the bytes are not UTF-8 text")
    return Text(
        zh="无法读取文件的文字，{place}{what}。请在编辑器里用「另存为」选 UTF-8 编码再保存一次。",
        en="The file cannot be read as text: {place}{what}. Save it again from your editor with the "
        "encoding UTF-8.",
    ).format(place=place, what=what)


def guessed_encoding_notice(encoding: str) -> Text:
    """The notice that comes with any verdict on a file whose encoding had to be found out."""
    name = {"gb18030": "GBK", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}.get(
        encoding, printable(encoding)
    )
    return Text(
        zh="注意：文件没有声明编码，也不是 UTF-8，已按 {name} 读取；建议另存为 UTF-8。",
        en="Note: the file declares no encoding and is not UTF-8; it was read as {name}. Better save "
        "it as UTF-8.",
    ).format(name=name)


def missing_class_text(class_name: str, found: Sequence[str] = (), is_a: str | None = None) -> Text:
    """The class judged is not defined; says which classes are, and which name is the nearest."""
    if is_a is not None:
        return Text(
            zh="{name} 应当是一个类，文件里的 {name} 却是 {kind}。",
            en="{name} must be a class; in this file {name} is of type {kind}.",
        ).format(name=class_name, kind=printable(is_a))
    if not found:
        return Text(
            zh="文件里没有类 {name}，也没有别的类：评测只看名为 {name} 的类。",
            en="The file has no class {name}, nor any other class; the class judged must be named "
            "{name}.",
        ).format(name=class_name)
    return Text(
        zh="文件里没有类 {name}，只找到：{found}。类名必须一字不差（大小写也算）。",
        en="The file has no class {name}; it has: {found}. The name must match to the letter, "
        "capitals included.",
    ).format(name=class_name, found=_listed(found))


def missing_method_text(class_name: str, method: str, found: Sequence[str] = ()) -> Text:
    """The class lacks a method; says which it has."""
    known = [name for name in found if not name.startswith("__")]
    has = (
        Text(zh="只有：{found}", en="it has: {found}").format(found=_listed(known))
        if known
        else Text(zh="它没有定义任何方法", en="it defines no method at all")
    )
    return Text(
        zh="类 {name} 缺少方法 {method}，{has}。模板里的 {method} 不能删去；如果它在，请看看缩进是否在类里面。",
        en="The class {name} has no method {method}; {has}. The template's {method} must stay; if it "
        "is there, look whether its indentation puts it inside the class.",
    ).format(name=class_name, method=method, has=has)


def bad_signature_text(
    class_name: str, method: str, takes: Sequence[str] = (), wanted: Sequence[str] = ()
) -> Text:
    """A method cannot be called the way the level calls it; says what it takes and what is given."""
    return Text(
        zh="{name}.{method} 的参数不对：应当是 ({wanted})，这里写的是 ({takes})。请改回模板里的参数。",
        en="{name}.{method} takes the wrong arguments: it is called with ({wanted}), and is written "
        "for ({takes}). Bring back the template's arguments.",
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
    available = (
        Text(zh="可以导入的有：{names}。", en=" What there is: {names}.").format(
            names=_listed(shown)
        )
        if shown
        else NOTHING
    )
    return Text(
        zh="{place}这里不能导入 {module}，这一关也用不到它。{available}",
        en="{place}{module} cannot be imported here, and this level does not need it.{available}",
    ).format(
        place=_capital(_line_and_column(line, None)),
        module=printable(module or "") or Text(zh="这个模块", en="this module"),
        available=available,
    )


def unanswered_text(class_name: str) -> Text:
    """The region between Begin and End is as the template has it."""
    return Text(
        zh="{name} 还没有作答：请在 Begin 和 End 两行之间写出 backward 的代码。",
        en="{name} is not answered yet: write the code of backward between the lines Begin and End.",
    ).format(name=class_name)


def exited_text(class_name: str, status: str = "", line: int | None = None) -> Text:
    """The process ended in the middle: the code ended it, or crashed it."""
    where = _line_and_column(line, None)
    code = (
        Text(zh="（退出码 {status}）", en=" (exit status {status})").format(
            status=printable(status)
        )
        if status
        else NOTHING
    )
    return Text(
        zh="{where}运行 {name} 时程序中途结束了{code}。请删去 exit、quit、sys.exit 这类语句。",
        en="{where}The program ended while {name} was running{code}. Remove exit, quit, sys.exit and "
        "the like.",
    ).format(where=_capital(where), name=class_name, code=code)


def time_limit_text(class_name: str, which: Literal["processor", "wall"], seconds: float) -> Text:
    """The answer ran for too long."""
    if which == "wall":
        return Text(
            zh="{name} 超时：等了 {seconds:g} 秒还没有结束。看看有没有等待输入、sleep，或停不下来的循环。",
            en="{name} took too long: it had not finished after {seconds:g} s. Look for something "
            "that waits (input, sleep) or a loop that does not end.",
        ).format(name=class_name, seconds=seconds)
    return Text(
        zh="{name} 超时：用了 {seconds:g} 秒处理器时间还没有算完。看看有没有停不下来的循环（while 的条件、递归）。",
        en="{name} took too long: it had used {seconds:g} s of processor time and was not done. Look "
        "for a loop that does not end (the condition of a while, a recursion).",
    ).format(name=class_name, seconds=seconds)


def memory_limit_text(class_name: str, limit_bytes: int) -> Text:
    """The answer used too much memory."""
    return Text(
        zh="{name} 用的内存超过了 {mebibytes} MiB。正确答案只需要很小的数组：看看哪个数组的形状大得出奇，或哪个列表一直在变长。",
        en="{name} used more than {mebibytes} MiB of memory. A right answer needs small arrays only: "
        "look for an array of a surprising shape, or a list that keeps growing.",
    ).format(name=class_name, mebibytes=limit_bytes >> 20)


def output_limit_text(class_name: str, limit_bytes: int) -> Text:
    """The answer printed too much."""
    return Text(
        zh="{name} 打印的内容超过了 {kibibytes} KiB。看看循环里的 print。",
        en="{name} printed more than {kibibytes} KiB. Look for a print inside a loop.",
    ).format(name=class_name, kibibytes=limit_bytes >> 10)


def judge_error_text(detail: str = "") -> Text:
    """Our own fault."""
    words = printable(detail).strip().rpartition("\n")[2]
    told = Text(zh="（{words}）", en=" ({words})").format(words=words) if words else NOTHING
    return Text(
        zh="评测程序自己出了问题{told}，与你的答案无关，也不会记在你头上。请再试一次；如果还是这样，请运行 handgrad doctor，并把这条消息告诉我们。",
        en="The judge itself failed{told}. This is not about your answer and does not count against "
        "it. Try again; if it happens again, run `handgrad doctor` and tell us this message.",
    ).format(told=told)


def problem_text(
    kind: str,
    class_name: str,
    *,
    line: int | None = None,
    column: int | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Text:
    """The words for a problem that the sandbox reports with the facts of `sandbox.child`.

    >>> problem_text("missing-class", "Relu", facts={"found": ["ReLU"]})["en"]
    'The file has no class Relu; it has: ReLU. The name must match to the letter, capitals included.'
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
        raise ValueError(f"no words for the problem {kind!r}; there are those of {list(writers)}")
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


def _listed(names: Sequence[str]) -> Text:
    shown = [printable(name) for name in names]
    return Text(zh="、".join(shown), en=", ".join(shown))


def _capital(text: Text) -> Text:
    return Text(zh=text.zh, en=text.en[:1].upper() + text.en[1:])
