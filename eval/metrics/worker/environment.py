"""The environment a worker runs in: what it must offer, and what a score is quoted with."""

from __future__ import annotations

import hashlib
import importlib
import os
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

from wire import CannotLoad

SETUP = "`make setup-comet` makes the environment anew."


def go_offline() -> None:
    """Nothing is downloaded: a model comes with all its files, or is refused."""
    os.environ |= dict.fromkeys(("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"), "1")
    os.environ["TOKENIZERS_PARALLELISM"] = "false"


def require(*modules: str) -> None:
    """Import the modules.

    Raises:
        CannotLoad: one of them is not there.
    """
    for module in modules:
        try:
            importlib.import_module(module)
        except ImportError as error:
            raise CannotLoad(f"{sys.executable} cannot import {module}: {error}", SETUP) from error


def device_of(wanted: str) -> str:
    """``cpu`` or ``cuda``.

    Raises:
        CannotLoad: CUDA is wanted and not there.
    """
    import torch

    available = torch.cuda.is_available()
    if wanted == "cuda" and not available:
        raise CannotLoad("torch sees no CUDA device", "Set the device to auto or cpu.")
    return "cuda" if available and wanted != "cpu" else "cpu"


def versions_of(*packages: str) -> Mapping[str, str]:
    """Installed versions, without a build's label."""
    return {package: version(package).partition("+")[0] for package in packages}


def sha256_of(files: Iterable[Path]) -> str:
    """Of the files' contents, one after the other."""
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            while block := file.read(2**20):
                digest.update(block)
    return digest.hexdigest()
