"""The terminology pre-pass: the terms of a whole benchmark, before any item is translated."""

from __future__ import annotations

import asyncio
import dataclasses
import re
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, TypeVar

from glossary.concept import PartOfSpeech
from glossary.extraction.extract import Candidate, Sentence, candidates
from glossary.extraction.passages import Passage
from glossary.language import Language, Pair
from prompts.errors import PromptError
from prompts.propose import Asked, Proposed
from service.engines.base import Engine, Usage
from service.engines.errors import EngineError
from service.pipeline.passages import Benchmark, opening, passages, subject_of
from service.pipeline.propose import Proposer, fault_of, may_be_kept, proposer_of
from service.pipeline.schedule import in_order
from service.pipeline.sheet import Known, Learned, Proposal, distinct, sheet_of

Made = TypeVar("Made")
Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""

_SENSES = 3
_PLAIN_SUBJECT = re.compile(r"[\w &,'/-]{1,40}")
COUNTING, SORTING, ASKING = "Counting words", "Sorting items", "Asking for terms"


@dataclass(frozen=True, slots=True)
class PrepassOptions:
    """How much a pre-pass looks at.

    ``least`` is in how many items a term must stand, ``most`` how many candidates are taken, and
    ``batch`` how many are asked for at a time, each with up to ``sentences`` of its sentences.
    """

    least: int = 3
    most: int = 1000
    batch: int = 10
    sentences: int = 3
    max_item_characters: int = 40_000


async def learn_terms(
    benchmark: Benchmark,
    engine: Engine | None,
    known: Known = Known(),  # noqa: B008 (it never changes)
    options: PrepassOptions = PrepassOptions(),
    progress: Progress = lambda what, done, total: None,
) -> Learned:
    """Candidates by counting, a proposal for each by the engine, what is known left alone.

    Without an engine, or with one that has no model behind it, there are candidates and no
    proposals.

    Raises:
        EngineError: the engine cannot be made ready, or answered nothing at all.
    """
    source, targets = benchmark.source, benchmark.targets
    proposer = await proposer_of(engine, source, targets) if engine else None
    workers = engine.max_concurrency if engine else 1
    prepass = _Prepass(benchmark, proposer, workers, options, progress)
    found = await asyncio.to_thread(
        candidates,
        await prepass.passages(),
        source,
        least=options.least,
        most=options.most,
        progress=lambda done, total: progress(COUNTING, done, total),
    )
    opened = known.open_targets(source, targets, benchmark.recipe.name)
    wanted = {each.text: opened.of(each.text) for each in found}
    unknown = [each for each in found if wanted[each.text]]
    proposals = await prepass.proposals(unknown, wanted) if proposer else []
    proposals, lost = distinct(proposals)
    if lost:
        prepass.dropped["same as another term"] += lost
    return Learned(
        sheet_of(proposals, source, benchmark.recipe.name),
        found,
        known=len(found) - len(unknown),
        asked=len(unknown) if proposer else 0,
        calls=prepass.usage.calls,
        tokens=(prepass.usage.prompt_tokens or 0) + (prepass.usage.completion_tokens or 0),
        dropped=+prepass.dropped,
    )


class _Prepass:
    """One pass; counts what it costs and what it drops."""

    def __init__(
        self,
        benchmark: Benchmark,
        proposer: Proposer | None,
        workers: int,
        options: PrepassOptions,
        progress: Progress,
    ) -> None:
        self._benchmark, self._proposer = benchmark, proposer
        self._workers, self._options, self._progress = workers, options, progress
        self.usage = Usage()
        self.dropped: Counter[str] = Counter()

    async def passages(self) -> list[Passage]:
        """The prose of all readable items, each with its subject where anybody knows it."""
        recipe = self._benchmark.recipe
        items = self._benchmark.read(self._options.max_item_characters)
        subjects = [subject_of(item.data, recipe) for item in items]
        if self._proposer and not any(subjects):
            subjects = await self._sorted([opening(item) for item in items], self._proposer)
        return passages(items, subjects)

    async def _sorted(self, texts: Sequence[str], proposer: Proposer) -> list[str]:
        batches = _batches(texts, 2 * self._options.batch)
        answers = await self._together(batches, proposer.subjects, SORTING)
        return [
            subject
            for batch, answer in zip(batches, answers, strict=True)
            for subject in (answer or [""] * len(batch))
        ]

    async def proposals(
        self, found: Sequence[Candidate], wanted: dict[str, list[Language]]
    ) -> list[Proposal]:
        """What the engine says of candidates, as far as it can be believed.

        What it says has several senses is asked again, subject by subject.
        """
        first = await self._asked(found)
        made: dict[str, list[Proposal]] = {}
        unclear: list[Candidate] = []
        for candidate, said in first:
            if said is None:
                self.dropped["no answer"] += 1
            elif not said.is_term:
                self.dropped["no term"] += 1
            elif not said.one_sense and len(candidate.domains) > 1:
                unclear.append(candidate)
            else:
                proposal = self._believed(candidate, said, wanted[candidate.text])
                made[candidate.text] = [proposal] if proposal else []
        for candidate, senses in await self._senses(unclear, wanted):
            made[candidate.text] = senses
            self.dropped["several senses"] += not senses
        return [proposal for each in found for proposal in made.get(each.text, ())]

    async def _senses(
        self, unclear: Sequence[Candidate], wanted: dict[str, list[Language]]
    ) -> list[tuple[Candidate, list[Proposal]]]:
        """One proposal per subject, or one alone where all subjects call it the same."""
        apart = [part for candidate in unclear for part in _by_subject(candidate)]
        answers: dict[str, list[Proposal]] = {}
        for part, said in await self._asked(apart):
            proposal = (
                self._believed(part, said, wanted[part.text]) if said and said.is_term else None
            )
            if proposal:
                answers.setdefault(part.text, []).append(proposal)
        return [(each, _merged(each, answers.get(each.text, []))) for each in unclear]

    async def _asked(self, found: Sequence[Candidate]) -> list[tuple[Candidate, Proposed | None]]:
        assert self._proposer is not None
        proposer = self._proposer
        batches = _batches(found, self._options.batch)

        async def ask(batch: Sequence[Candidate]) -> tuple[list[Proposed | None], Usage]:
            return await proposer.propose([self._question(each) for each in batch])

        answers = await self._together(batches, ask, ASKING)
        return [
            (candidate, said)
            for batch, answer in zip(batches, answers, strict=True)
            for candidate, said in zip(batch, answer or [None] * len(batch), strict=True)
        ]

    def _question(self, candidate: Candidate) -> Asked:
        chosen = candidate.sentences[: self._options.sentences]
        subjects = dict.fromkeys(sentence.domain for sentence in chosen if sentence.domain)
        return Asked(candidate.text, [sentence.text for sentence in chosen], tuple(subjects))

    async def _together(
        self,
        batches: Sequence[Sequence[Any]],
        ask: Callable[[Sequence[Any]], Any],
        what: str,
    ) -> list[Any]:
        """The answers to all batches in order; ``None`` for one that failed.

        Raises:
            EngineError: all of them failed.
        """
        failed: list[EngineError | PromptError] = []

        async def work(batch: Sequence[Any]) -> Any:
            try:
                answer, usage = await ask(batch)
            except (EngineError, PromptError) as error:
                failed.append(error)
                return None
            self.usage += usage
            return answer

        answers: list[Any] = []
        async with aclosing(in_order(batches, work, self._workers)) as results:
            async for answer in results:
                answers.append(answer)
                self._progress(what, len(answers), len(batches))
        if failed and len(failed) == len(batches):
            raise failed[-1]
        return answers

    def _believed(
        self, candidate: Candidate, said: Proposed, wanted: Sequence[Language]
    ) -> Proposal | None:
        """The proposal with the translations that pass; the others are counted."""
        source = self._benchmark.source
        part = PartOfSpeech.PROPER_NOUN if candidate.is_name else _part(said.part_of_speech)
        domain = _subject(said.domain) or next(iter(candidate.domains), "")
        condition = "" if said.one_sense or not domain else f"in {domain}"
        if said.keep and may_be_kept(candidate.text):
            return Proposal(candidate, {}, domain, part, keep=True, condition=condition)
        good = {}
        for target in wanted:
            text = said.translations.get(str(target), "").strip()
            fault = fault_of(candidate.text, text, Pair(source, target))
            if fault:
                self.dropped[fault] += 1
            else:
                good[target] = text
        return Proposal(candidate, good, domain, part, condition=condition) if good else None


def _batches(found: Sequence[Made], size: int) -> list[Sequence[Made]]:
    return [found[at : at + size] for at in range(0, len(found), size)]


def _subject(said: str) -> str:
    """A few plain words or nothing: prompts tell it, so it must not be able to say more."""
    text = " ".join(said.split())
    return text if _PLAIN_SUBJECT.fullmatch(text) else ""


def _part(said: str) -> PartOfSpeech:
    return PartOfSpeech(said) if said in list(PartOfSpeech) else PartOfSpeech.OTHER


def _by_subject(candidate: Candidate) -> list[Candidate]:
    """The candidate as its most frequent subjects know it."""
    sentences: dict[str, list[Sentence]] = {}
    for sentence in candidate.sentences:
        sentences.setdefault(sentence.domain, []).append(sentence)
    chosen = [domain for domain in candidate.domains if domain in sentences][:_SENSES]
    return [
        dataclasses.replace(
            candidate,
            domains={domain: candidate.domains[domain]},
            sentences=tuple(sentences[domain]),
        )
        for domain in chosen
    ]


def _merged(candidate: Candidate, senses: Sequence[Proposal]) -> list[Proposal]:
    """One proposal if all senses are called the same, else each with the subject it is for."""
    if len({tuple(sorted(each.translations.items())) for each in senses}) <= 1:
        return [dataclasses.replace(each, candidate=candidate, condition="") for each in senses[:1]]
    return [
        dataclasses.replace(each, condition=f"in {next(iter(each.candidate.domains))}")
        for each in senses
    ]
