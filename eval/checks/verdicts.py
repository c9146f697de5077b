"""Where a text says which answer is right: a sentence behind a question, a mark at an option."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from eval.checks.length import han_equivalents

_RIGHT = (
    r"(?:(?<![a-z])(?:in)?correct|(?<![a-z])right|(?<![a-z])true|answer|(?<![a-z])ans(?![a-z])|(?<![a-z])key(?![a-z])"
    r"|solution|正[確确解]|答|[對对](?=的|[)）】\]。.！\s]|\Z)|[解選选]"
    r"|옳|맞|정답|답|올바|참|해설|풀이|고르|골라|고릅)"
)
_ANSWERS = re.compile(
    rf"(?i){_RIGHT}"
    r"|(?<![a-z])(?:best|fits?|choose|choices?|pick|select|options?(?![a-z])|go with|accurate|apply"
    r"|others?(?![a-z])|has to be|must be|therefore|thus|hence|definitely|clearly|conclude"
    r"|(?:i|we) (?:think|believe|would say))"
    r"|[應应]?[為为该該是](?=[A-J])|故|因此|所以|[適适符]合|題意|题意|最佳|[項项]|其他|[適适]用"
    r"|[準准][確确]|[認认][為为]|根[據据]|[給给]|[這这][題题道]|只能|[問问][題题]"
    r"|번(?:이|을|입|임|$)|보기|선택|알맞|적절|적합|정확|해당|다른 |주어진|가장|중에서|문제"
    r"|따라서|그러므로|답변|생각"
)
_SIGN = re.compile(
    r"[←⇐⬅√★☆◎\u2605-\u27bf\u2b50-\u2bff\U0001f300-\U0001faff]|<[-=]+"
    r"|\A\s*\*{1,2}[^*\n]++\*{1,2}\s*\Z|(?<=[^*\s])\s*\*+\s*\Z"
    r"|[(（【\[]\s*(?:[VvOoXx○√TY]|yes|key|ok)\s*[)）】\]]\s*\Z"
)
_BESIDE = re.compile(
    r"(?:[—|]|//)(?P<behind>[^—|/]{1,40})\Z|[(（【\[](?P<inside>[^()（）【】\[\]]{1,40})[)）】\]]\W*\Z"
    r"|\A\W*[(（【\[](?P<before>[^()（）【】\[\]]{1,40})[)）】\]]"
)
_TOLD = re.compile(
    r"(?:\s[-–]+\s|[，,;；:：\n。!！]|\.\s)(?P<behind>[^,，;；:：]{1,40})\Z"
    r"|\A(?P<before>[^,，;；:：]{1,40})[:：]"
)
_TOLD_ANYWHERE = re.compile(
    r"(?i)(?:correct|right|best) (?:answer|option|choice|one)|the answer"
    r"|答案|正解|正[確确](?:的)?[選选][項项擇择]|정답|(?:올바른|맞는|옳은) (?:답|보기|선택)"
)
_IS_RIGHT = re.compile(rf"(?i){_RIGHT}")
_SAYS_SO = re.compile(
    rf"(?i){_RIGHT}|(?<![a-z])(?:this|that|it|is|the|an?|one|option|choice|best|most|so)(?![a-z])"
    r"|[這这此該该即是為为的這就才]|[選选項项]|最佳|[確确]|이것|입니다|[이가은는을를인임번]|보기|선택지|다(?!\w)"
)
_RIGHT_SAID = re.compile(f"(?i){_RIGHT}|accurate|valid|wrong|false|proper")
_BRACKET = re.compile(r"[(（【\[—|]|//")

_SENTENCE = re.compile(
    r"[^.。!！?？\n]*(?:[.](?=[^\s])[^.。!！?？\n]*)*(?:[.。!！?？]+[\"”’」』)）*]*|\n|\Z)"
)
_LAST_BRACKET = re.compile(r"[(（【\[][^()（）【】\[\]\n]{1,40}[)）】\]][\s*.。]*\Z")
_WORD = re.compile(r"[^\W_]+")
_LETTER = re.compile(
    r"(?<![A-Za-z0-9Ａ-Ｚ'’.&/^_-])[A-HJＡ-Ｊ](?![A-Za-z0-9Ａ-Ｚ'’&^_-]|\. ?[A-Za-z]| [A-Za-z])"
    r"|(?<=[a-z,] )[A-HJ](?![A-Za-z0-9'’&-]| [A-Z])"  # "A" begins no noun in a sentence
    r"|\A[A-HJ](?= (?:is|was|because|as|since|fits|seems)\b)"
)
_MAYBE_LETTER = re.compile(r"[A-HJＡ-Ｊ](?![A-Za-z])")
_CLAUSE = re.compile(
    rf"(?:{_ANSWERS.pattern[4:]}).{{0,8}}?(?<![A-Za-z])[A-JＡ-Ｊ](?![A-Za-z])[^A-Za-z\n.。]{{0,12}}[.。]?\Z",
    re.IGNORECASE,
)
_OTHER_LABELS = re.compile(
    r"[甲乙丙丁][^甲乙丙丁]+[甲乙丙丁]|[ㄱ-ㅎ①-⑩]|(?<![가-힣])[가나다라][.)]"
)
_SHORTER = 0.6
_FEW, _MORE = 5, 15
"""Han equivalents beside an answer that say nothing but that it is one, without and with a word."""


def verdict(source: str, target: str) -> tuple[int, int] | None:
    """Where an option says that it is right: by a sign, or by words beside it."""
    match = _SIGN.search(target)
    if match and not _SIGN.search(source):
        return match.span()
    if not _IS_RIGHT.search(target):
        return None
    match = _BESIDE.search(target)
    if match and not _BRACKET.search(source) and _says_so(match):
        return match.span()
    if _RIGHT_SAID.search(source):
        return None
    match = _TOLD.search(target)
    if match and _says_so(match):
        return match.span()
    match = _TOLD_ANYWHERE.search(target)
    return match.span() if match else None


def _says_so(match: re.Match[str]) -> bool:
    """Does it say that something is right, and nothing else?"""
    said = match[match.lastgroup or 0]
    return _IS_RIGHT.search(said) is not None and han_equivalents(_SAYS_SO.sub(" ", said)) <= 2


def answer_given(source: str, target: str, options: Sequence[str]) -> tuple[int, int] | None:
    """Where a question tells the letter or the text of an option, by the words around it.

    Looked at is the last sentence or bracket where the translation has one more than the source,
    all of a translation that is much shorter, and what follows a word such as "therefore".
    ``options`` are the translations of those that the source does not hold.
    """
    if not _MAYBE_LETTER.search(target) and not any(option in target for option in options):
        return None
    before, after = han_equivalents(source), han_equivalents(target)
    much_shorter = after < _SHORTER * before
    for start in _told_at(source, target, much_shorter or after < _MORE):
        told = target[start:]
        held = [option for option in options if _stands_in(option, told)]
        rest = told.replace(max(held, key=len), " ", 1) if held else told
        beside = han_equivalents(_ANSWERS.sub(" ", rest))
        word = _ANSWERS.search(told)
        if _new_letter(source, told):
            told_so = word is not None and (start > 0 or much_shorter)
            given = told_so or beside <= _FEW
        else:
            few = _MORE if word and not _ANSWERS.search(source) else _FEW
            given = bool(held) and beside <= few and not told.rstrip().endswith(("?", "？"))
        if given:
            return start, len(target)
    return None


def _stands_in(option: str, told: str) -> bool:
    if len(option) > 1:
        return option in told
    return re.search(rf"(?<!\w){re.escape(option)}(?!\w)", told) is not None


def _told_at(source: str, target: str, whole: bool) -> Iterator[int]:
    """Where a sentence, a bracket or a clause begins that would tell an answer."""
    bracket = _LAST_BRACKET.search(target)
    if bracket and not _LAST_BRACKET.search(source):
        yield bracket.start()
    starts = _sentences(target)
    if len(starts) > len(_sentences(source)):
        yield starts[-1]
    if whole:
        yield 0
    clause = _CLAUSE.search(target)
    if clause:
        yield clause.start()


def _sentences(text: str) -> list[int]:
    return [match.start() for match in _SENTENCE.finditer(text) if _WORD.search(match.group())]


def _new_letter(source: str, told: str) -> bool:
    if _OTHER_LABELS.search(source):
        return False
    known = set(_LETTER.findall(source))
    return any(letter not in known for letter in _LETTER.findall(told))
