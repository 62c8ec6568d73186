"""Holds the record `LogAdopted`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.events.adopted_partition import AdoptedPartition
from schemas.contract.ids import EventId


class LogAdopted(msgspec.Struct, frozen=True, gc=False):
    """An operator adopted a log whose offsets begin anew, or end earlier than before; a new epoch
    of versions begins with it.
    """

    event_id: EventId
    """UUID of this event; a retry carries the same one."""
    epoch: int
    """Number of the epoch, higher than every earlier one.

    Versions of records from then on are epoch * 2^48 + offset.
    """
    cluster_id: str
    """Kafka's id of the cluster that has the log."""
    partitions: list[AdoptedPartition]
    """The partitions that were adopted. The others keep the epoch they have."""
    reason: str
    """Why the log was adopted, as the operator says."""
    adopted_at: datetime
    """When the log was adopted."""
