"""The doors: single posts, batches, and a scan's way to its verdict."""

import asyncio
import time
from uuid import uuid4

import orjson

from infra.doors_client import DoorsClient, token_of
from infra.settings import Settings
from infra.simulator.play import percentile
from tests.bench.figures import Figure
from tests.bench.load import CONNECTIONS, post_all

SINGLE_POSTS, BATCH_ROWS, BATCHES = 12_000, 10_000, 6
SCANS, SCANS_PER_SECOND = 1_000, 50
SCANNED_AT = "2021-09-15T03:00:00+00:00"


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
    asyncio.run(post_all(settings.api, "/declarations", token, bodies[:1_000]))
    seconds = asyncio.run(post_all(settings.api, "/declarations", token, bodies[1_000:]))
    rate = (SINGLE_POSTS - 1_000) / seconds
    return [Figure("door: single posts", rate, "1/s", 1_500, circumstances={"posts": SINGLE_POSTS - 1_000, "connections": CONNECTIONS})]


def door_batch(settings: Settings) -> list[Figure]:
    rows = [declaration(number) for number in range(BATCH_ROWS)]
    headings = list(rows[0])
    csv = "\n".join([";".join(headings), *(";".join(str(row[name]) for name in headings) for row in rows)]).encode()
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
        Figure("door: rows in batches, CSV", _rows_per_second(settings, csv, "text/csv"), "rows/s", 15_000, True, circumstances),
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
    taken: list[float] = []
    with DoorsClient(settings, "admin") as doors:
        post = {"name": "Chốt", "unit_code": "21481", "valid_from": "2021-01-01T00:00:00+00:00"}
        doors.put("/reference/checkpoints/bench", post)
        due = time.perf_counter()
        for number in range(SCANS):
            due += 1 / SCANS_PER_SECOND
            time.sleep(max(0.0, due - time.perf_counter()))
            begun = time.perf_counter()
            shown = {
                "shown": f"0510900{number:05d}",
                "checkpoint_id": "bench",
                "direction": "in",
                "scanned_at": "2021-09-15T03:00:00+00:00",
            }
            assert "decision" in doors.post("/scans?wait_ms=10000", shown)
            taken.append((time.perf_counter() - begun) * 1000)
    circumstances = {"scans": SCANS, "per second": SCANS_PER_SECOND}
    return [
        Figure("scan to verdict, p50", percentile(taken, 0.5), "ms", 25, False, circumstances),
        Figure("scan to verdict, p95", percentile(taken, 0.95), "ms", 75, False, circumstances),
    ]
