"""A worker that does what its questions say, for the tests of its host."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "eval" / "metrics" / "worker"))
from wire import Answer, CannotLoad, serve


def load(options: Mapping[str, Any]) -> tuple[Mapping[str, Any], Answer]:
    print("chatter of a library")
    if options.get("refuse"):
        raise CannotLoad("nothing to load", "Bring something.")
    if options.get("exit"):
        print("the last words", file=sys.stderr)
        sys.exit(options["exit"])
    time.sleep(options.get("sleep", 0))
    return {"pid": os.getpid()}, answer


def answer(question: Mapping[str, Any]) -> Mapping[str, Any]:
    os.write(1, b"chatter of a C library\n")
    time.sleep(question.get("sleep", 0))
    if question.get("child"):  # it has the pipes of its parent, and outlives it
        child = subprocess.Popen(["sleep", "60"])
        Path(question["child"]).write_text(str(child.pid), "ascii")
    if question.get("garble"):
        for place in range(3, 16):  # one of these leads to the host
            with suppress(OSError):
                os.write(place, b"\x05\0\0\0hello")
        time.sleep(60)
    if question.get("kill"):
        print("about to go", file=sys.stderr, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    if question.get("fail"):
        raise ValueError("cannot do this one\nsecond line")
    if question.get("no_number"):
        return {"echo": math.nan}
    return {"echo": question["text"]}


if __name__ == "__main__":
    sys.exit(serve(load))
