"""A page as tests look at it: its elements, their attributes and their text."""

import json
from html.parser import HTMLParser
from typing import Any

HOSTILE = (
    "</script><script>alert(1)</script><!-- <img src=x onerror=alert(1)> \u2028 ]]> &amp; {{ 7*7 }}"
)


class Page(HTMLParser):
    """The elements of a page with their attributes and the text inside of each."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self._open: list[int] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), []))
        if tag not in {"meta", "link", "input"}:
            self._open.append(len(self.elements) - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), []))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self.elements[self._open.pop()][0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for place in self._open:
            self.elements[place][2].append(data)

    def all(self, tag: str, **wanted: str) -> list[tuple[dict[str, str | None], str]]:
        return [
            (attributes, "".join(text))
            for name, attributes, text in self.elements
            if name == tag and wanted.items() <= attributes.items()
        ]

    @property
    def text(self) -> str:
        return self.all("body")[0][1]

    @property
    def records(self) -> list[dict[str, Any]]:
        [(_, text)] = self.all("script", id="records")
        return json.loads(text)
