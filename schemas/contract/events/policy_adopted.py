"""Holds the record `PolicyAdopted`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import EventId
from schemas.contract.terms import Decision, ZoneLevel


class PolicyAdopted(msgspec.Struct, frozen=True, gc=False):
    """The rules of decision from an instant on: validity of declarations and what each finding
    leads to.
    """

    event_id: EventId
    """UUID of this event, made by the client or the door; a retry carries the same one."""
    policy_id: str
    """Name and version of the policy."""
    decisions: dict[str, Decision]
    """Decision per rule whose flag is open at the scan."""
    valid_from: datetime
    """In force from this instant."""
    received_at: datetime
    """When the door accepted it."""
    submitted_by: str
    """Account that sent it."""
    declaration_valid_hours: int = 72
    """How long a declaration counts from the time it was made."""
    speed_most_kmh: float = 120.0
    """Nobody travels faster than this between two posts, by road."""
    travel_slack_minutes: float = 10.0
    """What clocks and lengths of roads may be wrong by, between two scans."""
    detour_most_km: float = 20.0
    """How much longer the declared journey may be by way of the post where somebody is scanned."""
    arrival_late_minutes: float = 120.0
    """How long after the declared arrival a traveller may still be met on the way."""
    arrival_near_km: float = 20.0
    """Being this near by road to the destination counts as having arrived."""
    valid_to: datetime | None = None
    """In force until just before this instant; null: until the next change."""
    case_days: int = 28
    """For how many days from onset or sample a confirmed case that is met at a post is told."""
    controlled_levels: list[ZoneLevel] = msgspec.field(default_factory=lambda: ["red"])
    """Levels of places whose entering, leaving and inner movement is told."""
    red_share_least: float = 0.3
    """Share of very high parts (red) from which a district or province is very high (Decision
    2686).
    """
    orange_share_least: float = 0.5
    """Share of high or very high parts (orange, red) from which a district or province is very
    high.
    """
    green_lane_exempt: bool = False
    """Whether a vehicle with a valid permit in the green lane is asked for no declaration at posts.
    """
    test_required_levels: list[ZoneLevel] = []
    """Levels of zones whose entering, leaving or checking asks for a negative test result.

    Empty: no test is asked for.
    """
    test_valid_hours: int = 72
    """How long a negative result counts from when it was issued."""
    test_positive_days: int = 14
    """How long a positive result that no negative one follows is told.

    The default is ours: the sources do not say.
    """
    dose_interval_least_days: int = 14
    """Least days between two doses.

    The default is ours: the sources do not say, and it differs by product.
    """
    dose_products_together: list[str] = []
    """Vaccines that one person may get, a mix a line: names joined by +.

    Empty: mixes are not looked at.
    """
    verdict_valid_hours: int = 24
    """How long a decision may be relied on at most; the declaration that it rests on may end it
    earlier.

    The default is ours: the sources do not say.
    """
    way_back_declared: bool = True
    """Whether a declaration counts for the way back too.

    If not, who leaves at a post on the border under a declaration to come in, or the other way
    round, is told.
    """
    passages_allowed: list[str] = []
    """Between which levels of zones anybody may pass, a pair a line: the level left and the level
    entered, joined by > (orange>green).

    Empty: none is exempt.
    """
