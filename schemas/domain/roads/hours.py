"""When a post is manned: from its opening to its closing time of day in Vietnam, past midnight too, unless it is closed."""

from datetime import datetime, time, timedelta, timezone

from schemas.contract.events import CheckpointDescribed

VIETNAM = timezone(timedelta(hours=7))


def is_manned(post: CheckpointDescribed, at: datetime) -> bool:
    if post.closed:
        return False
    now = at.astimezone(VIETNAM).time()
    opens, closes = _time(post.opens_at), _time(post.closes_at)
    if opens <= closes:
        return opens <= now < closes or closes == opens
    return now >= opens or now < closes


def _time(said: str | None) -> time:
    return time() if said is None else time.fromisoformat(said)
