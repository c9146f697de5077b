"""What one item may cost and what it has cost: every call of a model is paid here."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from service.errors import BudgetSpent

_LEAST = 4
"""Bounds of answers are generous; an answer with less than this part of one would be cut off."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer cost; tokens are ``None`` where the engine does not count them."""

    calls: int = 0
    prompt_tokens: int | None = None
    completion_tokens: int | None = None

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.calls + other.calls,
            _sum(self.prompt_tokens, other.prompt_tokens),
            _sum(self.completion_tokens, other.completion_tokens),
        )


def _sum(left: int | None, right: int | None) -> int | None:
    return None if left is None and right is None else (left or 0) + (right or 0)


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that one item may cost; ``None`` sets no limit.

    A call is one question to the model, with however many candidates as its answer; tries of it
    that the server turned down are not counted apart. Tokens are those that the model writes: only
    these can be bounded beforehand. Seconds run from when the item's turn has come.
    """

    calls: int | None = None
    tokens: int | None = None
    seconds: float | None = None

    @property
    def limits(self) -> dict[str, float]:
        """Those that are set."""
        limits = {"calls": self.calls, "tokens": self.tokens, "seconds": self.seconds}
        return {name: most for name, most in limits.items() if most is not None}

    def __str__(self) -> str:
        return ",".join(f"{name}={most:.15g}" for name, most in self.limits.items())


UNLIMITED = Budget()


@dataclass(frozen=True, slots=True)
class Grant:
    """How many candidates a request may have, and the most tokens of each call's answers."""

    candidates: int
    bounds: tuple[int, ...]


class Purse:
    """The budget of one item while it is worked on.

    Attributes:
        paid: what each call has cost, also one that failed or was broken off.
    """

    def __init__(self, budget: Budget = UNLIMITED) -> None:
        self.paid: list[Usage] = []
        self._budget = budget
        self._written = 0
        self._end = None if budget.seconds is None else time.monotonic() + budget.seconds

    @property
    def calls_left(self) -> float:
        """Infinite without a limit."""
        most = self._budget.calls
        return math.inf if most is None else most - len(self.paid)

    @property
    def _tokens_left(self) -> float:
        most = self._budget.tokens
        return math.inf if most is None else most - self._written

    def grant(self, bounds: Sequence[int], candidates: int = 1, leave: int = 0) -> Grant:
        """What may be asked for now, if this many answers with these bounds are wanted.

        Where tokens are short there are fewer candidates, then shorter answers.

        Args:
            bounds: the most tokens that an answer may have, for each call.
            candidates: answers of each call.
            leave: calls that must be left afterwards.

        Raises:
            BudgetSpent: it does not suffice for one answer of each call.
        """
        self._refuse_late()
        if (needed := len(bounds) + leave) > self.calls_left:
            raise BudgetSpent("calls", needed, self.calls_left, self._budget.calls)
        least = sum(math.ceil(bound / _LEAST) for bound in bounds)
        if least > self._tokens_left:
            raise BudgetSpent("tokens", least, self._tokens_left, self._budget.tokens)
        if not bounds or self._tokens_left == math.inf:
            return Grant(candidates, tuple(bounds))
        candidates = max(1, min(candidates, int(self._tokens_left // sum(bounds))))
        share = min(1.0, self._tokens_left / (candidates * sum(bounds)))
        return Grant(candidates, tuple(math.floor(share * bound) for bound in bounds))

    @asynccontextmanager
    async def call(self, most: int) -> AsyncIterator[Callable[[Usage], None]]:
        """Pay one call that may write so many tokens; what is yielded takes what it did cost.

        A call that does not tell its tokens counts with all that it was allowed.

        Raises:
            BudgetSpent: it cannot be paid, or was broken off when the time was up.
        """
        self._refuse_late()
        if self.calls_left < 1:
            raise BudgetSpent("calls", 1, self.calls_left, self._budget.calls)
        if most > self._tokens_left:
            raise BudgetSpent("tokens", most, self._tokens_left, self._budget.tokens)
        place = len(self.paid)
        self.paid.append(Usage(1))
        self._written += most

        def told(usage: Usage) -> None:
            self.paid[place] = usage
            if usage.completion_tokens is not None:
                self._written += usage.completion_tokens - most

        left = None if self._end is None else self._end - time.monotonic()
        try:
            async with asyncio.timeout(left) as limit:
                yield told
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise BudgetSpent("seconds", None, 0, self._budget.seconds) from error

    def _refuse_late(self) -> None:
        if self._end is not None and time.monotonic() >= self._end:
            raise BudgetSpent("seconds", None, 0, self._budget.seconds)
