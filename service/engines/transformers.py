"""``transformers``: a language model in this process, for a machine without a model server.

One prompt at a time, on the GPU where there is one. Structured output is not available, so the
answer is asked for in sections. For anything but a trial use a vLLM server.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from prompts.profile import load_profile
from service.engines.errors import ContextExceeded, EngineUnavailable, MissingExtra
from service.engines.generator import Completion, Generation, GenerationRequest, ModelInfo
from service.engines.prompted import PromptedEngine
from service.settings import EngineSettings

Result = TypeVar("Result")
_REMEDY = "Name the folder of a model on this machine, or a model of a hub that can be reached."
_SAMPLED = ("temperature", "top_p", "top_k", "min_p", "repetition_penalty")


class TransformersGenerator:
    """A causal language model with its chat template.

    All work is done in one thread of its own: the event loop stays free, and two prompts never
    share the random number generator.
    """

    def __init__(self, name: str, settings: EngineSettings) -> None:
        self._name, self._settings = name, settings
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"engine-{name}")
        self._loaded: tuple[Any, Any] | None = None

    async def describe(self, *, probe_structured: bool) -> ModelInfo:
        """Load the model on the first call.

        Raises:
            MissingExtra: torch or transformers is not installed.
            EngineUnavailable: the model cannot be found or loaded.
        """
        return await self._run(self._describe)

    async def check(self) -> None:
        """A model that was loaded stays."""

    async def generate(self, request: GenerationRequest) -> Generation:
        """Complete one prompt.

        Raises:
            ContextExceeded: prompt and answer do not fit.
        """
        return await self._run(self._generate, request)

    async def _run(self, function: Callable[..., Result], *args: Any) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *args)

    def _load(self) -> tuple[Any, Any]:
        if self._loaded is None:
            try:
                import torch
                from transformers import AutoModelForCausalLM, AutoTokenizer
            except ImportError as error:
                raise MissingExtra(f"Engine {self._name}", "transformers") from error
            model, revision = self._settings.model or "", self._settings.revision
            try:
                tokenizer = AutoTokenizer.from_pretrained(model, revision=revision)
                network = AutoModelForCausalLM.from_pretrained(
                    model, revision=revision, dtype="auto"
                )
            except (OSError, ValueError) as error:
                why = f"cannot load {model}: {str(error).splitlines()[0]}"
                raise EngineUnavailable(self._name, why, _REMEDY) from error
            device = "cuda" if torch.cuda.is_available() else "cpu"
            self._loaded = (tokenizer, network.to(device).eval())
        return self._loaded

    def _describe(self) -> ModelInfo:
        _, network = self._load()
        config = network.config
        return ModelInfo(
            model=self._settings.model or "",
            revision=getattr(config, "_commit_hash", None) or self._settings.revision,
            context_tokens=getattr(config, "max_position_embeddings", None),
            structured=False,
        )

    def _generate(self, request: GenerationRequest) -> Generation:
        import torch

        tokenizer, network = self._load()
        inputs = self._encoded(request, tokenizer).to(network.device)
        length = inputs["input_ids"].shape[1]
        limit = getattr(network.config, "max_position_embeddings", None)
        if limit and length + request.max_tokens > limit:
            message = f"{length} + {request.max_tokens} tokens, context {limit}"
            raise ContextExceeded(self._name, message)
        if request.seed is not None:
            torch.manual_seed(request.seed)
        with torch.inference_mode():
            output = network.generate(
                **inputs,
                **_sampling(request),
                max_new_tokens=request.max_tokens,
                num_return_sequences=request.n,
                pad_token_id=tokenizer.pad_token_id or tokenizer.eos_token_id,
            )
        answers = output[:, length:]
        ends = _end_tokens(network, tokenizer)
        completions = tuple(
            Completion(
                text=_until(tokenizer.decode(answer, skip_special_tokens=True), request),
                truncated=not any(int(token) in ends for token in answer),
            )
            for answer in answers
        )
        return Generation(completions, length, int(answers.numel()))

    def _encoded(self, request: GenerationRequest, tokenizer: Any) -> Any:
        prompt = request.prompt
        if prompt.endpoint == "completions":
            return tokenizer(prompt.prompt, return_tensors="pt")
        messages = [{"role": turn.role, "content": turn.content} for turn in prompt.messages]
        return tokenizer.apply_chat_template(
            messages,
            add_generation_prompt=True,
            return_dict=True,
            return_tensors="pt",
            **prompt.extra.get("chat_template_kwargs", {}),
        )

    async def close(self) -> None:
        """End the thread and let the model go."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        self._loaded = None


def _sampling(request: GenerationRequest) -> dict[str, Any]:
    chosen = {name: request.sampling[name] for name in _SAMPLED if name in request.sampling}
    if request.n == 1 and not chosen.get("temperature"):
        return {"do_sample": False}
    chosen["temperature"] = chosen.get("temperature") or 1.0
    if chosen.get("top_k") == -1:  # vLLM's way to say "all"
        chosen["top_k"] = 0
    return {"do_sample": True, **chosen}


def _end_tokens(network: Any, tokenizer: Any) -> set[int]:
    configured = network.generation_config.eos_token_id
    ends = configured if isinstance(configured, list) else [configured]
    return {token for token in [*ends, tokenizer.eos_token_id] if token is not None}


def _until(text: str, request: GenerationRequest) -> str:
    """The text up to the first stop string."""
    cuts = [text.find(stop) for stop in request.prompt.stop if stop in text]
    return text[: min(cuts)] if cuts else text


def create(name: str, settings: EngineSettings) -> PromptedEngine:
    """Make the engine from its settings."""
    profile = load_profile(settings.profile) if settings.profile else None
    one_at_a_time = settings.model_copy(update={"max_concurrency": 1})
    return PromptedEngine(name, one_at_a_time, TransformersGenerator(name, settings), profile)
