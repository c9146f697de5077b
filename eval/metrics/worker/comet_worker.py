"""Scores with COMET in an environment of its own: ``PYTHON comet_worker.py``, spoken to by frames.

Options: ``checkpoint``, ``device`` (auto, cpu, cuda), ``precision`` (fp32, bf16, fp16),
``threads``, ``batch_tokens``, ``cache_bytes``. A question holds ``texts``, and ``rows`` of places
in them.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from environment import SETUP, device_of, go_offline, require, sha256_of, versions_of
from wire import Answer, CannotLoad, first_line, serve

_SENTENCE_KINDS = ("RegressionMetric", "ReferencelessRegression")
_KINDS = (*_SENTENCE_KINDS, "UnifiedMetric", "XCOMETMetric")
# A CPU gains nothing from larger batches, which only pad more where texts are few.
BATCH_TOKENS = {"cpu": 512, "cuda": 32768}


def load(options: Mapping[str, Any]) -> tuple[Mapping[str, Any], Answer]:
    """The model's facts and what answers for it.

    Raises:
        CannotLoad: environment, device or checkpoint do not serve.
    """
    go_offline()
    require("comet", "pkg_resources", "transformers")
    _check_environment()
    import torch
    from comet_scoring import SentenceScorer, SequenceScorer

    if options["threads"]:
        torch.set_num_threads(options["threads"])
    device = device_of(options["device"])
    checkpoint = Path(options["checkpoint"])
    model = prepared(_loaded(checkpoint), device, options["precision"])
    batch_tokens = options["batch_tokens"] or BATCH_TOKENS[device]
    scorer = (
        SentenceScorer(model, batch_tokens, options["cache_bytes"])
        if type(model).__name__ in _SENTENCE_KINDS
        else SequenceScorer(model, batch_tokens)
    )

    def answer(question: Mapping[str, Any]) -> Mapping[str, Any]:
        scorer.encoded = scorer.cached = 0
        scores = scorer.score(question["texts"], question["rows"])
        return {"scores": scores, "encoded": scorer.encoded, "cached": scorer.cached}

    return facts(model, scorer, checkpoint, options["precision"]), answer


def _check_environment() -> None:
    """Refuse what would fail late, or worse, weight layers wrongly without a word.

    Without ``pkg_resources`` COMET 2.2.7 reads ``sparsemax_patch`` as sparsemax, and transformers 5
    cannot run its encoder.
    """
    import comet
    import transformers

    if not hasattr(comet, "load_from_checkpoint"):
        raise CannotLoad(f"{comet.__file__} is not COMET", SETUP)
    if int(transformers.__version__.split(".")[0]) >= 5:
        why = f"COMET cannot work with transformers {transformers.__version__}"
        raise CannotLoad(why, SETUP)


def _loaded(checkpoint: Path) -> Any:
    import yaml
    from comet import load_from_checkpoint

    hparams = yaml.safe_load((checkpoint.parents[1] / "hparams.yaml").read_text("utf-8"))
    encoder = Path(str(hparams.get("pretrained_model")))
    try:
        model = load_from_checkpoint(
            str(checkpoint),
            reload_hparams=encoder.is_absolute() and encoder.is_dir(),
            local_files_only=True,
        )
    except Exception as error:  # torch, Lightning and huggingface_hub each raise their own
        raise CannotLoad(
            f"{checkpoint} cannot be loaded: {first_line(error)}",
            f"Besides the checkpoint, configuration and tokenizer of {encoder} must be in the "
            "Hugging Face cache, or hparams.yaml must name a folder with them as pretrained_model.",
        ) from error
    if type(model).__name__ not in _KINDS:
        raise CannotLoad(
            f"{type(model).__name__} models are not supported", f"Use one of: {', '.join(_KINDS)}."
        )
    return model


def prepared(model: Any, device: str, precision: str) -> Any:
    """The model on its device and in its precision, ready to score.

    The head stays in single precision: bfloat16 has no number between 0.800 and 0.804.
    """
    import torch

    dtype = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}[precision]
    model.eval().to(device=device, dtype=dtype)
    model.estimator.float()
    model.estimator.register_forward_pre_hook(lambda _, inputs: tuple(x.float() for x in inputs))
    return model


def facts(model: Any, scorer: Any, checkpoint: Path, precision: str) -> Mapping[str, Any]:
    """What a score must be quoted with."""
    return {
        "class": type(model).__name__,
        "encoder": Path(model.hparams.pretrained_model).name,
        "sha256": sha256_of([checkpoint]),
        "needs_reference": bool(model.requires_references()),
        "takes_reference": 2 in scorer.roles,
        "precision": precision,
        "device": str(model.device),
        "versions": versions_of("unbabel-comet", "torch", "transformers"),
    }


if __name__ == "__main__":
    sys.exit(serve(load))
