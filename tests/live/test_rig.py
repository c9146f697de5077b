"""The test rig itself: a real server comes up, answers, and is gone afterwards."""

import http.client
import json
import time
import urllib.request
from pathlib import Path

import pytest

from tests.live.vllm_server import (
    MAX_MODEL_LEN,
    MODEL_NAME,
    VllmDidNotStart,
    VllmServer,
    group_alive,
    running_vllm,
    vllm_python,
)


def ask(url: str, body: dict[str, object] | None = None) -> dict[str, object]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        content: dict[str, object] = json.load(answer)
        return content


def test_the_server_serves_the_tiny_model(vllm_url: str) -> None:
    models = ask(f"{vllm_url}/v1/models")["data"]
    assert isinstance(models, list)
    assert [(model["id"], model["max_model_len"]) for model in models] == [
        (MODEL_NAME, MAX_MODEL_LEN)
    ]


def test_an_answer_is_clean_text_that_ends_by_itself(vllm_url: str) -> None:
    body = {
        "model": MODEL_NAME,
        "messages": [{"role": "user", "content": "What is 12 plus 30?"}],
        "max_tokens": 400,
        "temperature": 0,
    }
    choices = ask(f"{vllm_url}/v1/chat/completions", body)["choices"]
    assert isinstance(choices, list)
    assert choices[0]["finish_reason"] == "stop"
    assert "\ufffd" not in choices[0]["message"]["content"]


def test_a_server_that_cannot_start_says_why_and_leaves_nothing(
    vllm_server: VllmServer, tmp_path: Path
) -> None:
    python = vllm_python()
    assert python is not None
    with (
        pytest.raises(VllmDidNotStart, match=r"(?s)ended with status .*no-such-model"),
        running_vllm(python, tmp_path / "no-such-model", tmp_path / "vllm.log"),
    ):
        pytest.fail("the block must not run")
    assert group_alive(vllm_server.process_group), "the other server is not touched"


def test_the_slow_server_stops_working_for_a_client_that_left(endless_vllm_url: str) -> None:
    body = {"model": MODEL_NAME, "prompt": "x", "max_tokens": 4000, "temperature": 0}
    client = http.client.HTTPConnection(endless_vllm_url.removeprefix("http://"))
    client.request(
        "POST", "/v1/completions", json.dumps(body), {"Content-Type": "application/json"}
    )
    wait_for_running(endless_vllm_url, 1)
    client.close()
    wait_for_running(endless_vllm_url, 0)
    assert gauge(endless_vllm_url, "vllm:generation_tokens_total") < 4000


def wait_for_running(url: str, wanted: int) -> None:
    deadline = time.monotonic() + 20
    while gauge(url, "vllm:num_requests_running") != wanted:
        assert time.monotonic() < deadline, f"not {wanted} running requests within 20 s"
        time.sleep(0.05)


def gauge(url: str, name: str) -> float:
    with urllib.request.urlopen(f"{url}/metrics", timeout=20) as answer:
        lines = answer.read().decode().splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith(f"{name}{{"))
