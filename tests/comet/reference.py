"""What ``model.predict`` of the library itself gives: ``PYTHON reference.py FOLDER``.

Runs in COMET's environment. Makes a tiny checkpoint of every kind in ``FOLDER/KIND`` and writes
``FOLDER/expected.json``: for each kind and each list of rows of ``FOLDER/rows.json`` the scores.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tiny_comet import KINDS, make

NAMES = ("src", "mt", "ref")
NEEDS = {"regression": NAMES, "referenceless": NAMES[:2], "unified": NAMES[:2], "xcomet": NAMES}


def predicted(model: Any, rows: list[list[str]], names: tuple[str, ...]) -> list[float]:
    samples = [dict(zip(names, row, strict=False)) for row in rows]
    return list(
        model.predict(samples, batch_size=4, gpus=0, num_workers=0, progress_bar=False).scores
    )


def main() -> None:
    import comet

    folder = Path(sys.argv[1])
    rows = json.loads((folder / "rows.json").read_text("utf-8"))
    expected = {}
    for kind in KINDS:
        checkpoint = make(folder / kind, kind)
        model = comet.load_from_checkpoint(str(checkpoint), local_files_only=True)
        names = NEEDS[kind]
        expected[kind] = {name: predicted(model, each, names) for name, each in rows.items()}
        if kind == "xcomet":
            expected["xcomet without reference"] = {
                name: predicted(model, each, NAMES[:2]) for name, each in rows.items()
            }
    (folder / "expected.json").write_text(json.dumps(expected), "utf-8")


if __name__ == "__main__":
    main()
