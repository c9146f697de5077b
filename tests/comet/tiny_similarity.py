"""Make a tiny multilingual sentence-transformers model: ``PYTHON tiny_similarity.py FOLDER``.

Runs in COMET's environment. Writes the model with random weights to ``FOLDER/model`` and the
cosines of source and hypothesis of ``FOLDER/rows.json`` to ``FOLDER/expected.json``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tiny_comet import make_encoder


def main() -> None:
    import torch
    from sentence_transformers import SentenceTransformer, models, util
    from transformers import XLMRobertaConfig, XLMRobertaModel

    folder = Path(sys.argv[1])
    encoder = folder / "encoder"
    make_encoder(encoder)
    torch.manual_seed(13)
    network = XLMRobertaModel(XLMRobertaConfig.from_pretrained(encoder))
    with torch.no_grad():  # the usual start makes all sentences alike
        network.embeddings.word_embeddings.weight.normal_()
    network.save_pretrained(encoder)
    words = models.Transformer(str(encoder), max_seq_length=256)
    model = SentenceTransformer(
        modules=[words, models.Pooling(words.get_word_embedding_dimension())], device="cpu"
    )
    model.save(str(folder / "model"))
    rows = json.loads((folder / "rows.json").read_text("utf-8"))
    cosines = [
        float(util.cos_sim(*(model.encode(text, convert_to_tensor=True) for text in row[:2])))
        for row in rows
    ]
    (folder / "expected.json").write_text(json.dumps(cosines), "utf-8")


if __name__ == "__main__":
    main()
