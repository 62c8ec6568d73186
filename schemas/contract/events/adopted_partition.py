"""Holds the record `AdoptedPartition`, which is generated from its Avro schema."""

import msgspec


class AdoptedPartition(msgspec.Struct, frozen=True, gc=False):
    """A partition whose records from an offset on belong to the epoch."""

    topic: str
    """Name of the topic."""
    topic_id: str
    """Kafka's id of the topic, which a topic made anew does not share."""
    partition: int
    """Number of the partition."""
    first_offset: int
    """Stages read on from here, and the epoch holds from here on."""
    whole: bool = False
    """The log has all of the partition that was read before, as one that was restored does.

    Otherwise tables and states hold facts that it has no longer.
    """
