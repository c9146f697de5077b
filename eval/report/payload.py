"""The records as JSON inside the page: small, exact, and unable to end the element they are in."""

from __future__ import annotations

import json
import re
from typing import Any

from markupsafe import Markup

from eval.checks.base import Finding
from eval.run_log import ItemRecord

_UNSAFE = re.compile("[<\u2028\u2029\ud800-\udfff]")
"""Opens a tag or comment; ends a line in older JavaScript; cannot be written as UTF-8."""


def item_json(record: ItemRecord, signature: str, run: int = 0) -> str:
    """One record as a JSON object with short keys (``assets/card.js`` reads them).

    ``signature`` is its run's, ``run`` the number of its run on the page.

    The translated item is embedded as JSON *text*: a browser that parsed it would round large
    integers, turn ``1.0`` into ``1``, move keys that look like numbers and refuse ``NaN``.
    """
    p = record.provenance
    data: dict[str, Any] = {
        "i": record.index,
        "d": record.id,
        "v": record.verdict.value,
        "s": [[s.id, s.kind, s.source, s.target] for s in record.segments],
        "p": [
            *(p.calls, p.prompt_tokens, p.completion_tokens, round(p.seconds, 3)),
            *(p.candidates, p.chosen, p.source_sha256),
        ],
    }
    if record.findings:
        data["f"] = [
            [
                *(f.check, f.severity.value, int(f.hard), f.segment, f.message),
                *(f.source_span, f.target_span, f.expected, f.found),
            ]
            for f in _in_reading_order(record)
        ]
    if record.terms:
        data["t"] = [
            [t.term, t.outcome.value, t.strength.value, " | ".join(t.expected), t.found]
            for t in record.terms
        ]
    if record.error is not None:
        data["e"] = [record.error.code, record.error.detail, record.error.remedy]
    if record.item is not None:
        data["j"] = _dumps(record.item)
    if run:
        data["r"] = run
    if p.signature != signature:
        data["g"] = p.signature
    return _dumps(data)


def script_safe(text: str) -> Markup:
    r"""JSON text that may stand in a ``<script>`` element and in a UTF-8 file.

    All characters that are replaced can occur inside JSON strings only, where ``\uXXXX`` means
    the same.
    """
    return Markup(_UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text))


def _in_reading_order(record: ItemRecord) -> list[Finding]:
    """Findings by segment, the hard ones of a segment first, those of no segment last."""
    place = {segment.id: position for position, segment in enumerate(record.segments)}
    last = len(place)
    return sorted(record.findings, key=lambda f: (place.get(f.segment, last), not f.hard))


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
