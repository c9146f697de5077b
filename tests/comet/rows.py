"""Rows (source, hypothesis, reference) whose scores the library and this project must agree on."""

from __future__ import annotations

KINDS = ("regression", "referenceless", "unified", "xcomet")
ROWS: list[tuple[str, str, str]] = [
    ("What is the capital of France?", "法國的首都是哪裡？", "法國首都是哪一座城市？"),
    ("No.", "不。", "否。"),
    ("光合作用需要什麼？", "What does photosynthesis need?", "What is needed for photosynthesis?"),
    ("What is the capital of France?", "法国的首都在哪里？", "法國首都是哪一座城市？"),
    ("What is the capital of France?", "法國的首都是哪裡？", "法國首都是哪一座城市？"),  # again
    ("Which gas do plants take in?", "식물은 어떤 기체를 흡수합니까?", "식물이 흡수하는 기체는?"),
    ("A " * 60 + "long one", "很" * 90 + "長", "很" * 80 + "長的句子"),
    ("same", "same", "same"),
    ("  spaces  around ", "前後 空白 ", "前後空白"),
    ("法國的首都是哪裡？", "What is the capital of France?", "What is the capital of France?"),
    ("3 × (4 + 5) = 27", "三乘以四加五的和，等於二十七。", "3 ×（4 + 5）= 27"),
    ("100 % ☃ unknown signs ꙮ", "百分之百", "100 ％"),
]
SOURCE = "Which organelle makes most of a cell's ATP?"
CANDIDATES = ["哪個胞器產生細胞大部分的 ATP？", "細胞大部分的 ATP 由哪個胞器製造？", "哪個細胞器？"]
CANDIDATES.append(CANDIDATES[0])
PAIRS = [(SOURCE, hypothesis, reference) for hypothesis in CANDIDATES for reference in CANDIDATES]
