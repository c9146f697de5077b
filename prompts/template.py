"""A prompt text with variables, and nothing more than variables."""

from __future__ import annotations

import hashlib
import string
from dataclasses import dataclass

from prompts.errors import BadTemplate, MissingVariable, SuperfluousVariable

_FINGERPRINT_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Template:
    """A file's text with ``$name`` variables; ``$$`` is the sign itself.

    Values are put in once and never looked at again, so a ``$`` in an item's text is only text.
    One line break at the end of the text ends the file and is not part of the prompt.
    """

    name: str
    text: str

    def __post_init__(self) -> None:
        for number, line in enumerate(self.text.splitlines(), start=1):
            if not string.Template(line).is_valid():
                raise BadTemplate(self.name, number)

    @property
    def fingerprint(self) -> str:
        """First 12 hexadecimal digits of the text's SHA-256: a changed prompt is a changed name."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:_FINGERPRINT_DIGITS]

    @property
    def variables(self) -> frozenset[str]:
        """Names of the variables."""
        return frozenset(string.Template(self.text).get_identifiers())

    def render(self, **values: str) -> str:
        """Put the values in.

        Raises:
            MissingVariable: a variable has no value.
            SuperfluousVariable: a value has no variable.
        """
        needed = self.variables
        if missing := sorted(needed - values.keys()):
            raise MissingVariable(self.name, missing)
        if superfluous := sorted(values.keys() - needed):
            raise SuperfluousVariable(self.name, superfluous)
        return string.Template(self.text.removesuffix("\n")).substitute(values)
