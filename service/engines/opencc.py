"""``opencc``: Simplified and Traditional Chinese by OpenCC, without any model.

Characters and Taiwan's variants are converted (configurations ``s2tw`` and ``tw2s``). With
``wording`` also the words: ``s2twp`` turns 内存 into 記憶體, but 研究对象 into 研究物件 and
三角函数 into 三角函式, which is why it is not the default for exam questions. Terms of a glossary
come before both. See https://github.com/BYVoid/OpenCC.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from importlib.metadata import version

import opencc

from eval.benchmarks.protect import protected_spans
from eval.segment import Segment
from glossary.concept import Strength
from glossary.language import Language, Pair
from glossary.terminology import TermEntry
from service.engines.base import EngineInfo
from service.engines.direct import DirectEngine
from service.settings import EngineSettings


class OpenccEngine(DirectEngine):
    """zh-CN to zh-TW and back; protected spans are never shown to the converter."""

    kind = "opencc"
    pairs = frozenset({Pair(Language.ZH_CN, Language.ZH_TW), Pair(Language.ZH_TW, Language.ZH_CN)})

    def __init__(self, name: str, max_concurrency: int = 64, *, wording: bool = False) -> None:
        super().__init__(name, max_concurrency)
        self._configs = {
            Language.ZH_TW: "s2twp" if wording else "s2tw",
            Language.ZH_CN: "tw2sp" if wording else "tw2s",
        }
        self._converters = {
            target: opencc.OpenCC(config) for target, config in self._configs.items()
        }

    async def info(self) -> EngineInfo:
        """The converter's version and configurations are its model."""
        configs = "+".join(self._configs.values())
        return EngineInfo(self.name, self.kind, f"opencc-{version('opencc')}", configs)

    def text(self, segment: Segment, pair: Pair, terms: Sequence[TermEntry] = ()) -> str:
        """Convert what lies between protected spans and is no term of the glossary."""
        convert = _converter(self._converters[pair.target].convert, terms)
        pieces, position = [], 0
        for span in protected_spans(segment.text, segment.literals):
            pieces += [convert(segment.text[position : span.start]), span.text]
            position = span.end
        return "".join([*pieces, convert(segment.text[position:])])


def _converter(convert: Callable[[str], str], terms: Sequence[TermEntry]) -> Callable[[str], str]:
    """The converter, with the glossary's word for its terms.

    Left are terms with a condition, and mere hints unless OpenCC's word may be a forbidden one.
    """
    wanted = {
        entry.source: entry.targets[0]
        for entry in terms
        if entry.targets
        and not entry.condition
        and (entry.banned or entry.strength is not Strength.HINT)
    }
    if not wanted:
        return convert
    longest_first = sorted(wanted, key=len, reverse=True)
    pattern = re.compile("(" + "|".join(map(re.escape, longest_first)) + ")")

    def converted(text: str) -> str:
        pieces = pattern.split(text)
        return "".join(wanted.get(piece) or convert(piece) for piece in pieces)

    return converted


def create(name: str, settings: EngineSettings) -> OpenccEngine:
    """Make the engine from its settings."""
    return OpenccEngine(name, settings.max_concurrency, wording=settings.wording)
