"""Holds the record `ExposureRulesAdopted`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import EventId


class ExposureRulesAdopted(msgspec.Struct, frozen=True, gc=False):
    """What counts as contact, as one decision has it: a named set of parameters for traces, in
    force from an instant on.
    """

    event_id: EventId
    """UUID of this event, made by the client or the door; a retry carries the same one."""
    rules_id: str
    """Name of the set; one adopted again under the same name replaces the earlier from its
    valid_from on.
    """
    source: str
    """The decision it comes from."""
    days_before_onset: int
    """Number of days before the first symptoms from which a case may infect others."""
    overlap_minutes: float
    """Least time together, where both stays have a length."""
    distance_most_m: float
    """Farther apart, in metres, where a distance was measured, is no contact."""
    apart_minutes: dict[str, float]
    """Minutes by kind of place: how far apart two moments may be and still count as being there
    together.
    """
    valid_from: datetime
    """In force from this instant."""
    received_at: datetime
    """When the door accepted it."""
    submitted_by: str
    """Account that sent it."""
    days_before_sampling: int | None = None
    """The same for a case without symptoms, before the positive sample; null: not settled."""
    latent_hours: float = 0.0
    """From exposure until a contact may infect others."""
    vehicles_count: bool = True
    """Whether those who shared a vehicle are contacts."""
    households_count: bool = True
    """Whether those who share a household of the register are contacts."""
    follow_days: int | None = None
    """For how many days after the last exposure a contact is watched; null: not settled."""
    assumed: list[str] = []
    """Parameters that the decision does not settle and this set therefore only proposes."""
    valid_to: datetime | None = None
    """In force until just before this instant; null: until the next change."""
    uncertain_minutes: dict[str, float] = {}
    """Minutes by granularity: how far a period known no more exactly may be off.

    That much time together weighs nothing. Absent: nothing.
    """
