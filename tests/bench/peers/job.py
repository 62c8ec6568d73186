"""The job that every entrant does: it flags a scan that nobody could have driven to.

It remembers each document's last scan. It keeps to the standard library and fastavro, because
entrants run it in environments of their own.
"""

import io
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import fastavro

FRAME_BYTES = 5
EARTH_KM = 6371.0
MAX_KM_PER_HOUR = 150.0
MIN_MS = 1_000
RULE, REASON = "impossible_travel", "impossible_speed"
Seen = tuple[int, str, str]
"""A scan's time in milliseconds, its checkpoint and its id."""
Pair = tuple[str, str]
"""Ids of the scan before and of the flagged one; they identify a flag."""


@dataclass(frozen=True, slots=True)
class Task:
    """An entrant gets this as a JSON file; the Java entrant reads the same."""

    bootstrap: str
    source: str
    sink: str
    group: str
    directory: str
    session_timeout_ms: int
    partitions: int
    options: Mapping[str, str]
    posts: Mapping[str, tuple[float, float]]
    """Latitude and longitude of each checkpoint."""
    scan_schema: Mapping[str, Any]
    flag_schema: Mapping[str, Any]
    flag_schema_id: int

    @classmethod
    def read(cls, path: str) -> "Task":
        return cls(**json.loads(Path(path).read_text(encoding="utf-8")))


def speed_limit(posts: Mapping[str, tuple[float, float]]) -> Callable[[Seen, Seen], bool]:
    """Returns a function that tells whether two scans are nearer in time than anybody can drive."""
    drive_ms: dict[str, dict[str, float]] = {}
    for post, place in posts.items():
        drive_ms[post] = {
            other: 3_600_000 * _km(place, to) / MAX_KM_PER_HOUR for other, to in posts.items()
        }

    def too_fast(before: Seen, scan: Seen) -> bool:
        return drive_ms[before[1]][scan[1]] > max(abs(scan[0] - before[0]), MIN_MS)

    return too_fast


def _km(place: tuple[float, float], to: tuple[float, float]) -> float:
    latitude, longitude = map(math.radians, place)
    to_latitude, to_longitude = map(math.radians, to)
    half = math.sin((to_latitude - latitude) / 2) ** 2
    half += (
        math.cos(latitude) * math.cos(to_latitude) * math.sin((to_longitude - longitude) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(math.sqrt(half))


def scan_reader(task: Task) -> Callable[[bytes], Seen]:
    schema = fastavro.parse_schema(dict(task.scan_schema))

    def read(value: bytes) -> Seen:
        body = io.BytesIO(value)
        body.seek(FRAME_BYTES)
        scan: Any = fastavro.schemaless_reader(body, schema, None)
        return round(scan["scanned_at"].timestamp() * 1000), scan["checkpoint_id"], scan["event_id"]

    return read


def flag_writer(task: Task) -> Callable[[str, Seen, Seen], bytes]:
    schema = fastavro.parse_schema(dict(task.flag_schema))
    header = b"\x00" + task.flag_schema_id.to_bytes(4, "big")

    def write(document_key: str, before: Seen, scan: Seen) -> bytes:
        body = io.BytesIO()
        body.write(header)
        fastavro.schemaless_writer(body, schema, flag(document_key, before, scan))
        return body.getvalue()

    return write


def flag(document_key: str, before: Seen, scan: Seen) -> dict[str, Any]:
    """Returns the fields of a `FlagRaised`."""
    at = datetime.fromtimestamp(scan[0] / 1000, UTC)
    return {
        "flag_id": scan[2],
        "person_id": document_key,
        "rule": RULE,
        "subject": scan[2],
        "reasons": [REASON],
        "causes": [before[2], scan[2]],
        "occurred_at": at,
        "reference_version": 0,
        "version": 0,
        "raised_at": at,
    }
