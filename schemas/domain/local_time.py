"""The time zone of Vietnam, in which people write times of day."""

from datetime import timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))
