"""Measures traces over a province's year: 2 million people with 50 million presences.

What else is known of the people is there too.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
from clickhouse_connect.driver.client import Client

from infra.clickhouse.client import connect
from infra.settings import Settings
from infra.tools.doors_client import DoorsClient, token_of
from infra.tools.simulator.play import percentile
from schemas.domain.pseudonyms import Pseudonyms
from tests.bench.figures import Figure
from tests.bench.load import post_at_once
from tests.bench.questions import (
    RULES,
    answers,
    backward,
    forward,
    forward_question,
    forward_trace,
    path_to,
    place,
    timeline,
)
from tests.bench.world import (
    FILL_S,
    SINCE,
    UNTIL,
    World,
    cases_known,
    fill,
    people_about,
    people_scanned,
    settle,
    text_of,
)
from tests.running_stack import RunningStack

PROVINCE = World(presences=50_000_000, people=2_000_000, sites=6_000, posts=30, hubs=8)
CASES, CLUSTERS, COMPARED, AT_ONCE, TIMES, HANDED_OVER = 200, 30, 5, 20, 3, 20


def trace(_settings: Settings) -> list[Figure]:
    with TemporaryDirectory(prefix="bench") as directory:
        stack = RunningStack.plan(Path(directory), rate_limit_per_second=1_000_000)
        try:
            stack.require("api")
            with connect(stack.settings, "writer", timeout_s=FILL_S) as client:
                figures = list(_figures(stack.settings, client))
                stack.require("identify", "project")
                return [*figures, _handed_over(stack.settings, client)]
        finally:
            stack.down()


def _figures(settings: Settings, client: Client) -> Iterator[Figure]:
    filled_s = fill(client, PROVINCE)
    circumstances = {
        "presences": PROVINCE.presences,
        "people": PROVINCE.people,
        "merged_s": round(settle(client), 1),
    }
    yield Figure("trace: filling a province-year", filled_s, "s", 120, False, circumstances)
    people = people_about(client, CASES)
    yield from _traced(settings, people)
    yield answers(settings, timeline, people_scanned(client, CASES)).figure(
        "trace: timeline of a week", 20
    )
    yield answers(settings, backward, cases_known(client, CASES, CLUSTERS)).figure(
        "trace: backward over 14 days", 500
    )
    yield _at_once(settings, people)
    yield from _compared(settings, client, people)


def _traced(settings: Settings, people: Sequence[str]) -> Iterator[Figure]:
    for depth, most_ms in ((1, 100), (2, 500), (3, 2_000)):
        yield answers(settings, forward(depth), people).figure(f"trace: F0 → F{depth}", most_ms)
    as_known = forward(2, known_at=UNTIL.isoformat())
    yield answers(settings, as_known, people).figure(
        "trace: F0 → F2 as known then, and what has been learnt since", None
    )
    yield answers(settings, place(PROVINCE), people).figure("trace: place and hour", 50)
    strangers = dict(zip(people, (*people[1:], people[0]), strict=True))
    reached = _farthest(settings, people)
    yield answers(settings, path_to(strangers), people).figure(
        "trace: path between two whom nothing connects", 1_000
    )
    yield answers(settings, path_to(reached), list(reached)).figure(
        "trace: path between two who are connected", 1_000
    )


def _farthest(settings: Settings, people: Sequence[str]) -> dict[str, str]:
    """Returns for each person somebody whom a trace to F3 reaches last."""
    farthest = {}
    with DoorsClient(settings, "tracer") as doors:
        for person in people:
            contacts = forward_trace(doors, person, 3)["people"]
            if contacts:
                last = max(contacts, key=lambda contact: contact["generation"])
                farthest[person] = last["person_id"]
    return farthest


def _at_once(settings: Settings, people: Sequence[str]) -> Figure:
    """Compares traces to F2 begun at the same moment with the same traces one after the other.

    The figure is the median of several warm rounds, several of each group of people. Those who ask
    have machines of their own, so that asking must cost next to nothing here.
    """
    token = token_of(settings, "tracer")
    bodies = [orjson.dumps(forward_question(person, 2)) for person in people]

    def posted(group: Sequence[bytes]) -> list[float]:
        return asyncio.run(post_at_once(settings.api, "/traces/forward", token, group))

    groups = [bodies[first : first + AT_ONCE] for first in range(0, len(bodies), AT_ONCE)]
    for group in groups:
        posted(group)
    alone, at_once = list[float](), list[float]()
    for group in groups * TIMES:
        alone.append(sum(posted([body])[0] for body in group) / AT_ONCE)
        at_once.append(max(posted(group)))
    ratios = [slowest / single for single, slowest in zip(alone, at_once, strict=True)]
    circumstances = {
        "rounds": len(ratios),
        "worst": round(max(ratios), 1),
        "alone_ms": round(1000 * percentile(alone, 0.5), 1),
        "at_once_ms": round(1000 * percentile(at_once, 0.5), 1),
    }
    return Figure(
        f"trace: {AT_ONCE} at once, against one alone",
        percentile(ratios, 0.5),
        "×",
        3,
        False,
        circumstances,
    )


def _handed_over(settings: Settings, client: Client) -> Figure:
    """Measures from posting a case until its lists to F2 can be read at the communes.

    The slowest of several cases counts.
    """
    pseudonyms = Pseudonyms(settings.person_key.get_secret_value())
    taken, sizes = list[float](), list[int]()
    report = {"onset_at": (SINCE + timedelta(days=3)).isoformat(), "isolated_at": UNTIL.isoformat()}
    with DoorsClient(settings, "tracer") as doors:
        for number, like in enumerate(people_about(client, HANDED_OVER)):
            document = f"051190{number:06d}"
            client.command(
                text_of("province/case_like"),
                parameters={"person": pseudonyms.person(document), "like": like},
            )
            begun = time.perf_counter()
            case_id = doors.post("/cases", {"document_number": document, **report})["case_id"]
            handed = doors.post(
                "/handovers", {"case_id": case_id, "depth": 2, "rules_id": RULES, "follow_days": 14}
            )
            taken.append(time.perf_counter() - begun)
            sizes.append(len(handed["handovers"]))
            assert handed["shown"]
            assert sizes[-1]
    circumstances = {
        "cases": HANDED_OVER,
        "p50_s": round(percentile(taken, 0.5), 2),
        "lists_p50": sorted(sizes)[len(sizes) // 2],
    }
    return Figure(
        "trace: case posted until lists wait at the communes, slowest",
        max(taken),
        "s",
        10,
        False,
        circumstances,
    )


def _compared(settings: Settings, client: Client, people: Sequence[str]) -> Iterator[Figure]:
    """Compares our traces with the queries that an analyst would write, in the same run.

    The figure is the ratio of the medians over the same cases.
    """
    for name, depth in (("first_contacts_by_join", 1), ("second_contacts_by_recursion", 2)):
        query = text_of(name)
        by_hand, ours = list[float](), list[float]()
        with DoorsClient(settings, "tracer") as doors:
            for person in people[:COMPARED]:
                begun = time.perf_counter()
                client.query(query, parameters={"person": person, "since": SINCE, "until": UNTIL})
                by_hand.append(time.perf_counter() - begun)
                begun = time.perf_counter()
                forward_trace(doors, person, depth)
                ours.append(time.perf_counter() - begun)
        circumstances = {
            "by_hand_ms": round(1000 * percentile(by_hand, 0.5), 1),
            "ours_ms": round(1000 * percentile(ours, 0.5), 1),
            "cases": COMPARED,
        }
        ratio = percentile(by_hand, 0.5) / percentile(ours, 0.5)
        yield Figure(
            f"trace: F{depth} {name.rsplit('_', 1)[1]} by hand takes",
            ratio,
            "×",
            None,
            True,
            circumstances,
        )
