"""Errors of comparing runs.

RegressError
├── BadSnapshot         a folder is no snapshot, or its files do not belong together
├── RunUnfinished       a run that has not come to its end
├── NotComparable       two snapshots were not measured alike
│   ├── ItemsDiffer     they do not hold the same items
│   └── OtherSystem     the same system was asked for, and it is another
├── ScoresMissing        one of the two lacks scores that were to be compared
├── UnknownScore        they have no number of that name
├── BadCriterion         a criterion has a value that it cannot have
└── BadMargin           a margin is not written as KEY=VALUE
"""

from __future__ import annotations

from collections.abc import Iterable

from eval.errors import EvalError
from glossary.errors import nearest


class RegressError(EvalError):
    """Two snapshots cannot be compared."""

    code = "regress_error"


class BadSnapshot(RegressError):
    """A folder is no snapshot, or its files do not belong together."""

    code = "bad_snapshot"

    def __init__(self, folder: str, why: str) -> None:
        self.folder = folder
        self.remedy = (
            "Make it with `isogloss regress snapshot RUN --out FOLDER`, or take it from version "
            "control again; its files are not edited by hand."
        )
        super().__init__(f"{folder}: {why}")


class RunUnfinished(RegressError):
    """A run that has not come to its end says nothing of the items that are missing."""

    code = "run_unfinished"
    remedy = (
        "Give the command that began it once more, `isogloss regress run` with --resume: it goes "
        "on where it stopped."
    )

    def __init__(self, folder: str) -> None:
        self.folder = folder
        super().__init__(f"The run in {folder} is not finished.")


class NotComparable(RegressError):
    """The two were not measured alike, so their numbers have not the same meaning."""

    code = "not_comparable"
    remedy = (
        "Measure both in the same way: give the newer run what the older one has (`isogloss "
        "round-trip` adds to a finished run), or make the older snapshot anew. Only what "
        "translates may differ (docs/regression.md); the engine of the way back must be the same "
        "and equally related to both translators."
    )

    def __init__(self, differences: Iterable[str]) -> None:
        self.differences = list(differences)
        super().__init__(f"The snapshots cannot be compared: {'; '.join(self.differences)}.")


class ItemsDiffer(NotComparable):
    """The two do not hold the same items."""

    code = "items_differ"
    remedy = "Compare runs of one file; an item is known by its id and its source."


class OtherSystem(NotComparable):
    """The same system was asked for, and the translations were made in another way."""

    code = "other_system"
    remedy = "Leave out --same-system if the difference is what is to be tested."


class ScoresMissing(RegressError):
    """Scores that were to be compared are missing in one of the runs."""

    code = "scores_missing"
    remedy = (
        "Measure the run that lacks them again (`isogloss regress run` with --resume, `isogloss "
        "score` with --retry; its report says why they are missing), or compare the others alone: "
        "--metric KEY."
    )

    def __init__(self, keys: Iterable[str]) -> None:
        self.keys = list(keys)
        super().__init__(
            f"{', '.join(self.keys)}: too few segments are scored in both runs to say anything."
        )


class UnknownScore(RegressError):
    """A margin or a choice names a number that the snapshots do not hold."""

    code = "unknown_score"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name, self.remedy = name, nearest(name, known)
        super().__init__(f"The snapshots have no score {name!r}.")


class BadCriterion(RegressError):
    """A criterion has a value that it cannot have."""

    code = "bad_criterion"

    def __init__(self, name: str, value: object, right: str) -> None:
        self.name, self.remedy = name, f"Give {right}."
        super().__init__(f"{name} cannot be {value!r}.")


class BadMargin(RegressError):
    """A margin that cannot be read."""

    code = "bad_margin"
    remedy = "Write KEY=VALUE with a value above 0, like round_trip.chrf=0.5."

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(f"Cannot read the margin {text!r}.")
