"""OmegaT's glossary: source, tab, target, tab, comment; lines with ``#`` are remarks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from glossary.concept import Concept, Glossary, Status
from glossary.formats.bilingual import PairRow, Pairs, comment, term_pairs
from glossary.formats.builder import Builder
from glossary.formats.errors import FileTooLarge, PairNeeded
from glossary.formats.losses import Losses
from glossary.formats.port import Imported, ReadOptions, WriteOptions, Written, pair_to_write
from glossary.formats.table import apostrophes, armed, disarmed
from glossary.formats.text import decode
from glossary.language import Language


class OmegaT:
    """Three columns with tabs, UTF-8, no header and no quotation marks."""

    name: ClassVar[str] = "omegat"
    title: ClassVar[str] = "OmegaT glossary"
    suffix: ClassVar[str] = ".txt"
    media_type: ClassVar[str] = "text/tab-separated-values"
    lossless: ClassVar[bool] = False

    def read(self, data: bytes, options: ReadOptions) -> Imported:
        """Read the lines; the file does not say its languages."""
        if options.pair is None:
            raise PairNeeded(self.name)
        if len(data) > options.limits.file_bytes:
            raise FileTooLarge("bytes", options.limits.file_bytes)
        decoded = decode(data, options.encoding)
        builder = Builder(self.name, options)
        pairs = Pairs(builder, options.pair)
        lines = decoded.text.split("\n")
        if len(lines) > options.limits.rows:
            raise FileTooLarge("rows", options.limits.rows)
        for number, line in enumerate(lines, start=1):
            if line.startswith("#") or not line.strip():
                continue
            source, target, *rest = [*(armed(cell.strip()) for cell in line.split("\t")), ""]
            pairs.add(PairRow(number, source, target, note=rest[0] if rest else ""))
        pairs.finish()
        return builder.finish(complete=False, notes=decoded.notes)

    def write(self, glossary: Glossary, options: WriteOptions) -> Written:
        """Write one pair; terms that must not be used are named in the comments."""
        pair = pair_to_write(self.name, glossary, options)
        losses = Losses(glossary)
        losses.status(Status.PROPOSED, Status.ADMITTED)
        losses.all_of("strength", "keep", "case_sensitive", "part_of_speech", "examples")
        losses.all_of_concepts("domain", "definition", "benchmarks", "contrasts")
        rows = []
        for concept, source, target in term_pairs(glossary, pair, losses):
            if source.text.startswith("#"):
                losses.count("terms are left out: they begin with #, OmegaT's mark of a remark")
                continue
            told = [comment(concept, target), *_banned(concept, pair.target)]
            rows.append([source.text, target.text, " / ".join(filter(None, told))])
        lines = ["\t".join(_flat(disarmed(cell)) for cell in row).rstrip("\t") for row in rows]
        data = "".join(f"{line}\n" for line in lines).encode("utf-8")
        return Written(data, (*losses.told(), *apostrophes(rows)))


def _banned(concept: Concept, language: Language) -> Iterator[str]:
    texts = [term.text for term in concept.in_language(language) if term.status.banned]
    if texts:
        yield f"not: {', '.join(texts)}"


def _flat(cell: str) -> str:
    return " ".join(cell.split())
