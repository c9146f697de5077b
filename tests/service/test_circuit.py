"""The circuit breaker by itself, with a clock that the test moves."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from service.engines.circuit import Circuit, CircuitOpen


class Down(Exception):
    """The server's failure."""


class Refused(Exception):
    """An answer, if not the wanted one."""


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def circuit(clock: Clock) -> Circuit:
    return Circuit(failures=3, reset_s=10, clock=clock)


def fail(circuit: Circuit, error: type[Exception] = Down) -> None:
    with pytest.raises(error), circuit.call(Down):
        raise error


def succeed(circuit: Circuit) -> None:
    with circuit.call(Down):
        pass


def test_it_opens_after_so_many_failures_in_a_row(circuit: Circuit) -> None:
    for _ in range(3):
        circuit.check()
        fail(circuit)
    with pytest.raises(CircuitOpen, match="3 failures in a row, next trial in 10 s") as refused:
        circuit.check()
    assert refused.value.retry_in_s == 10


@pytest.mark.parametrize("error", [None, Refused])
def test_any_answer_in_between_starts_the_count_anew(
    circuit: Circuit, error: type[Exception] | None
) -> None:
    fail(circuit)
    fail(circuit)
    if error:
        fail(circuit, error)
    else:
        succeed(circuit)
    fail(circuit)
    fail(circuit)
    circuit.check()


def test_an_open_circuit_lets_nothing_through(circuit: Circuit, clock: Clock) -> None:
    for _ in range(3):
        fail(circuit)
    clock.now += 9.9
    with pytest.raises(CircuitOpen) as refused, circuit.call(Down):
        raise AssertionError("the call was made")
    assert refused.value.retry_in_s == pytest.approx(0.1)


def test_after_the_wait_one_trial_is_let_through_and_no_other(
    circuit: Circuit, clock: Clock
) -> None:
    for _ in range(3):
        fail(circuit)
    clock.now += 10
    with circuit.call(Down):
        with pytest.raises(CircuitOpen):
            circuit.check()
        with pytest.raises(CircuitOpen), circuit.call(Down):
            raise AssertionError("a second trial")
    circuit.check()


def test_a_trial_that_succeeds_closes_it(circuit: Circuit, clock: Clock) -> None:
    for _ in range(3):
        fail(circuit)
    clock.now += 10
    succeed(circuit)
    fail(circuit)
    fail(circuit)
    circuit.check()


def test_a_trial_that_is_refused_closes_it_because_the_server_lives(
    circuit: Circuit, clock: Clock
) -> None:
    for _ in range(3):
        fail(circuit)
    clock.now += 10
    fail(circuit, Refused)
    circuit.check()


def test_a_trial_that_fails_opens_it_for_as_long_again(circuit: Circuit, clock: Clock) -> None:
    for _ in range(3):
        fail(circuit)
    clock.now += 10
    fail(circuit)
    clock.now += 9
    with pytest.raises(CircuitOpen):
        circuit.check()
    clock.now += 1
    succeed(circuit)


def test_a_trial_that_is_cancelled_leaves_room_for_the_next(circuit: Circuit, clock: Clock) -> None:
    class Cancelled(BaseException):
        """As asyncio.CancelledError, which is no Exception."""

    for _ in range(3):
        fail(circuit)
    clock.now += 10
    with pytest.raises(Cancelled), circuit.call(Down):
        raise Cancelled
    succeed(circuit)
    circuit.check()


def test_a_cancelled_call_counts_neither_way(circuit: Circuit) -> None:
    fail(circuit)
    fail(circuit)
    with pytest.raises(KeyboardInterrupt), circuit.call(Down):
        raise KeyboardInterrupt
    fail(circuit)
    with pytest.raises(CircuitOpen):
        circuit.check()


def test_calls_that_were_under_way_when_it_opened_may_close_it(circuit: Circuit) -> None:
    with circuit.call(Down):
        for _ in range(3):
            fail(circuit)
        with pytest.raises(CircuitOpen):
            circuit.check()
    circuit.check()


def test_a_failure_of_a_call_that_was_under_way_keeps_it_open(
    circuit: Circuit, clock: Clock
) -> None:
    def under_way() -> None:
        with circuit.call(Down):
            for _ in range(3):
                fail(circuit)
            clock.now += 9
            raise Down

    with pytest.raises(Down):
        under_way()
    clock.now += 9
    with pytest.raises(CircuitOpen):
        circuit.check()
