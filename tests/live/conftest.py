"""Fixtures of the live tests: a tiny model made on the spot and a real vLLM that serves it.

Everything under this folder carries the marker `live`. Where the environment for vLLM is missing
the tests are skipped with the command that makes it; ISOGLOSS_REQUIRE_LIVE=1 turns that into a
failure, so that a run which promises live tests cannot pass without them.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from tests.live.vllm_server import SETUP_COMMAND, VllmServer, running_vllm, vllm_python

HERE = Path(__file__).resolve().parent
# Busy with 4 requests at a time; answers 503 when 16 are running or waiting.
ENDLESS_ARGS = ("--max-num-seqs", "4", "--max-num-queued-reqs", "16")
MODEL_PARTS = ("torch", "transformers", "tokenizers")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.live)


@pytest.fixture(scope="session")
def tiny_model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with a tiny Qwen2 whose answers are short noise that ends by itself."""
    return make_tiny_model(tmp_path_factory.mktemp("tiny-qwen2"))


@pytest.fixture(scope="session")
def endless_model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with a tiny Qwen2 whose answers come slowly and always run into max_tokens."""
    return make_tiny_model(tmp_path_factory.mktemp("endless-qwen2"), "--endless")


@pytest.fixture(scope="session")
def vllm_server(
    tiny_model_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[VllmServer]:
    """Real vLLM that serves `tiny_model_dir`."""
    yield from serve(tiny_model_dir, tmp_path_factory.mktemp("vllm"))


@pytest.fixture
def vllm_url(vllm_server: VllmServer) -> str:
    """Address of `vllm_server` without a path; it is seen to live before each test."""
    vllm_server.check_alive()
    return vllm_server.url


@pytest.fixture(scope="session")
def endless_vllm_url(
    endless_model_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Address of a second vLLM, for limits and cancellation: slow, few at a time, soon full."""
    folder = tmp_path_factory.mktemp("endless-vllm")
    for server in serve(endless_model_dir, folder, ENDLESS_ARGS):
        yield server.url


def serve(model: Path, folder: Path, extra_args: tuple[str, ...] = ()) -> Iterator[VllmServer]:
    python = vllm_python()
    if python is None:
        missing(f"no environment for vLLM: run {SETUP_COMMAND} (about two minutes, 4 GB)")
    with running_vllm(python, model, folder / "vllm.log", extra_args=extra_args) as server:
        yield server


def make_tiny_model(directory: Path, *options: str) -> Path:
    # This environment first: a model must be made by the transformers that will load it in this
    # process, and vLLM's newer one reads what an older one wrote.
    here = all(importlib.util.find_spec(name) for name in MODEL_PARTS)
    python = Path(sys.executable) if here else vllm_python()
    if python is None:
        missing(
            f"nothing here can make the tiny model: run {SETUP_COMMAND}, "
            "or install the extra 'transformers'"
        )
    command = [str(python), str(HERE / "tiny_qwen2.py"), *options, str(directory)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"{' '.join(command)} ended with status {done.returncode}:\n{done.stderr}")
    return directory


def missing(reason: str) -> NoReturn:
    if os.environ.get("ISOGLOSS_REQUIRE_LIVE") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
