# Sourced, not run: makes a Python environment of its own, once. For bash with `set -euo pipefail`.
#
#   environment NAME RECIPE   begins .venvs/NAME, or ends the script where it is there already.
#                             ISOGLOSS_NAME_VENV=DIR puts it elsewhere, ISOGLOSS_NAME_BASE_PYTHON is
#                             the Python that makes it (default: python3)
#   step TITLE COMMAND...     one step: says how long it took, or that it failed
#   pip_install ARGUMENT...   installs into it
#   finish PATTERN            writes the stamp, with the versions of the packages that match
#
# A script may define `check_python`, called with the version, 3.11 or so, before anything is made.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

say() { printf 'setup_%s: %s\n' "$name" "$*"; }
die() { printf 'setup_%s: FAILED: %s\n' "$name" "$*" >&2; exit 1; }

# The stamp is written last, so it is there only when every step before it has worked.
ready() {
    [ -f "$stamp" ] && [ "$(head -n 1 "$stamp")" = "$recipe" ] && "$venv/bin/python" -c '' 2>/dev/null
}

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

check_python() { :; }

environment() {
    name="$1" recipe="$2"
    local place="ISOGLOSS_${name^^}_VENV" maker="ISOGLOSS_${name^^}_BASE_PYTHON" python_version
    venv="${!place:-$root/.venvs/$name}"
    base_python="${!maker:-python3}"
    stamp="$venv/isogloss-$name.stamp"

    if ready; then
        say "$venv is ready ($recipe)"
        exit 0
    fi
    command -v "$base_python" >/dev/null || die "no '$base_python' found; set $maker"
    python_version="$("$base_python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
    check_python "$python_version"
    # 'venv --clear' below empties the directory: never do that to one that is not an environment.
    if [ -d "$venv" ] && [ -n "$(ls -A "$venv")" ] && [ ! -f "$venv/pyvenv.cfg" ]; then
        die "$venv exists and is not a Python environment; choose another $place"
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
    [ -n "${!place:-}" ] || echo '*' >"$root/.venvs/.gitignore"

    say "making $venv with Python $python_version"
    step "new environment" "$base_python" -m venv --clear "$venv"
}

finish() {
    {
        echo "$recipe"
        "$venv/bin/python" --version
        "$venv/bin/python" -m pip list --disable-pip-version-check --format=freeze | grep -Ei "$1"
    } >"$stamp.new"
    mv "$stamp.new" "$stamp"
    say "ready after $SECONDS s: $(du -sh "$venv" | cut -f1) in $venv"
    sed 's/^/  /' "$stamp"
}
