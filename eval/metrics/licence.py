"""Under which licence a model is used that scores."""

from __future__ import annotations

import re
from pathlib import Path

_FREE, _BOUND = "Apache-2.0", "CC-BY-NC-SA-4.0"
# https://github.com/Unbabel/COMET/blob/master/LICENSE.models.md
_KNOWN = {
    r"wmt2[0-2]-comet-(qe-)?da": _FREE,
    r"eamt22-cometinho-da": _FREE,
    r"wmt2[0-9]-cometkiwi-da(-xx?l)?": _BOUND,
    r"xcomet-xx?l": _BOUND,
}
_FRONT_MATTER = re.compile(r"\A---\n.*?^license:\s*(\S+)\s*$.*?^---$", re.DOTALL | re.MULTILINE)


def card_licence(folder: Path) -> str:
    """What the model card in a folder says, as on Hugging Face; ``""`` where it says none."""
    card = folder / "README.md"
    found = _FRONT_MATTER.match(card.read_text("utf-8", "replace")) if card.is_file() else None
    return found[1] if found else ""


def comet_licence(checkpoint: Path) -> str:
    """What the model card says, else what the checkpoint's name is known for, else ``""``.

    The name is looked for in the whole path, as ``models--Unbabel--wmt22-comet-da/snapshots/...``.
    """
    if licence := card_licence(checkpoint.parents[1]):
        return licence
    parts = [part.lower().rpartition("--")[2] for part in checkpoint.parts]
    for name, known in _KNOWN.items():
        if any(re.fullmatch(name, part) for part in parts):
            return known
    return ""


def licence_caveats(licence: str) -> tuple[str, ...]:
    """What to say beside a score of a model whose licence forbids commercial use."""
    if "nc" not in re.split(r"[^a-z]+", licence.lower()):
        return ()
    return (f"The model's licence forbids commercial use: {licence}.",)
