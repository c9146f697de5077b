"""A rendered prompt as a page for a reader."""

from __future__ import annotations

import json

from prompts.profile import Profile
from prompts.prompt import RenderedPrompt


def page(profile: Profile, pair: str, category: str, rendered: RenderedPrompt) -> str:
    """What is sent, under a head that says what else goes with it."""
    licence = profile.licence
    regions = f"; not in: {', '.join(licence.excluded_regions)}" if licence.excluded_regions else ""
    head = {
        "profile": f"{profile.name} ({profile.title}), file {profile.fingerprint}",
        "licence": f"{licence.name}{regions}",
        "pair": pair,
        "category": category or "-",
        "endpoint": rendered.endpoint,
        "format": rendered.format.value,
        "sampling": json.dumps(profile.sampling.body()),
        "candidates": json.dumps(profile.diverse.body()),
        "stop": json.dumps(rendered.stop),
        "extra": json.dumps(rendered.extra),
        "masked": json.dumps(rendered.masked, ensure_ascii=False),
        "strip": ", ".join(rendered.strip),
        "schema": json.dumps(rendered.schema, ensure_ascii=False),
        "templates": ", ".join(f"{name} {mark}" for name, mark in rendered.templates.items()),
    }
    parts = [f"{name}: {value}" for name, value in head.items()]
    for message in rendered.messages:
        parts.append(f"\n======== {message.role} ========\n{message.content}")
    if rendered.prompt is not None:
        parts.append(f"\n======== prompt ========\n{rendered.prompt}")
    parts.append("======== end ========\n")
    return "\n".join(parts)
