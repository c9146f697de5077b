#!/usr/bin/env bash
# Makes the Python environment in which COMET and sentence-transformers score, beside the service.
#
#   tests/comet/setup_comet.sh              makes .venvs/comet; returns at once when it is there
#   ISOGLOSS_COMET_VENV=DIR ...             puts it elsewhere (about 1.3 GB)
#   ISOGLOSS_COMET_BASE_PYTHON=python3.12   makes it with another Python, 3.11 or 3.12
#   ISOGLOSS_COMET_TORCH=torch              takes the newest torch, with CUDA where pip finds one
#
# It is an environment of its own because COMET pins numpy, protobuf, transformers and others to
# versions of years ago.
set -euo pipefail

TORCH="${ISOGLOSS_COMET_TORCH:-torch==2.13.0}"
# Newer setuptools have no pkg_resources: COMET then fails to import, or weights layers wrongly.
REST="unbabel-comet==2.2.7 setuptools<82 transformers<5 sentence-transformers<6"

. "$(dirname "${BASH_SOURCE[0]}")/../own_environment.sh"

check_python() {
    case "$1" in
        3.11 | 3.12) ;;
        *) die "COMET installs on Python 3.11 and 3.12, not $1; set ISOGLOSS_COMET_BASE_PYTHON" ;;
    esac
}

environment comet "recipe 1: $TORCH $REST"

# torch alone and first: resolved together with COMET, pip takes a newer CUDA build of several GB.
step "$TORCH" pip_install "$TORCH"
# shellcheck disable=SC2086  # a list of words
step "COMET and sentence-transformers" pip_install $REST

# Shows at set-up, not in the middle of a test, whether the parts fit together.
step "import check" env HF_HUB_OFFLINE=1 "$venv/bin/python" -W ignore -c \
    'import pkg_resources, torch, comet, sentence_transformers'

finish '^(torch|unbabel-comet|transformers|tokenizers|sentence-transformers|numpy|setuptools)=='
