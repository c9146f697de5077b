"""Make a real COMET checkpoint with random weights, in seconds and without a download.

Runs in COMET's environment: ``PYTHON tiny_comet.py FOLDER --kind regression --size tiny``. The
unmodified library loads it; its scores are noise, but tokens, batches and order are real. One token
is one character of Latin, Greek, Chinese, Japanese or Korean script.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

os.environ |= dict.fromkeys(("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"), "1")
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import torch
import yaml
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import XLMRobertaConfig, XLMRobertaTokenizerFast

KINDS = ("regression", "referenceless", "unified", "xcomet")
# hidden size, layers, heads, inner size, vocabulary (0: as many as there are characters)
SIZES = {
    "tiny": (32, 2, 2, 64, 0),
    "base": (768, 12, 12, 3072, 250002),
    "large": (1024, 24, 16, 4096, 250002),
}
_RANGES = (
    *((0x21, 0x180), (0x370, 0x400), (0x2010, 0x2030), (0x2070, 0x22FF), (0x3000, 0x3100)),
    *((0x3130, 0x3190), (0x4E00, 0xA000), (0xAC00, 0xD7A4), (0xFF01, 0xFF61)),
)
_SPACE = "▁"


def make(folder: Path, kind: str, size: str = "tiny") -> Path:
    """Write a checkpoint with all that loads it; returns the ``.ckpt`` file."""
    import comet
    import pytorch_lightning as lightning

    folder = folder.absolute()
    make_encoder(folder / "encoder", size)
    identifier, hparams = _hparams(kind, folder / "encoder", size)
    torch.manual_seed(13)
    model = comet.models.str2model[identifier](load_pretrained_weights=False, **hparams)
    _spread(model)
    trainer = lightning.Trainer(
        accelerator="cpu",
        devices=1,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    trainer.strategy.connect(model)
    checkpoint = folder / "checkpoints" / "model.ckpt"
    checkpoint.parent.mkdir()
    trainer.save_checkpoint(checkpoint, weights_only=True)
    text = yaml.safe_dump({"class_identifier": identifier, **hparams})
    (folder / "hparams.yaml").write_text(text, "utf-8")
    return checkpoint


def make_encoder(folder: Path, size: str = "tiny") -> None:
    """Write configuration and tokenizer of an XLM-RoBERTa."""
    folder.mkdir(parents=True)
    tokenizer = _tokenizer()
    tokenizer.save_pretrained(folder)
    hidden, layers, heads, inner, vocabulary = SIZES[size]
    XLMRobertaConfig(
        vocab_size=vocabulary or len(tokenizer),
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=inner,
        max_position_embeddings=514,
        type_vocab_size=1,
        layer_norm_eps=1e-5,
        architectures=["XLMRobertaModel"],
        **{"bos_token_id": 0, "pad_token_id": 1, "eos_token_id": 2},
    ).save_pretrained(folder)


def _tokenizer() -> XLMRobertaTokenizerFast:
    characters = [chr(code) for start, end in _RANGES for code in range(start, end)]
    pieces = [(character, -6.0) for character in characters if not character.isspace()]
    special = [(token, 0.0) for token in ("<s>", "<pad>", "</s>", "<unk>")]
    vocabulary = [*special, (_SPACE, -3.0), *pieces, ("<mask>", 0.0)]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=3, byte_fallback=False))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(_SPACE, "always")]
    )
    tokenizer.decoder = decoders.Metaspace(_SPACE, "always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", 0), ("</s>", 2)],
    )
    names = {"bos": "<s>", "eos": "</s>", "sep": "</s>", "cls": "<s>", "unk": "<unk>"}
    names |= {"pad": "<pad>", "mask": "<mask>"}
    return XLMRobertaTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=512,
        **{f"{name}_token": token for name, token in names.items()},
    )


def _hparams(kind: str, encoder: Path, size: str) -> tuple[str, dict[str, Any]]:
    hidden, layers, *_ = SIZES[size]
    # The head of the released models: 6 x hidden -> 3072 -> 1024 -> 1.
    head = [2 * hidden, hidden] if size == "tiny" else [3072, 1024]
    common = {
        "nr_frozen_epochs": 0.3,
        "keep_embeddings_frozen": True,
        "encoder_model": "XLM-RoBERTa",
        "pretrained_model": str(encoder),
        "layer_transformation": "sparsemax",
        "layer_norm": False,
        "dropout": 0.1,
        "train_data": [],
        "validation_data": [],
        "hidden_sizes": head,
        "activations": "Tanh",
        "final_activation": None,
        "local_files_only": True,
    }
    sentence = {"pool": "avg", "layer": "mix"}
    joint = {"sent_layer": "mix", "word_layer": layers}
    words = {"word_level_training": True, "error_labels": ["minor", "major", "critical"]}
    segments = {"input_segments": ["mt", "src"], "word_level_training": False}
    return {
        "regression": ("regression_metric", common | sentence),
        "referenceless": ("referenceless_regression_metric", common | sentence),
        "unified": ("unified_metric", common | joint | segments),
        "xcomet": ("xcomet_metric", common | joint | words),
    }[kind]


def _spread(model: Any) -> None:
    """Weights under which scores differ, and softmax and sparsemax over layers too."""
    with torch.no_grad():
        for parameter in model.estimator.parameters():
            if parameter.dim() > 1:
                torch.nn.init.normal_(parameter, std=parameter.shape[1] ** -0.5)
        for parameter in model.layerwise_attention.scalar_parameters:
            parameter.normal_()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kind", choices=KINDS, default="regression")
    parser.add_argument("--size", choices=SIZES, default="tiny")
    given = parser.parse_args()
    print(make(given.folder, given.kind, given.size))


if __name__ == "__main__":
    main()
