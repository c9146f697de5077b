"""A real service with a database of its own, and a real browser without a window."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from glossary.concept import Concept
from glossary.store.port import Action, Edit
from service.store.glossaries import SqlStore

ROOT = Path(__file__).resolve().parents[2]
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)


def concept(id_: str, en: str, tw: str, ko: str = "", **more: Any) -> Concept:
    """A concept of a few plain terms; ``status`` is that of all of them."""
    term = {"status": more.pop("status", "preferred"), "examples": more.pop("examples", [])}
    terms = [{"language": "en", "text": en, **term}, {"language": "zh-TW", "text": tw}]
    if ko:
        terms.append({"language": "ko", "text": ko})
    return Concept.model_validate({"id": id_, "terms": terms, **more})


CONCEPTS = [
    concept("token", "token", "詞元", "토큰", domain="LLM"),
    concept("prompt", "prompt", "提示詞", "프롬프트", domain="LLM"),
    concept("recall", "recall", "召回率", "재현율", domain="statistics"),
    concept("mass", "mass", "質量", "질량", domain="physics", note="<b>not</b> weight"),
    *(
        concept(
            f"proposed-{n}",
            f"proposal {n}",
            f"提案{n}",
            status="proposed",
            examples=[f"Here is proposal {n} in a sentence."],
        )
        for n in range(1, 5)
    ),
]


@dataclass
class Served:
    """A running service."""

    url: str
    store: SqlStore
    folder: Path
    names: int = 0

    def glossary(self) -> str:
        """A fresh glossary with the concepts above."""
        self.names += 1
        name = f"exams{self.names}"
        self.store.create(name, "Lin", title="Examinations")
        self.store.apply(name, [Edit.put(each, 0, Action.IMPORTED) for each in CONCEPTS], "Lin")
        return name


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    pytest.importorskip("nicegui", reason="needs the extra `ui`")
    folder = tmp_path_factory.mktemp("pages")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    database = f"sqlite:///{folder / 'pages.db'}"
    environment = {
        **{name: value for name, value in os.environ.items() if "PYTEST" not in name},
        "ISOGLOSS_DATABASE": database,
        "ISOGLOSS_RUNS": str(folder / "runs"),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "service", "serve", "--port", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    store = SqlStore(database)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url + "/healthz", process, folder / "log")
        yield Served(url, store, folder)
    finally:
        store.close()
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the service does not answer: {log.read_text('utf-8')[-2000:]}")


@dataclass
class Watched:
    """What pages asked for, and what their scripts complained of."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if BROWSER is None:
        pytest.skip("needs chromium")
    api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def watched() -> Watched:
    return Watched()


@pytest.fixture(scope="session")
def people(chromium: Any, served: Served) -> Iterator[Callable[[str], Any]]:
    """A browser of its own for everybody, kept so that it loads the scripts but once."""
    known: dict[str, Any] = {}

    def browser_of(who: str) -> Any:
        if who not in known:
            known[who] = chromium.new_context(viewport={"width": 1500, "height": 900})
            chosen = {"who": who, "language": "en", "theme": "light"}
            known[who].add_cookies(
                [
                    {"name": f"isogloss_{name}", "value": value, "url": served.url}
                    for name, value in chosen.items()
                ]
            )
        return known[who]

    yield browser_of
    for context in known.values():
        context.close()


@pytest.fixture
def visit(
    people: Callable[[str], Any], served: Served, watched: Watched
) -> Iterator[Callable[..., Any]]:
    """Open a page as somebody."""
    pages = []

    def open_page(path: str, who: str = "Mei") -> Any:
        page = people(who).new_page()
        pages.append(page)
        page.set_default_timeout(15_000)
        page.on("request", lambda request: watched.requests.append(request.url))
        page.on("pageerror", lambda error: watched.errors.append(str(error)))
        page.goto(f"{served.url}/ui{path}")
        return page

    yield open_page
    for page in pages:
        page.close()
