"""Engines and metrics by name, and the term store: the only file that names adapters."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from types import ModuleType

from eval.errors import EvalError
from eval.metrics.base import Metric
from glossary.errors import GlossaryError
from glossary.language import Pair
from glossary.store.port import Store
from prompts.errors import PromptError
from service.engines.base import Engine
from service.engines.errors import EngineMisconfigured
from service.errors import PairNotServed, UnknownEngine
from service.scoring.metrics import ScoringMetrics
from service.settings import EngineKind, EngineSettings, MetricKind, MetricSettings, Settings

ENGINES: dict[EngineKind, str] = {
    EngineKind.OPENAI: "service.engines.openai:create",
    EngineKind.TRANSFORMERS: "service.engines.transformers:create",
    EngineKind.OPENCC: "service.engines.opencc:create",
    EngineKind.IDENTITY: "service.engines.identity:create",
    EngineKind.REPLAY: "service.engines.replay:create",
}
"""Kind to ``module:function`` that makes an engine from its name and settings."""

METRICS: dict[MetricKind, str] = {
    MetricKind.CHRF: "eval.metrics.lexical:Chrf",
    MetricKind.BLEU: "eval.metrics.lexical:Bleu",
    MetricKind.COMET: "eval.metrics.comet:CometMetric",
    MetricKind.SIMILARITY: "eval.metrics.similarity:SimilarityMetric",
}
"""Kind to ``module:Class`` of a metric, made from its name and the options of its kind."""


def make_engine(name: str, settings: EngineSettings) -> Engine:
    """Make one engine; its module is imported only now.

    Raises:
        EngineMisconfigured: its settings name something that is not there or cannot be read.
    """
    module, function = ENGINES[settings.kind].split(":")
    create = getattr(importlib.import_module(module), function)
    try:
        engine: Engine = create(name, settings)
    except (EvalError, GlossaryError, PromptError) as error:
        raise EngineMisconfigured(name, str(error)) from error
    return engine


class Engines:
    """The configured engines; each is made when it is first asked for."""

    def __init__(self, settings: Mapping[str, EngineSettings]) -> None:
        self._settings = dict(settings)
        self._made: dict[str, Engine] = {}

    @property
    def names(self) -> list[str]:
        """Sorted."""
        return sorted(self._settings)

    def get(self, name: str) -> Engine:
        """The engine of that name.

        Raises:
            UnknownEngine: with the nearest known names.
            EngineMisconfigured: it cannot be made.
        """
        if name not in self._settings:
            raise UnknownEngine(name, self.names)
        if name not in self._made:
            self._made[name] = make_engine(name, self._settings[name])
        return self._made[name]

    def settings_of(self, name: str) -> EngineSettings:
        """The settings of a known engine."""
        return self._settings[name]

    def choose(self, name: str | None, pair: Pair) -> Engine:
        """The named engine, or else the first that serves the pair.

        OpenCC is everywhere, so another engine that serves the pair was configured on purpose and
        comes first; the control run (``identity``) is never chosen by itself.

        Raises:
            UnknownEngine: no engine of that name.
            PairNotServed: the named engine, or every engine, does not translate this direction.
        """
        if name is not None and self.get(name).serves(pair):
            return self.get(name)
        serving = [other for other in self.names if self._offers(other, pair)]
        if name is not None or not serving:
            raise PairNotServed(name, pair, serving)
        return self.get(min(serving, key=self._is_opencc))

    def _is_opencc(self, name: str) -> bool:
        return self._settings[name].kind is EngineKind.OPENCC

    def _offers(self, name: str, pair: Pair) -> bool:
        """Whether this engine may be chosen unasked; one that cannot be made may not."""
        if self._settings[name].kind is EngineKind.IDENTITY:
            return False
        try:
            return self.get(name).serves(pair)
        except EngineMisconfigured:
            return False

    async def close(self) -> None:
        """Close every engine that was made."""
        for engine in self._made.values():
            await engine.close()
        self._made.clear()


def make_store(settings: Settings) -> Store:
    """The term store; its database is opened by its first call, its packages are imported now.

    Raises:
        BadDatabase: the setting names nothing that can be opened.
        MissingExtra: the database's driver is not installed.
    """
    from service.store.glossaries import SqlStore

    return SqlStore(settings.database)


def make_engines(settings: Settings) -> Engines:
    """All engines of the settings."""
    return Engines(settings.engines)


def make_metric(name: str, settings: MetricSettings) -> Metric:
    """Make one metric; its module is imported only now.

    Raises:
        MetricError: its settings name something that is not there.
    """
    module_name, class_name = METRICS[settings.kind].split(":")
    module = importlib.import_module(module_name)
    metric: Metric = getattr(module, class_name)(name=name, **_metric_options(module, settings))
    return metric


def _metric_options(module: ModuleType, settings: MetricSettings) -> dict[str, object]:
    checkpoint = settings.checkpoint and settings.checkpoint.absolute()
    scorer = (checkpoint, settings.python, settings.device)
    if settings.kind is MetricKind.COMET:
        return {"options": module.CometOptions(*scorer, settings.precision)}
    if settings.kind is MetricKind.SIMILARITY:
        return {"options": module.SimilarityOptions(*scorer)}
    return {}


def make_metrics(settings: Settings) -> ScoringMetrics:
    """All metrics of the settings."""
    return ScoringMetrics(settings.metrics, make_metric)
