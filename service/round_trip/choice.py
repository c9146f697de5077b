"""Which engine translates back: one that does not share the translator's errors."""

from __future__ import annotations

from eval.benchmarks.recipe import Recipe
from glossary.language import Pair
from service.engines.base import EngineInfo
from service.engines.errors import EngineError
from service.errors import PairNotServed
from service.round_trip.back_translate import BackTranslator
from service.settings import EngineKind
from service.wiring import Engines


async def back_translator(
    engines: Engines, wanted: str | None, recipe: Recipe, pair: Pair, forward: EngineInfo
) -> BackTranslator:
    """Translating back with the named engine, or else with the least related one that is there.

    A model of another family comes first, then OpenCC, then a model of the same family, and last
    the one that translated; ``caveats`` say so then. The control run (``identity``) is never chosen
    unasked.

    Raises:
        UnknownEngine: no engine of that name.
        PairNotServed: the named engine, or every engine, does not translate in this direction.
        EngineError: the named engine cannot be made ready.
    """
    back = Pair(pair.target, pair.source)
    if wanted is not None:
        engine = engines.choose(wanted, back)
        return BackTranslator(engine, recipe, pair, forward, await engine.info())
    found: list[tuple[bool, bool, bool, BackTranslator]] = []
    for name in engines.names:
        kind = engines.settings_of(name).kind
        if kind is EngineKind.IDENTITY:
            continue
        try:
            engine = engines.get(name)
            if not engine.serves(back):
                continue
            known = await engine.info()
        except EngineError:
            continue  # an engine that is down is no choice, as long as there is another
        made = BackTranslator(engine, recipe, pair, forward, known)
        found.append((made.related, name == forward.name, kind is EngineKind.OPENCC, made))
    if not found:
        raise PairNotServed(None, back, [])
    return min(found, key=lambda each: each[:3])[3]
