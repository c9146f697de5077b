"""All settings; the only place that reads the environment."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from service.errors import BadSettings


class EngineKind(StrEnum):
    """What produces the text."""

    OPENAI = "openai"
    TRANSFORMERS = "transformers"
    OPENCC = "opencc"
    IDENTITY = "identity"
    REPLAY = "replay"


class MetricKind(StrEnum):
    """How a number is found for a translation."""

    CHRF = "chrf"
    BLEU = "bleu"
    COMET = "comet"
    SIMILARITY = "similarity"


class LogLevel(StrEnum):
    """How much is logged."""

    CRITICAL = "critical"
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    DEBUG = "debug"


class EngineSettings(BaseModel):
    """One engine that requests may choose by its name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: EngineKind = Field(description="openai, transformers, opencc, identity or replay.")
    base_url: str | None = Field(
        None, description="openai: address of the server, with or without /v1."
    )
    model: str | None = Field(
        None,
        description="openai: name at the server (default: the only one it serves); "
        "transformers: folder or hub name.",
    )
    revision: str | None = Field(None, description="transformers: revision at the hub.")
    api_key: SecretStr | None = Field(None, description="openai: sent as a bearer token.")
    profile: str | None = Field(
        None, description="How the model wants to be prompted; default: found by the model's name."
    )
    max_concurrency: int = Field(64, ge=1, le=4096, description="Requests at one time.")
    timeout_s: float = Field(300, gt=0, description="For one whole answer.")
    idle_timeout_s: float = Field(60, gt=0, description="Between two pieces of a streamed answer.")
    attempts: int = Field(5, ge=1, le=20, description="Tries of one request before it fails.")
    retry_wait_s: float = Field(0.5, gt=0, description="First wait between tries; it doubles.")
    retry_after_max_s: float = Field(120, gt=0, description="Longest Retry-After that is waited.")
    breaker_failures: int = Field(8, ge=1, description="Failures in a row that open the circuit.")
    breaker_reset_s: float = Field(15, gt=0, description="How long an open circuit stays open.")
    stream: bool = Field(False, description="Ask the server to stream its answers.")
    max_answer_tokens: int = Field(8192, ge=16, description="Upper bound of any answer.")
    temperature: float | None = Field(None, ge=0, le=2, description="Instead of the profile's.")
    wording: bool = Field(
        False, description="opencc: also replace mainland by Taiwan wording (see docs/engines.md)."
    )
    recordings: Path | None = Field(None, description="replay: JSON Lines of recorded outputs.")

    @field_validator("api_key", mode="before")
    @classmethod
    def _without_line_end(cls, value: Any) -> Any:
        """A key that was read from a file often has a line end, which no header may have."""
        return value.strip() if isinstance(value, str) else value

    @model_validator(mode="after")
    def _complete(self) -> EngineSettings:
        needs = {
            EngineKind.OPENAI: "base_url",
            EngineKind.TRANSFORMERS: "model",
            EngineKind.REPLAY: "recordings",
        }
        name = needs.get(self.kind)
        if name and getattr(self, name) is None:
            raise ValueError(f"an engine of kind {self.kind} needs `{name}`")
        return self


class MetricSettings(BaseModel):
    """One metric that requests may choose by its name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: MetricKind = Field(description="chrf, bleu, comet or similarity.")
    checkpoint: Path | None = Field(
        None, description="comet, similarity: folder of the model on this machine."
    )
    python: Path = Field(
        Path(".venvs/comet/bin/python"),
        description="comet, similarity: interpreter of the environment that has the model's "
        "packages; `make setup-comet` makes this one.",
    )
    device: Literal["auto", "cpu", "cuda"] = Field(
        "auto", description="comet, similarity: auto, cpu or cuda."
    )
    precision: Literal["fp32", "bf16", "fp16"] = Field(
        "fp32", description="comet: fp32, bf16 or fp16."
    )
    licence: str = Field("", description="Of the model, where it does not say one itself.")

    @model_validator(mode="after")
    def _complete(self) -> MetricSettings:
        if self.kind in (MetricKind.COMET, MetricKind.SIMILARITY) and self.checkpoint is None:
            raise ValueError(f"a metric of kind {self.kind} needs `checkpoint`")
        return self


_EMBEDDED = {
    "opencc": EngineSettings(kind=EngineKind.OPENCC),
    "opencc-words": EngineSettings(kind=EngineKind.OPENCC, wording=True),
    "identity": EngineSettings(kind=EngineKind.IDENTITY),
}
_EMBEDDED_METRICS = {
    "chrf": MetricSettings(kind=MetricKind.CHRF),
    "bleu": MetricSettings(kind=MetricKind.BLEU),
}


class Settings(BaseSettings):
    """Settings of the service, from the environment (``ISOGLOSS_...``).

    An engine is added with ``ISOGLOSS_ENGINES__QWEN__KIND=openai`` and
    ``ISOGLOSS_ENGINES__QWEN__BASE_URL=http://127.0.0.1:8000``; its name is then ``qwen``. A metric
    is added in the same way with ``ISOGLOSS_METRICS__...``.
    """

    model_config = SettingsConfigDict(
        env_prefix="ISOGLOSS_", env_nested_delimiter="__", extra="ignore"
    )

    engines: dict[str, EngineSettings] = Field(
        default_factory=dict, description="Engines by name, beside the embedded ones."
    )
    metrics: dict[str, MetricSettings] = Field(
        default_factory=dict, description="Metrics by name, beside the embedded ones."
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8420, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    database: str = Field(
        "sqlite:///data/isogloss.db",
        repr=False,  # it may hold a password
        description="Where glossaries are kept: sqlite:///PATH (four slashes for an absolute one; "
        "the folder is made) or postgresql://USER:PASSWORD@HOST/NAME.",
    )
    max_body_bytes: int = Field(64 * 1024 * 1024, ge=1024, description="Of one request.")
    max_items: int = Field(20_000, ge=1, description="Items in one request.")
    max_texts: int = Field(1_000, ge=1, description="Texts in one request.")
    max_item_characters: int = Field(40_000, ge=1, description="To translate in one item.")
    max_candidates: int = Field(16, ge=1, description="Candidates per item.")
    pages: bool = Field(
        True, description="Serve the linguists' pages under /ui (needs the extra `ui`)."
    )
    runs: Path = Field(
        Path("runs"), description="Folder in which the pages look for runs that used terms."
    )
    shutdown_s: int = Field(
        8, ge=1, description="How long requests in work may go on when the service is told to stop."
    )
    word_lists: Path | None = Field(
        None, description="Folder with word lists of your own for the checks (docs/word-lists.md)."
    )
    log_level: LogLevel = Field(
        LogLevel.INFO, description="critical, error, warning, info or debug."
    )

    def model_post_init(self, context: Any, /) -> None:
        """What is embedded is always there unless another takes its name."""
        for name, engine in _EMBEDDED.items():
            self.engines.setdefault(name, engine)
        for name, metric in _EMBEDDED_METRICS.items():
            self.metrics.setdefault(name, metric)


def load_settings() -> Settings:
    """The settings of the environment.

    Raises:
        BadSettings: with the variables that cannot be used and why; values are not repeated.
    """
    try:
        return Settings()
    except ValidationError as error:
        faults = [
            f"{_variable(fault['loc'])}: {str(fault['msg']).removeprefix('Value error, ')}"
            for fault in error.errors(include_input=False)
        ]
        raise BadSettings(faults) from error
    except SettingsError as error:
        raise BadSettings([str(error)]) from error


def _variable(location: tuple[int | str, ...]) -> str:
    return "__".join(["ISOGLOSS_" + str(location[0]), *map(str, location[1:])]).upper()
