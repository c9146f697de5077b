"""The templates of this package, by name."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from prompts.errors import UnknownTemplate
from prompts.template import Template

_SUFFIX = ".txt"


@cache
def template_names() -> tuple[str, ...]:
    """Names of all templates, sorted."""
    folder = files("prompts") / "templates"
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX)))


@cache
def load_template(name: str) -> Template:
    """Read ``prompts/templates/NAME.txt``.

    Raises:
        UnknownTemplate: there is no such file.
        BadTemplate: it is not valid.
    """
    if name not in template_names():
        raise UnknownTemplate(name, template_names())
    file = files("prompts") / "templates" / f"{name}{_SUFFIX}"
    return Template(name, file.read_text(encoding="utf-8"))


@cache
def templates_fingerprint() -> str:
    """One fingerprint of all templates: 12 hex digits that change when any template does."""
    names = template_names()
    together = "".join(f"{name}:{load_template(name).fingerprint}\n" for name in names)
    return hashlib.sha256(together.encode()).hexdigest()[:12]
