"""Holds the record `KnownPeriod`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec


class KnownPeriod(msgspec.Struct, frozen=True, gc=False):
    """A time in which an entry was known to be a person's, until a link moved it."""

    known_from: datetime
    known_until: datetime
