"""The ``opencc`` engine with a glossary."""

from __future__ import annotations

import pytest

from eval.segment import FieldKind, Segment
from glossary.concept import Strength
from glossary.language import parse_pair
from glossary.terminology import TermEntry
from service.engines.base import TranslationRequest
from service.engines.opencc import OpenccEngine


def entry(source: str, target: str, **more: str) -> TermEntry:
    strength = Strength(more.pop("strength", "hard"))
    condition = more.pop("condition", "")
    banned = (more.pop("banned"),) if "banned" in more else ()
    return TermEntry("c1", "exams", source, (target,), banned, False, condition, strength)


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ([], "網絡的質量，見 `网络`。"),
        ([entry("网络", "網路"), entry("质量", "品質")], "網路的品質，見 `网络`。"),
        ([entry("网络的质量", "網路品質"), entry("网络", "網路")], "網路品質，見 `网络`。"),
        ([entry("网络", "網路", strength="hint")], "網絡的質量，見 `网络`。"),
        ([entry("网络", "網路", strength="hint", banned="網絡")], "網路的質量，見 `网络`。"),
        ([entry("网络", "網路", condition="of computers")], "網絡的質量，見 `网络`。"),
    ],
)
async def test_terms_come_before_the_converter_and_never_into_code(
    terms: list[TermEntry], expected: str
) -> None:
    segment = Segment("q", "网络的质量，见 `网络`。", FieldKind.TEXT, "question")
    request = TranslationRequest(parse_pair("zh-CN>zh-TW"), [segment], terms={"q": terms})
    (candidate,) = (await OpenccEngine("opencc").translate(request)).candidates
    assert candidate == {"q": expected}
