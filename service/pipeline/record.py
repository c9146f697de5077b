"""Records of items that did not come through, and what every record says of its source."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from eval.errors import EvalError
from eval.run_log import ItemError, ItemRecord, Provenance, Verdict
from prompts.errors import PromptError
from service.errors import ServiceError


def item_error(error: EvalError | PromptError | ServiceError) -> ItemError:
    """What a record says about an error."""
    remedy = getattr(error, "remedy", "") or "Choose another engine or profile."
    return ItemError(code=error.code, detail=printable(str(error)), remedy=printable(remedy))


def failed_record(
    index: int, id_: str, data: Any, error: EvalError | ServiceError, signature: str
) -> ItemRecord:
    """The record of an item that never reached an engine."""
    return ItemRecord(
        index=index,
        id=id_,
        verdict=Verdict.FAILED,
        error=item_error(error),
        provenance=Provenance(signature=signature, source_sha256=fingerprint(data), candidates=0),
    )


def fingerprint(data: Any) -> str:
    """SHA-256 of a JSON value in canonical form, as hex; empty if it is nested too deeply."""
    try:
        text = json.dumps(data, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    except RecursionError:
        return ""
    return hashlib.sha256(text.encode()).hexdigest()


def printable(text: str) -> str:
    """``text`` with lone surrogates and NULs as escapes, so that it can be sent and stored."""
    safe = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return safe.replace("\x00", "\\x00")
