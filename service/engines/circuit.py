"""A circuit breaker: after many failures in a row nobody is kept waiting for the next one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class CircuitOpen(Exception):
    """Calls are refused for ``retry_in_s`` seconds more."""

    def __init__(self, failures: int, retry_in_s: float) -> None:
        self.retry_in_s = retry_in_s
        super().__init__(f"{failures} failures in a row, next trial in {retry_in_s:.0f} s")


class Circuit:
    """Closed; open after ``failures`` in a row; after ``reset_s`` seconds one trial decides.

    See M. Nygard, "Release It!", 2007, chapter 5.
    """

    def __init__(
        self, failures: int, reset_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit, self._reset_s, self._clock = failures, reset_s, clock
        self._failures = 0
        self._open_until = 0.0
        self._trial = False

    def check(self) -> None:
        """Raise ``CircuitOpen`` if a call would be refused now."""
        if self._failures < self._limit:
            return
        if self._trial:
            raise CircuitOpen(self._failures, self._reset_s)
        remaining = self._open_until - self._clock()
        if remaining > 0:
            raise CircuitOpen(self._failures, remaining)

    @contextmanager
    def call(self, failure: type[Exception]) -> Iterator[None]:
        """Guard one call; an exception of type ``failure`` counts as the server's failure.

        Raises:
            CircuitOpen: the call is refused.
        """
        self.check()
        trial = self._failures >= self._limit
        self._trial = self._trial or trial
        try:
            yield
        except failure:
            self._failures += 1
            if self._failures >= self._limit:
                self._open_until = self._clock() + self._reset_s
            raise
        except Exception:
            self._failures = 0  # the server answered, if only to refuse
            raise
        else:
            self._failures = 0
        finally:
            if trial:
                self._trial = False
