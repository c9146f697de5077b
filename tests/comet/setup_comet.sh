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

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
venv="${ISOGLOSS_COMET_VENV:-$root/.venvs/comet}"
base_python="${ISOGLOSS_COMET_BASE_PYTHON:-python3}"
stamp="$venv/isogloss-comet.stamp"
recipe="recipe 1: $TORCH $REST"

say() { printf 'setup_comet: %s\n' "$*"; }
die() { printf 'setup_comet: FAILED: %s\n' "$*" >&2; exit 1; }

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

command -v "$base_python" >/dev/null || die "no '$base_python' found; set ISOGLOSS_COMET_BASE_PYTHON"
python_version="$("$base_python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
case "$python_version" in
    3.11 | 3.12) ;;
    *) die "COMET installs on Python 3.11 and 3.12, not $python_version; set ISOGLOSS_COMET_BASE_PYTHON" ;;
esac
# 'venv --clear' below empties the directory: never do that to one that is not an environment.
if [ -d "$venv" ] && [ -n "$(ls -A "$venv")" ] && [ ! -f "$venv/pyvenv.cfg" ]; then
    die "$venv exists and is not a Python environment; choose another ISOGLOSS_COMET_VENV"
fi

# Two runs started together must not build the same directory at the same time.
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
[ -n "${ISOGLOSS_COMET_VENV:-}" ] || echo '*' >"$root/.venvs/.gitignore"

say "making $venv with Python $python_version"
step "new environment" "$base_python" -m venv --clear "$venv"

# torch alone and first: resolved together with COMET, pip takes a newer CUDA build of several GB.
step "$TORCH" pip_install "$TORCH"
# shellcheck disable=SC2086  # a list of words
step "COMET and sentence-transformers" pip_install $REST

# Shows at set-up, not in the middle of a test, whether the parts fit together.
step "import check" env HF_HUB_OFFLINE=1 "$venv/bin/python" -W ignore -c \
    'import pkg_resources, torch, comet, sentence_transformers'

{
    echo "$recipe"
    "$venv/bin/python" --version
    "$venv/bin/python" -m pip list --disable-pip-version-check --format=freeze |
        grep -Ei '^(torch|unbabel-comet|transformers|tokenizers|sentence-transformers|numpy|setuptools)=='
} >"$stamp.new"
mv "$stamp.new" "$stamp"
say "ready after $SECONDS s: $(du -sh "$venv" | cut -f1) in $venv"
sed 's/^/  /' "$stamp"
