#!/usr/bin/env bash
# Chromium and PostgreSQL from Debian packages, and the Translate Toolkit, for the tests that use the
# real ones. Without them those tests are skipped and say so.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
command -v chromium >/dev/null || missing+=(chromium)
compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || missing+=(postgresql)
if ((${#missing[@]})); then
  if command -v apt-get >/dev/null && [[ $(id -u) == 0 ]]; then
    { apt-get update -qq &&
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } ||
      echo "Could not install: ${missing[*]}; their tests are skipped."
  else
    echo "Not installed: ${missing[*]} (needs Debian's apt-get and root); their tests are skipped."
  fi
fi

# Under the GPL: a tool that tests run, never a dependency.
"${VENV:-.venv}/bin/python" -m pip install -q --disable-pip-version-check "translate-toolkit>=3.20" ||
  echo "Could not install the Translate Toolkit; its test is skipped."
