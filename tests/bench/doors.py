"""Measures the doors: single posts, batches, and a scan's way to its verdict."""

import asyncio
import time
from uuid import uuid4

import orjson

from infra.settings import Settings
from infra.tools.doors_client import DoorsClient, token_of
from infra.tools.simulator.play import percentile
from tests.bench.figures import Figure
from tests.bench.load import CONNECTIONS, post_all, post_paced
from tests.bench.scale import SCALE, scaled

SINGLE_POSTS, WARM_POSTS = scaled(12_000), scaled(1_000)
BATCH_ROWS, BATCHES = scaled(10_000), 6
PACES, ORDINARY_PACE = (10, 50, 200, 500), 50
"""Paces are in scans a second."""
WARM_UP_S, SCANS_S = 2.0, 20.0 * SCALE


def declaration(number: int) -> dict[str, object]:
    return {
        "declaration_id": str(uuid4()),
        "document_number": f"0510900{number % 100_000:05d}",
        "full_name": "Nguyễn Văn An",
        "birth_date": "1990-02-17",
        "sex": "male",
        "phone": "0900000000",
        "origin_code": "21025",
        "destination_code": "21439",
        "departure_at": "2021-09-15T03:00:00+00:00",
        "declared_at": "2021-09-15T01:00:00+00:00",
        "transport_mode": "motorbike",
        "vehicle_plate": "76C12345",
    }


def door_single(settings: Settings) -> list[Figure]:
    token = token_of(settings, "admin")
    bodies = [orjson.dumps(declaration(number)) for number in range(SINGLE_POSTS)]
    asyncio.run(post_all(settings.api, "/declarations", token, bodies[:WARM_POSTS]))
    seconds = asyncio.run(post_all(settings.api, "/declarations", token, bodies[WARM_POSTS:]))
    rate = (SINGLE_POSTS - WARM_POSTS) / seconds
    return [
        Figure(
            "door: single posts",
            rate,
            "1/s",
            1_500,
            circumstances={"posts": SINGLE_POSTS - WARM_POSTS, "connections": CONNECTIONS},
        )
    ]


def door_batch(settings: Settings) -> list[Figure]:
    rows = [declaration(number) for number in range(BATCH_ROWS)]
    headings = list(rows[0])
    lines = [";".join(map(str, row.values())) for row in rows]
    csv = "\n".join([";".join(headings), *lines]).encode()
    ndjson = b"\n".join(map(orjson.dumps, rows))
    circumstances = {"rows": BATCH_ROWS * BATCHES}
    return [
        Figure(
            "door: rows in batches, NDJSON",
            _rows_per_second(settings, ndjson, "application/x-ndjson"),
            "rows/s",
            15_000,
            True,
            circumstances,
        ),
        Figure(
            "door: rows in batches, CSV",
            _rows_per_second(settings, csv, "text/csv"),
            "rows/s",
            15_000,
            True,
            circumstances,
        ),
    ]


def _rows_per_second(settings: Settings, content: bytes, content_type: str) -> float:
    with DoorsClient(settings, "admin") as doors:
        doors.post_table("/declarations/batch", content, content_type)
        begun = time.perf_counter()
        for _ in range(BATCHES):
            answer = doors.post_table("/declarations/batch", content, content_type)
            assert answer["accepted"] == BATCH_ROWS, answer["rows"][:1]
        return BATCHES * BATCH_ROWS / (time.perf_counter() - begun)


def scan_to_verdict(settings: Settings) -> list[Figure]:
    """Measures from the moment a scan is due to its verdict at the checkpoint, at several paces.

    Each pace is kept up for a while before it counts.
    """
    describe_checkpoint(settings)
    figures = list[Figure]()
    for pace in PACES:
        figures += _at_pace(settings, pace)
    return figures


def describe_checkpoint(settings: Settings) -> None:
    with DoorsClient(settings, "admin") as doors:
        checkpoint = {
            "name": "Chốt",
            "unit_code": "21481",
            "valid_from": "2021-01-01T00:00:00+00:00",
        }
        doors.put("/reference/checkpoints/bench", checkpoint)


def verdicts_at_pace(settings: Settings, pace: int, minute: int) -> list[float]:
    """Returns the milliseconds from the moment each scan was due to its verdict.

    All scans are at one `minute` of the hour, so that no other pace has the same ones.
    """
    token = token_of(settings, "admin")
    bodies = [shown_at(minute, number) for number in range(int(pace * (WARM_UP_S + SCANS_S)))]
    begun = int(pace * WARM_UP_S)
    door = "/scans?wait_ms=10000"
    asyncio.run(post_paced(settings.api, door, token, bodies[:begun], pace))
    all_taken_s = asyncio.run(post_paced(settings.api, door, token, bodies[begun:], pace))
    return [1000 * taken_s for taken_s in all_taken_s]


def _at_pace(settings: Settings, pace: int) -> list[Figure]:
    taken_ms = verdicts_at_pace(settings, pace, PACES.index(pace))
    circumstances = {"scans": len(taken_ms), "per second": pace, "most_ms": round(max(taken_ms), 1)}
    named = "scan to verdict" if pace == ORDINARY_PACE else f"scan to verdict at {pace}/s"
    aims = (25.0, 75.0) if pace == ORDINARY_PACE else (None, None)
    return [
        Figure(f"{named}, {title}", percentile(taken_ms, share), "ms", aim, False, circumstances)
        for title, share, aim in zip(("p50", "p95"), (0.5, 0.95), aims, strict=True)
    ]


def shown_at(minute: int, number: int) -> bytes:
    """Returns a scan; each scan of a minute has a person of its own."""
    return orjson.dumps(
        {
            "shown": f"0510900{number:05d}",
            "checkpoint_id": "bench",
            "direction": "in",
            "scanned_at": f"2021-09-15T03:{minute:02d}:00+00:00",
        }
    )
