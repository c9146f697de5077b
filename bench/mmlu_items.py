"""Made-up items in MMLU's shape: different from each other, about as long as MMLU's own.

No digits, names or markup: whatever the mock answers, the only thing that is measured is time.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

MMLU_TEST_ITEMS = 14_042

SUBJECTS = ("astronomy", "philosophy", "marketing", "nutrition", "sociology", "virology")
SCENES = (
    "A town council must decide how to pay for a bridge that was damaged by a flood",
    "A young doctor compares the records of patients who live near a river",
    "A teacher asks the class why the price of bread rose during the winter",
    "A traveller notices that the shadow of a tower grows longer in the afternoon",
    "A farmer plants the same field with beans and with barley in turn",
    "A judge has to weigh the word of a witness against a written promise",
    "A group of students repeats a measurement with an old instrument",
    "A painter mixes bright colours and is surprised by how dark the result becomes",
)
TURNS = (
    "Some of those involved doubt that the usual explanation can be right",
    "Nobody had expected that the effect would last for more than a season",
    "The report that was written afterwards leaves an important cause out",
    "The experts look at the same evidence and come to opposite conclusions",
    "An earlier study in a neighbouring country had found nothing of the kind",
    "The cost turns out to be smaller than the benefit, but only in the long run",
)
QUESTIONS = (
    "Which of the following best explains what happened?",
    "Which principle should be applied in this case?",
    "What follows from these observations?",
    "Which of these statements would weaken the argument the most?",
)
SUBJECT_PHRASES = (
    "the gradual change of habits",
    "a sudden loss of trust",
    "the lack of a common measure",
    "an error in the original survey",
    "the influence of the weather",
    "a rule that was never written down",
    "the distance between the places",
    "a shortage of skilled workers",
)
EFFECT_PHRASES = (
    "makes the usual remedy too slow",
    "hides the difference between the groups",
    "explains why the older method failed",
    "gives the smaller party an advantage",
    "can be ruled out by the later test",
    "leads to a choice that nobody wanted",
)
OPTIONS = tuple(f"{first} {then}" for first in SUBJECT_PHRASES for then in EFFECT_PHRASES)


@dataclass(frozen=True, slots=True)
class MmluItem:
    """One question with four options; ``answer`` is the index of the right one."""

    question: str
    subject: str
    choices: tuple[str, ...]
    answer: int

    def as_json(self) -> dict[str, object]:
        """The shape in which MMLU is published on the Hugging Face hub."""
        return {
            "question": self.question,
            "subject": self.subject,
            "choices": list(self.choices),
            "answer": self.answer,
        }


def mmlu_items(count: int, seed: int) -> list[dict[str, object]]:
    """Make ``count`` different items; another seed gives other items, so that no cache helps."""
    chance = random.Random(seed)
    made: dict[MmluItem, None] = {}
    while len(made) < count:
        scene, turns, question = (
            chance.choice(SCENES),
            chance.sample(TURNS, 2),
            chance.choice(QUESTIONS),
        )
        item = MmluItem(
            question=". ".join([scene, *turns, question]),
            subject=chance.choice(SUBJECTS),
            choices=tuple(chance.sample(OPTIONS, 4)),
            answer=chance.randrange(4),
        )
        made[item] = None
    return [item.as_json() for item in made]
