"""The message for a file that is not valid Python: its syntax, Chinese punctuation, its encoding."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from handgrad.diagnosis.text.message_patterns import matching_text
from handgrad.languages import Text, printable

NOTHING = Text(zh="", en="")

ASCII_COUNTERPARTS = {
    "“": '"', "”": '"', "„": '"', "「": '"', "」": '"', "『": '"', "』": '"', "‘": "'", "’": "'",
    "。": ".", "、": ",", "《": "<", "》": ">", "〈": "<", "〉": ">", "【": "[", "】": "]",
    "〔": "[", "〕": "]", "—": "-", "–": "-", "−": "-", "‐": "-", "×": "*", "∗": "*", "·": "*",
    "÷": "/", "∕": "/", "≤": "<=", "≥": ">=", "≠": "!=", "\u3000": " ", "\u00a0": " ",
}  # fmt: skip
"""The Python characters meant by Chinese punctuation and by copied mathematics.

The full-width forms (（, ，, ：, ＝ …) are not listed: Unicode's compatibility form gives theirs.
"""

SYNTAX_REASONS: dict[str, Text] = {
    r"'(?P<a>[(\[{])' was never closed": Text(
        zh="括号 {a} 没有闭合。", en="The bracket {a} is never closed."
    ),
    r"unmatched '(?P<a>[)\]}])'": Text(
        zh="多了一个括号 {a}。", en="There is one bracket {a} too many."
    ),
    r"closing parenthesis '(?P<b>.)' does not match opening parenthesis '(?P<a>.)'": Text(
        zh="括号不配对：{a} 和 {b}。", en="The brackets {a} and {b} do not match."
    ),
    r"expected ':'": Text(
        zh="这一行末尾缺少冒号「:」。", en="The colon : at the end of the line is missing."
    ),
    r"expected an indented block": Text(
        zh="冒号之后的下一行必须缩进，至少要有一条语句。",
        en="The line after a colon must be indented, and there must be at least one statement.",
    ),
    r"unexpected indent": Text(zh="这一行的缩进多了。", en="This line is indented too far."),
    r"unindent does not match": Text(
        zh="这一行的缩进与上面任何一层都不一致。",
        en="The indentation of this line matches none of the lines above.",
    ),
    r"unterminated (triple-quoted )?string literal": Text(
        zh="字符串缺少右引号。", en="The closing quote of a string is missing."
    ),
    r"invalid syntax\. Perhaps you forgot a comma": Text(
        zh="这里可能少了一个逗号。", en="A comma may be missing here."
    ),
    r"cannot assign to .*Maybe you meant '=='|Maybe you meant '==' or ':='": Text(
        zh="比较两个值要用 ==；单个 = 是赋值。",
        en="Use == to compare two values; a single = assigns.",
    ),
    r"cannot assign to": Text(
        zh="等号左边必须是变量、属性或下标。",
        en="The left side of an assignment must be a variable, an attribute or an index.",
    ),
    r"Missing parentheses in call to '(?P<a>\w+)'": Text(
        zh="调用 {a} 要加括号：{a}(…)。", en="A call of {a} needs parentheses: {a}(…)."
    ),
    r"'return' outside function": Text(
        zh="return 不在任何函数里面：检查它的缩进。",
        en="return is outside of any function: check its indentation.",
    ),
    r"^NUL$|null bytes": Text(
        zh="文件里有空字符（NUL）。", en="The file contains a NUL character."
    ),
    r"too deeply nested": Text(zh="代码嵌套得太深。", en="The code is nested too deeply."),
    r"^invalid syntax$": Text(
        zh="Python 读不懂这一行。", en="Python does not understand this line."
    ),
}
"""What Python's own message matches, and what it means."""
MIXED_TABS = Text(
    zh="缩进混用了制表符（Tab）和空格：请统一用空格。",
    en="The indentation mixes tabs and spaces: use only spaces.",
)


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
    if tabs:
        cause = MIXED_TABS
    elif character:
        cause = _foreign_character(character)
    else:
        cause = _syntax_reason(reason)
    return Text(
        zh="语法错误{place}：{cause}", en="The file is not valid Python{place}. {cause}"
    ).format(place=place_in_file(line, column), cause=cause)


def place_in_file(line: int | None, column: int | None = None) -> Text:
    """The line and the column in parentheses; nothing where the line is not known.

    >>> place_in_file(3, 5)["en"]
    ' (line 3, character 5)'
    """
    if line is None:
        return NOTHING
    if column is None:
        return Text(zh="（第 {line} 行）", en=" (line {line})").format(line=line)
    return Text(
        zh="（第 {line} 行第 {column} 个字符）", en=" (line {line}, character {column})"
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
        return Text(
            zh="有一个看不见的字符 {code}（全角空格之类），请改成普通空格。",
            en="There is an invisible character {code} (a full-width space or similar): delete it "
            "and type an ordinary space.",
        ).format(code=code)
    if meant is None:
        return Text(
            zh="Python 代码里不能有字符「{character}」（{code}）。",
            en="The character {character} ({code}) is not allowed in Python code.",
        ).format(character=character, code=code)
    return Text(
        zh="用了中文（全角）标点「{character}」（{code}），请切换到英文输入法，改成「{meant}」。",
        en="{character} ({code}) is not the character that Python expects: type {meant} with the "
        "keyboard set to English.",
    ).format(character=character, code=code, meant=meant)


def _syntax_reason(reason: str) -> Text:
    known = matching_text(SYNTAX_REASONS, reason)
    if known is not None:
        return known
    words = printable(reason) or "invalid syntax"
    return Text(zh="Python 的提示：{words}。", en="Python says: {words}.").format(words=words)


def encoding_error_text(
    line: int | None = None,
    *,
    declared: str | None = None,
    candidates: Sequence[str] = (),
) -> Text:
    """The bytes of the file cannot be decoded without guessing."""
    if declared:
        cause = Text(
            zh="文件声明的编码是 {declared}，内容却不是。",
            en="The file declares the encoding {declared}, but its bytes are not valid in it.",
        ).format(declared=printable(declared))
    elif len(candidates) > 1:
        cause = Text(
            zh="内容不是 UTF-8，而 {candidates} 都有可能，无法确定是哪一种。",
            en="The bytes are not UTF-8 and could be any of {candidates}.",
        ).format(candidates=listed(candidates))
    else:
        cause = Text(zh="内容不是 UTF-8 文本。", en="The bytes are not UTF-8 text.")
    return Text(
        zh="无法读取文件的文字{place}：{cause}请在编辑器里用「另存为」选 UTF-8 编码再保存一次。",
        en="The file cannot be read as text{place}. {cause} Save it again in your editor with the "
        "encoding UTF-8.",
    ).format(place=place_in_file(line), cause=cause)


def guessed_encoding_notice(encoding: str) -> Text:
    """The notice with any verdict on a file whose encoding had to be guessed."""
    name = {"gb18030": "GBK", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}.get(
        encoding, printable(encoding)
    )
    return Text(
        zh="注意：文件没有声明编码，也不是 UTF-8，已按 {name} 读取；建议另存为 UTF-8。",
        en="Note: the file declares no encoding and is not UTF-8; it was read as {name}. Please "
        "save it as UTF-8.",
    ).format(name=name)


def listed(names: Sequence[str]) -> Text:
    """Names in a list."""
    shown = [printable(name) for name in names]
    return Text(zh="、".join(shown), en=", ".join(shown))
