"""The house itself: packages are ours, files small, heavy things out, documents up to date."""

from __future__ import annotations

import importlib
import importlib.util
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from docs.generate import pages
from eval.checks.suite import CHECKS, NAMES, load_check
from service.wiring import ENGINES

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("service", "glossary", "prompts", "eval")


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_of_a_common_name_is_ours(name: str) -> None:
    """Another distribution with a top-level `prompts` would shadow ours without a word."""
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    assert Path(spec.origin).is_relative_to(ROOT)
    assert set(packages_distributions().get(name, ())) <= {"isogloss"}


def test_files_stay_of_a_size_that_one_can_hold_in_the_head() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines())
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
    }
    assert {path: length for path, length in lengths.items() if length > 330} == {}


@pytest.mark.parametrize("module", ["service.api.app", "service.cli.main"])
def test_starting_loads_no_machine_learning_library(module: str) -> None:
    code = (
        f"import sys, {module}; heavy = {{'torch', 'transformers', 'numpy', 'pandas'}}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("target", ENGINES.values())
def test_every_engine_of_the_table_can_be_made(target: str) -> None:
    module, function = target.split(":")
    assert callable(getattr(importlib.import_module(module), function))


@pytest.mark.parametrize("name", CHECKS)
def test_every_check_of_the_table_is_there_and_documented(name: str) -> None:
    assert load_check(name).__doc__


def test_generated_pages_are_up_to_date() -> None:
    written = pages()
    stale = [
        name
        for name, text in written.items()
        if not (ROOT / "docs" / name).exists() or (ROOT / "docs" / name).read_text("utf-8") != text
    ]
    assert stale == [], "run `make docs`"
    known = {path.stem for path in (ROOT / "docs" / "checks").glob("*.md")}
    assert known <= {*NAMES, "alarms"}, "a page of a check that is gone"


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert broken == []
