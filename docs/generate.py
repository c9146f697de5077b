"""Writes the reference pages that follow from the code: ``make docs``.

A test compares the pages with what this would write, so they cannot fall behind.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from docs.check_pages import pages as check_pages
from eval.benchmarks.library import all_recipes
from eval.segment import FieldKind
from prompts.profile import PROFILE_NAMES, load_profile
from service.cli.main import app
from service.settings import EngineSettings, MetricSettings, Settings

FOLDER = Path(__file__).parent
_NOTE = "<!-- Written by `make docs`; change the code, not this page. -->\n"


def benchmarks_page() -> str:
    """All recipes, and what goes wrong when each benchmark is translated."""
    lines = [
        "# Benchmarks",
        "",
        _NOTE,
        "| name | from | category | scoring | licence | layouts |",
        "|---|---|---|---|---|---|",
    ]
    for recipe in all_recipes():
        layouts = ", ".join(layout.name for layout in recipe.layouts)
        lines.append(
            f"| [{recipe.name}](#{recipe.name}) | {recipe.source_language} | {recipe.category} "
            f"| {recipe.scoring} | {recipe.licence.name} | {layouts} |"
        )
    for recipe in all_recipes():
        lines += ["", f"## {recipe.name}", "", f"{recipe.title}. {recipe.homepage}", ""]
        if recipe.licence.note:
            lines += [f"**Licence {recipe.licence.name}:** {recipe.licence.note}", ""]
        for layout in recipe.layouts:
            fields = ", ".join(
                f"`{path}` {spec.kind}"
                for path, spec in layout.fields.items()
                if spec.kind is not FieldKind.KEEP
            )
            lines += [f"- **{layout.name}** ({layout.where}): {fields}"]
        lines += ["", "Traps:", *(f"- {trap}" for trap in recipe.traps)]
    return "\n".join(lines) + "\n"


def settings_page() -> str:
    """Every setting, its environment variable and default."""
    lines = ["# Settings", "", _NOTE, "All settings are environment variables.", ""]
    lines += ["| variable | default | for |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        if name not in ("engines", "metrics"):
            lines.append(f"| `ISOGLOSS_{name.upper()}` | `{field.default}` | {field.description} |")
    lines += [
        "",
        "## Engines",
        "",
        "An engine called `qwen` is described by variables `ISOGLOSS_ENGINES__QWEN__...`, or all "
        "engines by one JSON object in `ISOGLOSS_ENGINES`. `opencc`, `opencc-words` and "
        "`identity` are always there.",
        "",
        *_fields(EngineSettings),
        "",
        "## Metrics",
        "",
        "A metric called `comet` is described by variables `ISOGLOSS_METRICS__COMET__...`, or all "
        "metrics by one JSON object in `ISOGLOSS_METRICS`. `chrf` and `bleu` are always there. "
        "[scoring.md](scoring.md) says what they measure.",
        "",
        *_fields(MetricSettings),
    ]
    return "\n".join(lines) + "\n"


def _fields(settings: type[BaseModel]) -> list[str]:
    lines = ["| field | default | for |", "|---|---|---|"]
    for name, field in settings.model_fields.items():
        default = "(required)" if field.default is PydanticUndefined else f"`{field.default}`"
        lines.append(f"| `{name.upper()}` | {default} | {field.description or ''} |")
    return lines


def profiles_page() -> str:
    """Every profile: how the family is asked, its licence, what is known to go wrong."""
    lines = ["# Profiles", "", _NOTE]
    lines += [
        "How each model family wants to be prompted. The profile is found by the model's name; "
        "`--profile` or the setting `PROFILE` chooses another. Nothing here was measured on a "
        "GPU; the conventions come from the makers' documents, named in `prompts/profiles/`.",
        "",
        "| name | family | endpoint | answer formats | unit | licence |",
        "|---|---|---|---|---|---|",
    ]
    profiles = [load_profile(name) for name in PROFILE_NAMES]
    for profile in profiles:
        formats = ", ".join(profile.formats)
        lines.append(
            f"| {profile.name} | {profile.title} | {profile.endpoint} | {formats} "
            f"| {profile.unit} | [{profile.licence.name}]({profile.licence.url}) |"
        )
    for profile in profiles:
        notes = [f"- **{target}:** {caveat}" for target, caveat in profile.caveats.items()]
        licences = [(profile.title, profile.licence)]
        licences += [
            (variant.title, variant.licence) for variant in profile.variants if variant.licence
        ]
        for title, licence in licences:
            regions = ", ".join(licence.excluded_regions)
            where = f" Not licensed in: {regions}." if regions else ""
            if licence.note or where:
                notes.append(f"- **Licence of {title}** ({licence.name}): {licence.note}{where}")
        if notes:
            lines += ["", f"## {profile.name}", "", *notes]
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """What every command is for, and its options."""
    lines = ["# Commands", "", _NOTE]
    for path, command in _commands("isogloss", typer.main.get_command(app)):
        lines += [f"## {path}", "", (command.help or "").strip(), ""]
        rows = [_row(parameter) for parameter in command.params if _shown(parameter)]
        if rows:
            lines += ["| option | for |", "|---|---|", *rows, ""]
    return "\n".join(lines)


def _commands(path: str, command: Any) -> list[tuple[str, Any]]:
    found = [(path, command)]
    for name, inner in sorted(getattr(command, "commands", {}).items()):
        found += _commands(f"{path} {name}", inner)
    return found


def _shown(parameter: Any) -> bool:
    return bool(getattr(parameter, "help", None)) and "completion" not in parameter.name


def _row(parameter: Any) -> str:
    argument = parameter.param_type_name == "argument"
    names = parameter.name.upper() if argument else "`, `".join(parameter.opts)
    return f"| `{names}` | {parameter.help} |"


PAGES = {
    "benchmarks.md": benchmarks_page,
    "settings.md": settings_page,
    "profiles.md": profiles_page,
    "commands.md": commands_page,
}


def pages() -> dict[str, str]:
    """File name below ``docs/`` to text."""
    return {name: page() for name, page in PAGES.items()} | check_pages()


def main() -> None:
    """Write all pages."""
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
