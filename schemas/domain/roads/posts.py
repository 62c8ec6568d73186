"""The province's posts (*chốt kiểm soát*) of 2021 as far as they are known: shipped, and in force until somebody describes them."""

import csv
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache

from schemas.contract.events import CheckpointDescribed
from schemas.contract.ids import EventId
from schemas.domain.roads.network import FOLDER, nodes

SHIPPED_FROM = datetime(2021, 1, 1, tzinfo=UTC)


@cache
def shipped_posts() -> Mapping[str, CheckpointDescribed]:
    """By checkpoint id. Which road a post is on comes from reports of the time; its position is estimated, its lanes and hours nobody wrote
    down."""
    with (FOLDER / "posts.csv").open(encoding="utf-8", newline="") as table:
        return {row["checkpoint_id"]: _post(row) for row in csv.DictReader(table)}


def is_confirmed(checkpoint_id: str) -> bool | None:
    """Whether a report of the time names the shipped post; None for a post that is not shipped."""
    return nodes()[checkpoint_id].confirmed if checkpoint_id in shipped_posts() else None


def _post(row: Mapping[str, str]) -> CheckpointDescribed:
    return CheckpointDescribed(
        event_id=EventId(f"shipped {row['checkpoint_id']}"),
        checkpoint_id=row["checkpoint_id"],
        name=row["name"],
        unit_code=row["unit_code"],
        road=row["road"],
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        valid_from=SHIPPED_FROM,
        received_at=SHIPPED_FROM,
        submitted_by="",
    )
