"""`make bench ONLY=peers` has one job on one topic done by our runtime and by others.

The others are what a team would take instead. They work in turn, several times.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from infra.settings import Settings
from schemas.contract.topics import Topic
from tests.bench.figures import Figure
from tests.bench.peers.course import Course, topic_of_scans
from tests.bench.peers.entrants import (
    CEILING,
    ENTRANTS,
    FAUST,
    OURS,
    OURS_IN_MEMORY,
    OURS_IN_PYTHON,
    QUIX,
    STREAMS,
    STREAMS_ONCE,
    Entrant,
)
from tests.bench.peers.harm import Harmed, harm
from tests.bench.peers.race import Result, race
from tests.bench.peers.scans import Scans
from tests.bench.scale import scaled
from tests.running_stack import RunningStack

RACED, HARMED = Scans(people=scaled(100_000), turns=10), Scans(people=scaled(2_000), turns=100)
"""People of the harmed runs come again soon, so that what is done twice meets its own effect."""
ROUNDS, MAX_S = scaled(5), 30.0
HARM_SEED, HARM_MAX_S = 20_210_915, 900.0
SESSION_S, HARM_SESSION_S = 10.0, 6.0
TARGETS: tuple[tuple[Entrant, Entrant, float | None], ...] = (
    (OURS, QUIX, 2.0),
    (OURS, STREAMS, 1.0),
    (OURS, STREAMS_ONCE, None),
    (OURS_IN_PYTHON, STREAMS, None),
    (OURS, FAUST, 6.0),
    (OURS_IN_MEMORY, CEILING, 0.6),
    (OURS, CEILING, None),
)


def peers(_settings: Settings) -> list[Figure]:
    """Measures on a stack of its own, of which only the broker and the registry run."""
    with TemporaryDirectory(prefix="bench") as directory:
        stack = RunningStack.plan(Path(directory))
        try:
            stack.require("topics")
            return [*_raced(stack), *_harmed(stack)]
        finally:
            stack.down()


def _raced(stack: RunningStack) -> Iterator[Figure]:
    source, truth = _written(stack, RACED, "scans-raced"), RACED.truth()
    results: dict[str, list[Result]] = {entrant.name: [] for entrant in ENTRANTS}
    for turn in range(ROUNDS):
        for entrant in ENTRANTS:
            course = Course(
                stack.settings, stack.env, entrant, source, str(turn), _place(stack), SESSION_S
            )
            results[entrant.name].append(race(course, RACED, truth, MAX_S))
    circumstances = {
        "scans": RACED.total,
        "people": RACED.people,
        "flags": len(truth),
        "partitions": stack.settings.partitions,
    }
    yield from (_rate(entrant, results[entrant.name], circumstances) for entrant in ENTRANTS)
    yield from _ratios(results)


def _rate(
    entrant: Entrant, results: Sequence[Result], circumstances: Mapping[str, object]
) -> Figure:
    own = {
        "entrant": entrant.settings,
        "rounds": [round(result.per_second) for result in results],
        "processor_us": round(median(result.processor_us for result in results), 1),
        "to_the_end": all(result.finished for result in results),
        "first_flag_s": round(median(result.first_flag_s for result in results), 1),
    }
    rate = median(result.per_second for result in results)
    return Figure(
        f"peers: {entrant.name}, records per second",
        rate,
        "1/s",
        None,
        True,
        {**circumstances, **own},
    )


def _ratios(results: Mapping[str, Sequence[Result]]) -> Iterator[Figure]:
    """Yields ratios of the medians, and by round.

    The entrants of a round had the same company.
    """
    for entrant, other, target in TARGETS:
        ours = [result.per_second for result in results[entrant.name]]
        theirs = [result.per_second for result in results[other.name]]
        pairs = zip(ours, theirs, strict=True)
        by_round = {"by_round": [round(our / their, 2) for our, their in pairs]}
        ratio = median(ours) / median(theirs)
        yield Figure(
            f"peers: {entrant.name}, against {other.name}", ratio, "×", target, True, by_round
        )


def _harmed(stack: RunningStack) -> Iterator[Figure]:
    source, truth = _written(stack, HARMED, "scans-harmed"), HARMED.truth()
    for entrant in ENTRANTS:
        if not entrant.harmed:
            continue
        course = Course(
            stack.settings, stack.env, entrant, source, "harmed", _place(stack), HARM_SESSION_S
        )
        harmed = harm(course, truth, HARM_SEED, HARM_MAX_S)
        circumstances = {
            "scans": HARMED.total,
            "flags": len(truth),
            "kills": harmed.kills,
            "seed": HARM_SEED,
            "seconds": round(harmed.seconds),
        }
        yield from _wounds(entrant, harmed, circumstances)


def _wounds(
    entrant: Entrant, harmed: Harmed, circumstances: Mapping[str, object]
) -> Iterator[Figure]:
    target = 0.0 if entrant is OURS else None
    wounds = (
        ("flags lost", harmed.lost, target),
        ("wrong flags", harmed.wrong, target),
        ("flags doubled", harmed.doubled, None),
    )
    for what, count, aim in wounds:
        name = f"peers: {entrant.name}, {what} under SIGKILL"
        yield Figure(name, count, "flags", aim, False, circumstances)


def _written(stack: RunningStack, scans: Scans, name: str) -> Topic:
    topic = topic_of_scans(stack.settings, name)
    scans.write(stack.settings, topic)
    return topic


def _place(stack: RunningStack) -> Path:
    """Returns a directory that no other run has."""
    place = stack.settings.data_dir / "peers"
    place.mkdir(exist_ok=True)
    return place / str(len(list(place.iterdir())))
