"""Model families: a model of the same family repeats the errors that it is to reveal."""

from __future__ import annotations

import re

from service.engines.base import EngineInfo

_BUILT_ON = (
    (r"translategemma|gemma", "gemma"),
    # Tower+ (arXiv 2506.17080): 2B and 9B are Gemma 2, 72B is Qwen2.5.
    (r"tower-?plus.*72b", "qwen"),
    (r"tower-?plus", "gemma"),
    (r"qwen|qwq", "qwen"),
    (r"hy-?mt|hunyuan", "hunyuan"),
)
_NAME = re.compile(r"[a-z]+(?:-[a-z]+)*")


def family_of(engine: EngineInfo) -> str:
    """What a model is built on, as far as its name or profile says; else its own name.

    The version does not count: qwen2.5-7b and qwen3-32b learned from much the same texts. An
    engine without a model is its own family.
    """
    if engine.model is None:
        return engine.kind
    model = engine.model.lower().rstrip("/").rpartition("/")[2]
    for named in (model, (engine.profile or "").lower()):
        for pattern, family in _BUILT_ON:
            if re.search(pattern, named):
                return family
    own = _NAME.match(model)
    return own.group() if own else model
