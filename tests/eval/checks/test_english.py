"""English prose is told from names, symbols, code and foreign terms."""

from __future__ import annotations

import pytest

from eval.checks.english import Sure, english


@pytest.mark.parametrize(
    "text",
    [
        "velocity",
        "Velocity",
        "Kinetic energy",
        "True, False",
        "None of the above",
        "Both A and C",
        "Only Statement I",
        "the mitochondria",
        "adenosine triphosphate",
        "NOT",
        "Which of the following is in the Bank of England?",
    ],
)
def test_prose(text: str) -> None:
    assert english(text) is Sure.YES


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Kant",
        "John Stuart Mill",
        "Bank of America",
        "Lord of the Rings",
        "DNA",
        "WHO",
        "NaCl",
        "x = 3",
        "sin x",
        "3 km",
        "E. coli",
        "Homo sapiens",
        "mens rea",
        "in vitro",
        "np.array",
        "I and III",
    ],
)
def test_what_may_stay(text: str) -> None:
    assert english(text) is Sure.NO


@pytest.mark.parametrize(
    "text",
    ["torque", "malloc", "print(x)", "for i in range(3): pass", "Il faut bien le faire."],
)
def test_what_cannot_be_told(text: str) -> None:
    assert english(text) is Sure.PERHAPS
