"""Errors of the measuring side.

EvalError
├── RecipeError                 a recipe cannot be used
│   ├── UnknownBenchmark        no recipe of that name
│   ├── BadRecipe               its text does not follow the format
│   └── BadPath                 a path in it cannot be read
├── UnknownCheck                no check of that name
├── UnknownMethod               no way to select of that name
├── MetricError                 a metric cannot be made ready, or gives no scores
│   ├── UnknownMetric           no metric of that name
│   ├── MetricUnavailable       environment, device or model do not serve
│   ├── MetricCrashed           the process behind it ended
│   └── MetricRefused           it could not work on some rows
├── ItemError                   one item cannot be used; the others can
│   ├── MissingFields           no layout of the recipe fits
│   ├── WrongType               a field holds something else than its kind needs
│   ├── EmptyText               a text to translate is blank
│   ├── BadText                 a lone surrogate or NUL inside
│   ├── ItemTooLarge            more characters than the service takes per item
│   ├── DuplicateId             an id that an earlier item of the run has
│   ├── MissingTranslation      a source item that the file of translations lacks
│   └── SurplusTranslation      a translation whose source item is not there
├── RegressError                two snapshots cannot be compared: eval/regress/errors.py
└── FileError                   a file or one of its lines cannot be read
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from glossary.errors import nearest


class EvalError(Exception):
    """Root of the package's errors; ``code`` is stable, ``remedy`` says what to do next."""

    code: ClassVar[str] = "eval_error"
    remedy: str = ""


class RecipeError(EvalError):
    """A recipe cannot be used."""

    code = "recipe_error"


class UnknownBenchmark(RecipeError):
    """No recipe of that name."""

    code = "unknown_benchmark"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.remedy = (
            f"{nearest(name, known)} `isogloss recipe list` and GET /benchmarks show all; another "
            "benchmark needs a recipe of your own (`isogloss recipe guess FILE` drafts one)."
        )
        super().__init__(f"Unknown benchmark {name!r}.")


class BadRecipe(RecipeError):
    """The recipe's text does not follow the format."""

    code = "bad_recipe"
    remedy = "docs/recipes.md describes the format; `isogloss recipe guess FILE` drafts a recipe."

    def __init__(self, where: str, why: str) -> None:
        self.where, self.why = where, why
        super().__init__(f"Recipe {where}: {why}")


class BadPath(RecipeError):
    """A field path cannot be read."""

    code = "bad_path"
    remedy = "Write paths like question, choices.text[*], turns[0] or ['key.with.dots']."

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(f"Cannot read the field path {text!r}.")


class UnknownCheck(EvalError):
    """No check of that name."""

    code = "unknown_check"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.remedy = f"{nearest(name, known)} docs/checks.md describes all checks."
        super().__init__(f"Unknown check {name!r}.")


class UnknownMethod(EvalError):
    """No way to select of that name."""

    code = "unknown_method"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.remedy = f"{nearest(name, known)} docs/selection.md describes all methods."
        super().__init__(f"Unknown method of selection {name!r}.")


class MetricError(EvalError):
    """A metric cannot be made ready, or gives no scores."""

    code = "metric_error"

    def __init__(self, name: str, why: str, remedy: str) -> None:
        self.name, self.why, self.remedy = name, why, remedy
        super().__init__(f"Metric {name}: {why}")


class UnknownMetric(MetricError):
    """No metric of that name."""

    code = "unknown_metric"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        remedy = f"{nearest(name, known)} docs/scoring.md says how metrics are set up."
        super().__init__(name, "there is none of that name.", remedy)


class MetricUnavailable(MetricError):
    """Its environment, device or model does not serve."""

    code = "metric_unavailable"


class MetricCrashed(MetricError):
    """The process behind it ended, or gave no answer in time."""

    code = "metric_crashed"

    def __init__(self, name: str, why: str) -> None:
        super().__init__(name, why, "Score again: what has a score already keeps it.")


class MetricRefused(MetricError):
    """It could not work on some rows, and lives on."""

    code = "metric_refused"

    def __init__(self, name: str, why: str) -> None:
        super().__init__(name, why, "Score these rows in smaller batches, or on the CPU.")


class ItemError(EvalError):
    """One item cannot be used; the others of its batch can."""

    code = "item_error"


class MissingFields(ItemError):
    """The item has not the fields of any layout of its recipe."""

    code = "missing_fields"

    def __init__(self, recipe: str, layout: str, missing: list[str], present: list[str]) -> None:
        self.recipe, self.layout, self.missing = recipe, layout, missing
        self.remedy = (
            f"Add the fields, choose another benchmark, or describe the shape as inline `recipe`. "
            f"The item has: {', '.join(present[:20]) or 'no fields'}."
        )
        super().__init__(
            f"The item does not fit recipe {recipe}: nearest layout {layout!r} "
            f"needs {', '.join(missing)}."
        )


class WrongType(ItemError):
    """A field holds another JSON type than its kind needs."""

    code = "wrong_type"
    remedy = "Correct the item, or the kind of this field in an inline recipe."

    def __init__(self, field: str, wanted: str, got: str) -> None:
        self.field = field
        super().__init__(f"Field {field} must be {wanted}, not {got}.")


class EmptyText(ItemError):
    """A text that is to be translated is blank."""

    code = "empty_text"
    remedy = "Fill the text in, remove the item, or mark the field optional in an inline recipe."

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(f"Field {field} is empty.")


class BadText(ItemError):
    """A code point that no correct text holds."""

    code = "bad_text"
    remedy = "Repair the item's encoding: read the file as UTF-8 and remove NUL characters."

    def __init__(self, field: str, what: str, position: int) -> None:
        self.field, self.position = field, position
        super().__init__(f"Field {field} holds {what} at character {position}.")


class ItemTooLarge(ItemError):
    """More text than one request to an engine can hold."""

    code = "item_too_large"

    def __init__(self, characters: int, limit: int) -> None:
        self.characters, self.limit = characters, limit
        self.remedy = "Split the item, or raise the setting ISOGLOSS_MAX_ITEM_CHARACTERS."
        super().__init__(f"The item has {characters:,} characters to translate; limit {limit:,}.")


class DuplicateId(ItemError):
    """Two items of one run with the same id."""

    code = "duplicate_id"
    remedy = "Give every item its own id, or remove the id field so that positions are used."

    def __init__(self, id_: str, first: int) -> None:
        self.id, self.first = id_, first
        super().__init__(f"Id {id_!r} is taken by item {first}.")


class MissingTranslation(ItemError):
    """A source item without its counterpart."""

    code = "missing_translation"
    remedy = "Add its translation, or remove the item from both files."

    def __init__(self, id_: str, file: str) -> None:
        self.id = id_
        super().__init__(f"{file} has no item {id_!r}.")


class SurplusTranslation(ItemError):
    """A translation without its source item."""

    code = "surplus_translation"
    remedy = "Remove it, or correct its id."

    def __init__(self, id_: str, file: str) -> None:
        self.id = id_
        super().__init__(f"{file} has no item {id_!r}, or its translation came before.")


class FileError(EvalError):
    """A file or one of its records cannot be read."""

    code = "bad_file"

    def __init__(self, where: str, why: str, remedy: str) -> None:
        self.where, self.remedy = where, remedy
        super().__init__(f"{where}: {why}")
