"""A large made-up glossary and texts in which its terms occur, the same in every run."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

from glossary.concept import Concept, Glossary, Term
from glossary.language import Language

LANGUAGES = (Language.EN, Language.ZH_TW, Language.KO)

_EN_PARTS = (
    "ther mor graph lin quan syn met chro pol bar cryp den fer gal hel ion jur kin lat mag nor "
    "opt phy rad sol tor val ver vol zen cor dyn eth flu gen hyd"
)
_EN_ENDS = "al ic on er ity ism ate ous ent ium"
_EN_HEADS = (
    "index model rate matrix analysis theorem market cell bond field tensor policy agent score "
    "function layer species contract ratio kernel"
)
_ZH = (
    "金木水火土天地山川風雨電光熱力質量能波色形位角線面體數理法則率值域場軸核子元素鏈環群類序列圖樹"
)
_PARTS, _ENDS, _HEADS = _EN_PARTS.split(), _EN_ENDS.split(), _EN_HEADS.split()
_KO = (
    "가강건결경계고공과관광교구국균극금기내논단대도동등력류면"
    "명목문물반방변복본부분비사산상생선성속수"
)
_FILLERS = {
    Language.EN: (
        "Which of the following statements about {} is true?",
        "A researcher compares {} with {} and finds no difference between the two groups.",
        "Suppose that {} increases while everything else stays the same; what happens next?",
        "Read the passage, then choose the option that best describes the role of {}.",
        "Although the committee had promised an answer by Friday, nobody mentioned it again.",
        "Explain in one sentence why {} matters, and give an example from daily life.",
        "The train leaves at 9:40 and arrives 75 minutes later; when does it arrive?",
        "Each of the {} was measured three times, and the smallest value was dropped.",
        "Think step by step before you write down the final answer.",
    ),
    Language.ZH_TW: (
        "下列關於{}的敘述，何者正確？",
        "研究人員比較{}與{}，發現兩組之間沒有差別。",
        "假設{}增加，而其他條件都不變，接下來會發生什麼事？",
        "請先閱讀短文，再選出最能說明{}用途的選項。",
        "雖然委員會答應星期五以前回覆，之後卻沒有人再提起這件事。",
        "請用一句話解釋{}為什麼重要，並舉一個日常的例子。",
        "火車在九點四十分出發，七十五分鐘後抵達，請問幾點到站？",
        "每一個{}都測量三次，並且捨棄最小的結果。",
        "寫下最後的答案以前，請一步一步思考。",
    ),
    Language.KO: (
        "다음 중 {}에 관한 설명으로 옳은 것은?",
        "연구자가 {}와 {}를 비교하였으나 두 집단 사이에 차이가 없었다.",
        "다른 조건이 그대로일 때 {}가 늘어나면 어떤 일이 일어나겠는가?",
        "글을 읽고 {}의 역할을 가장 잘 나타낸 것을 고르시오.",
        "위원회는 금요일까지 답하겠다고 했지만 그 뒤로 아무도 그 이야기를 꺼내지 않았다.",
        "왜 {}까지 살펴야 하는지 한 문장으로 쓰고 일상의 예를 드시오.",
        "기차가 아홉 시 사십 분에 떠나 칠십오 분 뒤에 도착한다면 몇 시에 도착하는가?",
        "모든 {}마다 세 번씩 재고 가장 작은 것은 버렸다.",
        "마지막 답을 쓰기 전에 차례대로 생각하시오.",
    ),
}
_ITEM = {Language.EN: 330, Language.ZH_TW: 300, Language.KO: 300}


def glossary(concepts: int, seed: int = 1) -> Glossary:
    """So many concepts, each with a term in English, Chinese and Korean."""
    chance = random.Random(seed)
    terms = zip(_english(chance), _chinese(chance), _korean(chance), strict=False)
    made = tuple(
        Concept(
            id=f"c{number}",
            terms=tuple(
                Term(language=language, text=text)
                for language, text in zip(LANGUAGES, texts, strict=True)
            ),
        )
        for number, texts in enumerate(itertools.islice(terms, concepts))
    )
    return Glossary(name="made", version=1, concepts=made)


def items(terms: list[str], language: Language, size: int, seed: int = 2) -> list[str]:
    """Texts of 200 to 400 characters with some of the terms in them, ``size`` bytes in all."""
    chance = random.Random(seed)
    made: list[str] = []
    while size > 0:
        sentences: list[str] = []
        length = 0
        while length < _ITEM[language] - 60:
            filler = chance.choice(_FILLERS[language])
            sentence = filler.format(*(_inflected(chance, terms, language) for _ in range(2)))
            sentences.append(sentence)
            length += len(sentence) + 1
        made.append(("" if language is Language.ZH_TW else " ").join(sentences)[:400])
        size -= len(made[-1].encode())
    return made


def _inflected(chance: random.Random, terms: list[str], language: Language) -> str:
    term = chance.choice(terms)
    if language is not Language.EN:
        return term
    return chance.choice((term, term, term + "s", term.capitalize()))


def _unique(make: Iterator[str]) -> Iterator[str]:
    seen: set[str] = set()
    for each in make:
        if each not in seen:
            seen.add(each)
            yield each


def _english(chance: random.Random) -> Iterator[str]:
    def word() -> str:
        return "".join(chance.choices(_PARTS, k=2)) + chance.choice(_ENDS)

    def make() -> Iterator[str]:
        while True:
            kind = chance.random()
            if kind < 0.2:
                yield word()
            elif kind < 0.3:
                yield "".join(chance.choices("ABCDEFGHIKLMNPRSTVX", k=chance.randint(3, 5)))
            else:
                yield " ".join([word() for _ in range(1 + (kind > 0.8))] + [chance.choice(_HEADS)])

    return _unique(make())


def _chinese(chance: random.Random) -> Iterator[str]:
    return _unique(
        "".join(chance.choices(_ZH, k=chance.choices((2, 3, 4, 5), (2, 30, 50, 18))[0]))
        for _ in itertools.count()
    )


def _korean(chance: random.Random) -> Iterator[str]:
    def word() -> str:
        return "".join(chance.choices(_KO, k=2))

    return _unique(
        " ".join(word() for _ in range(chance.choices((1, 2, 3), (1, 60, 39))[0]))
        for _ in itertools.count()
    )
