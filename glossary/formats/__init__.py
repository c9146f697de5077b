"""Formats in which glossaries come and go, found by name."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from glossary.formats.errors import UnknownFormat
from glossary.formats.port import Format

FORMATS = {
    "json": "glossary.formats.own_json:Json",
    "yaml": "glossary.formats.own_json:Yaml",
    "tbx": "glossary.formats.tbx:TbxDca",
    "tbx-dct": "glossary.formats.tbx:TbxDct",
    "tbx-v2": "glossary.formats.tbx:TbxV2",
    "xlsx": "glossary.formats.own_table:Xlsx",
    "csv": "glossary.formats.own_table:Csv",
    "tsv": "glossary.formats.own_table:Tsv",
    "weblate": "glossary.formats.weblate:Weblate",
    "matecat": "glossary.formats.matecat:MateCat",
    "matecat-csv": "glossary.formats.matecat:MateCatCsv",
    "deepl": "glossary.formats.deepl:DeepL",
    "deepl-tsv": "glossary.formats.deepl:DeepLTsv",
    "omegat": "glossary.formats.omegat:OmegaT",
    "plain": "glossary.formats.plain:Plain",
}


def load_format(name: str) -> Format:
    """The format of a name.

    Raises:
        UnknownFormat: with the nearest known ones.
    """
    if name not in FORMATS:
        raise UnknownFormat(name, FORMATS)
    module, _, attribute = FORMATS[name].partition(":")
    return cast(Format, getattr(import_module(module), attribute)())
