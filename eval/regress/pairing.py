"""May two snapshots be compared, and which item of one is which of the other?

What *measures* must be the same on both sides: benchmark, direction, checks and their word lists,
metrics, who translates back and who solves, the version of the program. What *translates* is what
is compared: engine, model, prompts, sampling, effort, terms. Glossaries are on both sides, because
they tell the engine and judge its answer; where they differ, the checks that judge by them are
left out of both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from eval.metrics.base import MetricInfo
from eval.regress.errors import ItemsDiffer, NotComparable, OtherSystem
from eval.regress.snapshot import Snapshot
from eval.run_log import ItemRecord, Verdict

_MEASURING = ("bench", "pair", "checks", "lists", "version")
"""Parts of a run's signature that say how it was judged; the others say how it was made."""
_MEASURED = "measured"
"""This part only says what was measured during the run. The same can be done afterwards; what was
measured is compared by the run's metrics, back-translator and solver."""
_TERMS = "terms"
_BY_TERMS = frozenset({"terms", "contrast"})
"""Checks that judge by the glossaries."""
_NAMED = 5
"""So many ids of items are named in an error."""


@dataclass(frozen=True, slots=True)
class ItemPair:
    """One item as it was and as it is now; ``ignored`` are checks that do not count."""

    old: ItemRecord
    new: ItemRecord
    ignored: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """The item's own id."""
        return self.new.id

    @property
    def unchanged(self) -> bool:
        """Is it translated on both sides, with the same texts?"""
        return self.both_translated and _targets(self.old) == _targets(self.new)

    @property
    def both_translated(self) -> bool:
        """Is there a translation on both sides?"""
        return Verdict.FAILED not in (self.old.verdict, self.new.verdict)

    @property
    def newly_failed(self) -> bool:
        """Was there a translation, and is none now?"""
        return self.new.verdict is Verdict.FAILED and self.old.verdict is not Verdict.FAILED

    @property
    def new_findings(self) -> list[str]:
        """Messages of hard findings that were not there, told apart by check and segment.

        None of these is news where there was no translation before.
        """
        if self.old.verdict is Verdict.FAILED:
            return []
        before = Counter(place for place, _ in self._hard(self.old))
        found = []
        for place, message in self._hard(self.new):
            if before[place]:
                before[place] -= 1
            else:
                found.append(f"{place[0]} in {place[1]}: {message}")
        return found

    def unusable(self, record: ItemRecord) -> bool:
        """Has one of the two sides no translation, or a hard finding?"""
        return record.verdict is Verdict.FAILED or any(True for _ in self._hard(record))

    def _hard(self, record: ItemRecord) -> Iterator[tuple[tuple[str, str], str]]:
        for finding in record.findings:
            if finding.hard and finding.check not in self.ignored:
                yield (finding.check, finding.segment), finding.message


def _targets(record: ItemRecord) -> dict[str, str]:
    return {segment.id: segment.target for segment in record.segments}


def paired_items(old: Snapshot, new: Snapshot, *, same_system: bool = False) -> list[ItemPair]:
    """The items of both snapshots, beside each other, in the order of the new one.

    Raises:
        NotComparable: they were measured differently; it names what differs.
        OtherSystem: ``same_system`` is asked for, and they were translated differently.
        ItemsDiffer: they do not hold the same items, by id and source.
    """
    was, becomes = signature_parts(old), signature_parts(new)
    if differences := [*_differing(was, becomes, _MEASURING), *_unlike(old, new)]:
        raise NotComparable(differences)
    if same_system and (differences := translating_differences(old, new)):
        raise OtherSystem(differences)
    ignored = _BY_TERMS if was.get(_TERMS) != becomes.get(_TERMS) else frozenset()
    before, after = _by_key(old), _by_key(new)
    if before.keys() != after.keys():
        raise ItemsDiffer(_items_that_differ(before, after))
    return [ItemPair(before[key], record, ignored) for key, record in after.items()]


def signature_parts(snapshot: Snapshot) -> dict[str, str]:
    """A run's signature by the names of its parts."""
    parts = (part.partition(":") for part in snapshot.run.signature.split("|"))
    return {name: value for name, _, value in parts}


def translating_differences(old: Snapshot, new: Snapshot) -> list[str]:
    """What of the translating side is another: that which the comparison is about."""
    was, becomes = signature_parts(old), signature_parts(new)
    names = sorted((was.keys() | becomes.keys()) - {*_MEASURING, _MEASURED})
    return list(_differing(was, becomes, names))


def _differing(
    old: Mapping[str, str], new: Mapping[str, str], names: Sequence[str]
) -> Iterator[str]:
    for name in names:
        if difference := _difference(old.get(name, ""), new.get(name, "")):
            yield f"{name} {difference}"


def _unlike(old: Snapshot, new: Snapshot) -> Iterator[str]:
    """Differences in how scores were made."""
    made = [
        ("the way back", old.run.back_translator, new.run.back_translator),
        ("the solver", old.run.solver, new.run.solver),
    ]
    for key in sorted(old.run.metrics.keys() | new.run.metrics.keys()):
        made.append((key, _signed(old.run.metrics.get(key)), _signed(new.run.metrics.get(key))))
    for what, was, becomes in made:
        if difference := _difference(was, becomes):
            yield f"{what} {difference}"


def _signed(metric: MetricInfo | None) -> str:
    return metric.signature if metric else ""


def _difference(was: str, becomes: str) -> str:
    """The parts that are another; empty where none is."""
    if was == becomes:
        return ""
    old, new = was.split("|"), becomes.split("|")
    before = "|".join(part for part in old if part not in new)
    now = "|".join(part for part in new if part not in old)
    return f"was {before or 'not there'}, is {now or 'not there'}"


_Key = tuple[str, str, int]


def _by_key(snapshot: Snapshot) -> dict[_Key, ItemRecord]:
    """Records by id, hash of the source, and how often both came before (ids may repeat)."""
    seen: Counter[tuple[str, str]] = Counter()
    records = {}
    for record in snapshot.records:
        name = record.id, record.provenance.source_sha256
        records[(*name, seen[name])] = record
        seen[name] += 1
    return records


def _items_that_differ(
    old: Mapping[_Key, ItemRecord], new: Mapping[_Key, ItemRecord]
) -> Iterator[str]:
    gone = list(dict.fromkeys(key[0] for key in old if key not in new))
    added = list(dict.fromkeys(key[0] for key in new if key not in old))
    changed = [name for name in gone if name in set(added)]
    for what, names in (
        ("other source", changed),
        ("only in the old", [name for name in gone if name not in set(changed)]),
        ("only in the new", [name for name in added if name not in set(changed)]),
    ):
        if names:
            more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
            yield f"{what}: {', '.join(names[:_NAMED])}{more}"
