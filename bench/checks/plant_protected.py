"""Code, mathematics, addresses, placeholders and blanks that did not survive.

News sentences have none of them: ``carrying`` puts one into both sides, at the end of the first
clause, as the clean item to break.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from bench.checks.data import TextPair
from bench.checks.fault import Broken, Text, TextPlanter

PIECES = {
    "latex": [
        r"$\frac{a}{b+c}$",
        r"$x^2 - 4x + 7$",
        r"\( \sqrt{n} \leq 12 \)",
        r"$$\sum_{k=1}^{n} k^3$$",
        r"$\angle ABC$",
        r"\[ e^{i\pi} + 1 = 0 \]",
    ],
    "code": [
        "`sorted(names, key=len)`",
        "`x += 1`",
        "```python\nfor i in range(9):\n    print(i)\n```",
        "`SELECT id FROM users`",
        "`None`",
    ],
    "url": [
        "https://example.org/a/b?q=1&r=2",
        "http://data.example.com/set_3.zip",
        "info@example.net",
        "www.example.org/help",
    ],
    "placeholder": ["{user_name}", "{{count}}", "%s", "%(total)d", "<b>", "${HOME}", "[MASK]"],
    "blank": ["____", "( )", "_____"],
}
_ENDS = re.compile(r"[，。；！？]|[,.;!?](?=\s|$)")


def carrying(text: TextPair, rng: random.Random) -> TextPair:
    """The pair with a piece put into both sides."""
    family = rng.choice(sorted(PIECES))
    piece = rng.choice(PIECES[family])
    source, target = _with(text.source, piece), _with(text.target, piece)
    return TextPair(f"{family}:{text.id}", text.pair, source, target)


def _with(text: str, piece: str) -> str:
    end = _ENDS.search(text)
    at = end.start() if end else len(text)
    return f"{text[:at]} {piece}{text[at:]}".strip()


def _carried(text: Text, family: str) -> str | None:
    pieces = sorted(PIECES[family], key=len, reverse=True)
    return next((piece for piece in pieces if f" {piece}" in text.target), None)


def _breaking(family: str, change: Callable[[str, random.Random], str]) -> TextPlanter:
    def planter(text: Text, rng: random.Random) -> Broken | None:
        piece = _carried(text, family)
        if piece is None or piece not in text.source:
            return None
        new = change(piece, rng)
        at, lost = text.target.index(piece), text.source.index(piece)
        if new == piece:
            return None
        return text.put(at, at + len(piece), new, (lost, lost + len(piece)))

    return planter


def _other_sign(piece: str, rng: random.Random) -> str:
    places = [i for i, sign in enumerate(piece) if sign.isascii() and sign.isalnum()]
    if not places:
        return ""
    at = rng.choice(places)
    new = str((int(piece[at]) + 1) % 10) if piece[at].isdigit() else chr(ord(piece[at]) ^ 3)
    if not new.isalnum():
        new = "k" if piece[at] != "k" else "m"
    return piece[:at] + new + piece[at + 1 :]


def _unwrapped(piece: str, rng: random.Random) -> str:
    """The marks around it are gone."""
    return re.sub(r"^(\$\$?|\\[(\[]|`{1,3}|\{+|<)|(\$\$?|\\[)\]]|`{1,3}|\}+|>)$", "", piece)


def _worded(piece: str, rng: random.Random) -> str:
    """A name inside it is translated."""
    words = {
        "user_name": "使用者名稱",
        "count": "數量",
        "total": "合計",
        "HOME": "首頁",
        "MASK": "遮罩",
    }
    words |= {
        "frac": "分數",
        "sqrt": "根號",
        "angle": "角",
        "sum": "求和",
        "names": "名稱",
        "print": "打印",
    }
    words |= {"users": "用戶", "example": "示例", "None": "無", "x +=": "甲 +="}
    for name, new in words.items():
        if name in piece:
            return piece.replace(name, new, 1)
    return piece


def _gone(piece: str, rng: random.Random) -> str:
    return ""


CHANGES = {"dropped": _gone, "one sign changed": _other_sign, "unwrapped": _unwrapped,
           "translated": _worded}  # fmt: skip
MAKES_SENSE = {
    "blank": ("dropped",),
    "url": ("dropped", "one sign changed", "translated"),
    "latex": tuple(CHANGES),
    "code": tuple(CHANGES),
    "placeholder": tuple(CHANGES),
}


def breakers() -> list[tuple[str, str, TextPlanter]]:
    """Family, change and planter, for all changes that make sense."""
    return [
        (family, change, _breaking(family, CHANGES[change]))
        for family, changes in MAKES_SENSE.items()
        for change in changes
    ]


def added(family: str) -> TextPlanter:
    """A piece that the source does not have."""

    def planter(text: Text, rng: random.Random) -> Broken | None:
        piece = rng.choice(PIECES[family])
        if piece in text.source:
            return None
        end = _ENDS.search(text.target)
        at = end.start() if end else len(text.target)
        return text.put(at, at, f" {piece} ")

    return planter


def doubled(text: Text, rng: random.Random) -> Broken | None:
    """A blank became two."""
    for piece in ("____", "( )"):
        if piece in text.source and text.target.count(piece) == 1:
            at = text.target.index(piece)
            return text.put(at, at + len(piece), f"{piece} {piece}")
    return None
