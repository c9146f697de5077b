"""Start a real vLLM on this machine's CPU, for a test, and end it with all its children.

Only the standard library, so importing this needs neither vLLM nor torch: the server runs with
the Python of an environment of its own (`tests/live/setup_vllm.sh` makes it).
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SETUP_COMMAND = "tests/live/setup_vllm.sh"
MODEL_NAME = "tiny"
MAX_MODEL_LEN = 8192  # tokens; the tiny tokenizer needs one for every two Latin letters
STAMP = "isogloss-vllm.stamp"  # written last by setup_vllm.sh
LOG_TAIL_LINES = 40
# Where xgrammar may put whitespace, a small model fills the answer with it up to max_tokens.
STRUCTURED_OUTPUTS = {"backend": "xgrammar", "disable_any_whitespace": True}
# When the test run itself is killed no clean-up code runs; then the kernel ends the server:
# prctl(PR_SET_PDEATHSIG, SIGTERM). In a process of its own instead of `preexec_fn`, which is not
# safe, and warned about, in a test run that has threads.
LAUNCHER = """
import ctypes, os, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, 15)
os.execv(sys.argv[1], sys.argv[1:])
"""

# A proxy set in the environment must not get between a test and 127.0.0.1.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class VllmDidNotStart(RuntimeError):
    """The server ended or stayed silent while starting; the message shows the end of its log."""


class VllmEnded(RuntimeError):
    """The server ended although nobody asked it to; the message shows the end of its log."""


@dataclass(frozen=True, slots=True)
class VllmServer:
    """A running server.

    Attributes:
        url: address without a path, for example `http://127.0.0.1:40123`.
        log: file with all that the server has printed.
        process_group: id of the group in which the server and its children run.
        start_seconds: time from the start of the process to the first good `/health`.
    """

    url: str
    log: Path
    process_group: int
    start_seconds: float

    def check_alive(self) -> None:
        """Raise `VllmEnded` unless the server answers."""
        with suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            _direct.open(f"{self.url}/health", timeout=30).close()
            return
        raise VllmEnded(f"vLLM at {self.url} is gone. {_tail(self.log)}")


def vllm_python() -> Path | None:
    """Return the Python of the vLLM environment, or None when the environment is not there."""
    venv = Path(os.environ.get("ISOGLOSS_VLLM_VENV") or ROOT / ".venvs" / "vllm")
    python = venv.absolute() / "bin" / "python"  # the server runs in another folder
    return python if (venv / STAMP).is_file() and python.exists() else None


@contextmanager
def running_vllm(
    python: Path,
    model: Path,
    log: Path,
    *,
    max_model_len: int = MAX_MODEL_LEN,
    extra_args: tuple[str, ...] = (),
    timeout_s: float = 300.0,
) -> Iterator[VllmServer]:
    """Serve `model` as `tiny` on a free port of 127.0.0.1 for as long as the block runs.

    Args:
        python: Python of the environment that has vLLM, see `vllm_python`.
        model: folder with a model and its tokenizer.
        log: file for the server's output; overwritten.
        max_model_len: tokens of prompt and answer together.
        extra_args: more command-line arguments of the server.
        timeout_s: how long the start may take.

    Raises:
        VllmDidNotStart: the process ended, or `/health` did not answer within `timeout_s`.
    """
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    command = _command(python, model, port, max_model_len)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="vllm-") as scratch, log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", LAUNCHER, *command, *extra_args],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=scratch,  # away from the repository: its packages must not shadow vLLM's
            env=_server_environment(scratch),
            start_new_session=True,  # a process group of its own, which can be ended as one
        )
        try:
            _wait_until_healthy(process, url, log, timeout_s)
            yield VllmServer(url, log, process.pid, time.monotonic() - began)
        finally:
            _end_group(process)


def _command(python: Path, model: Path, port: int, max_model_len: int) -> list[str]:
    # The module, not the `vllm` command: the command asks for the metadata of a package named
    # `vllm`, and the CPU build has another name.
    command = [str(python), "-m", "vllm.entrypoints.openai.api_server"]
    command += ["--model", str(model.absolute()), "--served-model-name", MODEL_NAME]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    command += ["--max-model-len", str(max_model_len), "--dtype", "bfloat16"]
    command += ["--structured-outputs-config", json.dumps(STRUCTURED_OUTPUTS)]
    # A prompt in one step, never in parts: between the parts vLLM turns the generator of a request
    # with a seed back, which torch cannot do on a CPU, and the whole server ends (vLLM 0.32).
    command += ["--no-enable-chunked-prefill", "--max-num-batched-tokens", str(max_model_len)]
    # Not compiled: the start takes half the time and needs no C++ compiler.
    return [*command, "--enforce-eager"]


def _server_environment(scratch: str) -> dict[str, str]:
    # The parent's Python settings would lead the server to the wrong packages.
    foreign = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    return kept | {
        "HF_HUB_OFFLINE": "1",
        "VLLM_CPU_KVCACHE_SPACE": "1",  # GiB
        "VLLM_NO_USAGE_STATS": "1",
        "VLLM_HOST_IP": "127.0.0.1",  # else it looks for an address that others can reach
        "TMPDIR": scratch,  # it leaves sockets and files behind
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_healthy(
    process: subprocess.Popen[bytes], url: str, log: Path, timeout_s: float
) -> None:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise VllmDidNotStart(f"vLLM ended with status {process.returncode}. {_tail(log)}")
        with (
            suppress(urllib.error.URLError, ConnectionError, TimeoutError),
            _direct.open(f"{url}/health", timeout=2),
        ):
            return
        time.sleep(0.2)
    raise VllmDidNotStart(f"vLLM did not answer {url}/health in {timeout_s:.0f} s. {_tail(log)}")


def _tail(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    shown = "\n".join(lines[-LOG_TAIL_LINES:])
    return f"Last lines of {log}:\n{shown}"


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End the server and every child: politely, and after a while by force."""
    for sign, patience_s in ((signal.SIGTERM, 20.0), (signal.SIGKILL, 10.0)):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            process.poll()  # collects the server, so that its group can become empty
            if not group_alive(process.pid):
                return
            time.sleep(0.1)
    raise RuntimeError(f"process group {process.pid} of vLLM is still there after SIGKILL")


def group_alive(process_group: int) -> bool:
    """Return whether any process of the group is left."""
    try:
        os.killpg(process_group, 0)
    except ProcessLookupError:
        return False
    return True
