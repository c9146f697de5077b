"""What host and worker say to each other: frames of JSON on the worker's stdin and stdout.

Standard library alone: the worker runs it in an environment of its own, by path, the host as a
module of this package. The first frame to the worker holds its options; it answers ``ready`` or
``failed``, then every question with its ``id``. At the end of its input the worker ends, so that it
never outlives its host.
"""

from __future__ import annotations

import json
import os
import queue
import struct
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, BinaryIO

HEADER = struct.Struct("<I")

Answer = Callable[[Mapping[str, Any]], Mapping[str, Any]]
Load = Callable[[Mapping[str, Any]], tuple[Mapping[str, Any], Answer]]


class CannotLoad(Exception):
    """The worker cannot become ready; said by the message, with what to do about it."""

    def __init__(self, why: str, remedy: str) -> None:
        self.remedy = remedy
        super().__init__(why)


def frame(message: Mapping[str, Any]) -> bytes:
    """A message as it goes over the pipe; escapes keep lone surrogates."""
    body = json.dumps(message, ensure_ascii=True, allow_nan=False).encode("ascii")
    return HEADER.pack(len(body)) + body


def packed(
    rows: Iterable[tuple[str, str, str | None]],
) -> tuple[list[str], list[tuple[int, int, int | None]]]:
    """Each distinct text once, and the rows (source, hypothesis, reference) as places in them."""
    places: dict[str, int] = {}

    def place(text: str) -> int:
        return places.setdefault(text, len(places))

    packed_rows = [
        (place(source), place(hypothesis), None if reference is None else place(reference))
        for source, hypothesis, reference in rows
    ]
    return list(places), packed_rows


def serve(load: Load) -> int:
    """Be a worker: load with the options of the first frame, then answer until the input ends."""
    read, write = _stdio()
    questions: queue.Queue[Mapping[str, Any]] = queue.Queue()
    threading.Thread(target=_listen, args=(read, questions), daemon=True).start()
    try:
        facts, answer = load(questions.get())
    except CannotLoad as error:
        _say(write, frame({"failed": {"why": str(error), "remedy": error.remedy}}))
        return 1
    _say(write, frame({"ready": facts}))
    while True:
        _say(write, _answered(answer, questions.get()))


def _answered(answer: Answer, question: Mapping[str, Any]) -> bytes:
    """The frame of the answer, or of the error where there is none that JSON can hold."""
    try:
        return frame({"id": question["id"], **answer(question)})
    except Exception as error:  # one bad batch does not end the worker; the host names the error
        traceback.print_exc()
        return frame({"id": question["id"], "error": first_line(error)})


def first_line(error: Exception) -> str:
    """An error's type and the beginning of what it says."""
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0][:300]}"


def _stdio() -> tuple[BinaryIO, BinaryIO]:
    """Keep both pipes to ourselves: what libraries print goes to stderr, and they read nothing."""
    read, write = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return read, write


def _listen(read: BinaryIO, questions: queue.Queue[Mapping[str, Any]]) -> None:
    while len(header := read.read(HEADER.size)) == HEADER.size:
        questions.put(json.loads(read.read(HEADER.unpack(header)[0])))
    os._exit(0)  # the host is gone: not even a batch under way is of use any more


def _say(write: BinaryIO, said: bytes) -> None:
    write.write(said)
    write.flush()


def unreadable(text: str) -> str:
    """Why no model can read the text; empty where one can."""
    if not text.strip():
        return "is empty"
    try:
        text.encode()
    except UnicodeEncodeError:
        return "is not valid Unicode"
    return ""


ROLES = ("source", "hypothesis", "reference")


def fault(faults: Sequence[str], row: Sequence[int | None], roles: Sequence[int]) -> str:
    """Why a row has no score, by the faults of its texts; empty where nothing stands against it."""
    for role in roles:
        place = row[role]
        if place is None:
            return f"no {ROLES[role]}"
        if faults[place]:
            return f"{ROLES[role]} {faults[place]}"
    return ""
