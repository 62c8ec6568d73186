"""The province's checkpoints (*chốt kiểm soát*) of 2021 as far as they are known.

They are shipped, and in force until a described one takes their place.
"""

import csv
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache

from schemas.contract.events import CheckpointDescribed
from schemas.contract.ids import EventId
from schemas.domain.roads.network import FOLDER, nodes

SHIPPED_FROM = datetime(2021, 1, 1, tzinfo=UTC)


@cache
def shipped_checkpoints() -> Mapping[str, CheckpointDescribed]:
    """Returns the shipped checkpoints by id.

    The road of each comes from reports of the time. Its position is estimated; its lanes and hours
    were never written down.
    """
    with (FOLDER / "posts.csv").open(encoding="utf-8", newline="") as table:
        return {row["checkpoint_id"]: _post(row) for row in csv.DictReader(table)}


def is_confirmed(checkpoint_id: str) -> bool | None:
    """Returns whether a report of the time names the checkpoint; None if it is not shipped."""
    return nodes()[checkpoint_id].confirmed if checkpoint_id in shipped_checkpoints() else None


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
