"""Says when a checkpoint is manned: from its opening to its closing time of day in Vietnam."""

from datetime import datetime, time

from schemas.contract.events import CheckpointDescribed
from schemas.domain.local_time import VIETNAM

MIDNIGHT = time()


def is_manned(checkpoint: CheckpointDescribed, at: datetime) -> bool:
    """Returns whether the checkpoint is open at an instant; its hours may go past midnight.

    Equal times of opening and closing mean all day.
    """
    if checkpoint.closed:
        return False
    now = at.astimezone(VIETNAM).time()
    opens, closes = _time(checkpoint.opens_at), _time(checkpoint.closes_at)
    if opens == closes:
        return True
    if opens < closes:
        return opens <= now < closes
    return now >= opens or now < closes


def _time(text: str | None) -> time:
    return MIDNIGHT if text is None else time.fromisoformat(text)
