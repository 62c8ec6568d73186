"""The requests for traces, and the period in which the case of a trace may infect others."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Self, get_args
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from api.http.fields import Input, Instant, Until
from api.http.problems import FieldFault, Problem, invalid
from api.tracing.places import PART, known_place
from schemas.contract.errors import UnreadablePlate
from schemas.contract.events import ExposureRulesAdopted
from schemas.contract.terms import PlaceKind
from schemas.domain.pseudonyms import Pseudonyms
from schemas.domain.reference import LATEST, ReferenceAsOf

MAX_PERIOD = timedelta(days=60)
PersonIdIn = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
PLACE_KINDS = get_args(PlaceKind)
MAX_PART_LEVELS = 3
"""Most levels of parts: a presence in a part is written down at each level."""


def _valid_place(place: str) -> str:
    """Refuses a mistyped kind: it would meet nobody, and keep a plate as it is written."""
    if place.partition(":")[0] not in PLACE_KINDS:
        raise ValueError(f"its kind is none of {', '.join(PLACE_KINDS)}")
    if not place.isprintable():
        raise ValueError("it has characters that cannot be written")
    _, *parts = place.split(PART)
    begins_with_part = place.partition(":")[2].startswith(PART)
    if len(parts) > MAX_PART_LEVELS or not all(parts) or begins_with_part:
        raise ValueError(
            f"a part follows the place after a {PART}, on at most {MAX_PART_LEVELS} levels"
        )
    return place


PlaceIn = Annotated[str, Field(pattern=r"^[a-z]+:.{1,200}$"), AfterValidator(_valid_place)]
"""A place is `kind:id`, as in the table `presences`: `post:binh-de`, `vehicle:<pseudonym>`.

It may be a part of a place too: `site:market/stall-3`. A vehicle's pseudonym is that of its plate.
"""


class MilestoneIn(Input):
    """A place and time of the case that was reported to the tracer (mốc dịch tễ).

    The milestone counts in this trace alone.
    """

    place: PlaceIn
    began_at: Instant
    ended_at: Until

    @model_validator(mode="after")
    def end_within_a_day(self) -> Self:
        if not self.began_at <= self.ended_at <= self.began_at + timedelta(days=1):
            raise ValueError(
                "ended_at does not lie within a day after began_at; give a longer stay as several"
            )
        return self


class AboutCase(Input):
    """A request about a registered case by `case_id`, or about a person.

    The person has symptoms since `onset_at`, or none and a positive sample at `sampled_at`.
    """

    case_id: UUID | None = None
    person_id: PersonIdIn | None = None
    onset_at: Instant | None = None
    sampled_at: Instant | None = None
    rules_id: str | None = None
    """Name of the set of rules.

    Default: the set in force at the onset, the sample, or the beginning.
    """
    days_before_sampling: Annotated[int | None, Field(ge=0, le=30)] = None
    """Days before the sample; for a set of rules that does not settle the number."""
    known_at: Instant | None = None
    """Time as of which the trace is answered: as it would have been answered then.

    What was received later is left out, links and households included.
    """
    most_per_stay: Annotated[int, Field(ge=1, le=2_000)] = 200
    """Number of people listed for one stay, the strongest contacts first.

    The answer tells how many more there were.
    """

    @model_validator(mode="after")
    def say_who(self) -> Self:
        if (self.case_id is None) == (self.person_id is None):
            raise ValueError("give either case_id or person_id")
        return self

    @property
    def dated(self) -> datetime | None:
        return self.onset_at or self.sampled_at


class ForwardIn(AboutCase):
    """A request about a registered case by `case_id`, or about a person.

    The person has symptoms since `onset_at`, or none and a positive sample at `sampled_at`, or may
    have infected others from `since` on.
    """

    since: Instant | None = None
    isolated_at: Until | None = None
    """End of the period in which the case may have infected others.

    Default: `known_at`, or now. A case isolated before it could infect anybody leads to nobody.
    """
    contacts_isolated_at: Until | None = None
    """Until then whoever it led to may have infected others in turn.

    By the rules that time ends when a person is isolated. Orders give it for some people; this
    field gives it for the others. Default: the isolation of the case, which the answer then names
    as assumed.
    """
    depth: Annotated[int, Field(ge=1, le=4)] = 2
    milestones: list[MilestoneIn] = Field(default_factory=list, max_length=100)
    without: list[PersonIdIn] = Field(default_factory=list, max_length=1_000)
    """People taken not to have been infected: nobody is reached through them."""
    most_contacts: Annotated[int, Field(ge=1, le=1_000)] = 5
    """Number of contacts of one person listed as evidence, the strongest first.

    The answer tells how many more there were.
    """
    most_followed: Annotated[int, Field(ge=1, le=20_000)] = 5_000
    """Number of people of one generation whose contacts are asked for, the strongest first.

    The answer tells how many people were left out.
    """

    @property
    def dated(self) -> datetime | None:
        return self.onset_at or self.sampled_at or self.since


class BackwardIn(AboutCase):
    """A request about a registered case by `case_id`, or about a person.

    The person has symptoms since `onset_at`, or none and a positive sample at `sampled_at`.
    """

    days_before: Annotated[int, Field(ge=1, le=30)]
    """Most days before the onset, or the sample, at which the case may have caught it.

    No decision we know settles the number, so it must be given.
    """
    days_before_least: Annotated[int | None, Field(ge=1, le=29)] = None
    """Least days before the onset, or the sample: the shortest incubation.

    People whom the case met later did not infect it. No decision we know settles the number.
    Default: the case may have caught it until the onset, which the answer names as assumed.
    """
    infectious_days: Annotated[int | None, Field(ge=1, le=60)] = None
    """Days after its onset, or its sample, for which a known case may infect others.

    The number is for cases whose isolation nobody reported. No decision we know settles it.
    Default: such a case may infect without end, which the answer names as assumed.
    """
    most_sources: Annotated[int, Field(ge=1, le=2_000)] = 100


def known_place_of(place: str, pseudonyms: Pseudonyms, field: str) -> str:
    """Returns the place as tables know it, a vehicle by its pseudonym. Raises `Problem`."""
    try:
        return known_place(place, pseudonyms)
    except UnreadablePlate as unreadable:
        raise _fault(field, str(unreadable)) from None


def with_known_places(
    milestones: Sequence[MilestoneIn], pseudonyms: Pseudonyms
) -> list[MilestoneIn]:
    """Returns the milestones at places as tables know them. Raises `Problem`."""
    known = list[MilestoneIn]()
    for number, milestone in enumerate(milestones):
        place = known_place_of(milestone.place, pseudonyms, f"milestones.{number}.place")
        known.append(milestone.model_copy(update={"place": place}))
    return known


def rules_of(
    known: ReferenceAsOf,
    rules_id: str | None,
    at: datetime | None,
    known_at: datetime | None = None,
) -> ExposureRulesAdopted:
    """Returns the set of rules of that name as of `at`, or the one in force then.

    Both count as adopted by `known_at`. Raises `Problem` where there is none.
    """
    if rules_id is not None:
        rules = known.exposure_rules_named(rules_id, at or LATEST, known_at)
    else:
        rules = known.exposure_rules_at(at, known_at) if at else None
    if not rules:
        names = ", ".join(sorted(known.exposure_rules(known_at)))
        raise _fault("rules_id", f"name a set of rules; there are {names}")
    return rules


def period_of(
    request: ForwardIn, rules: ExposureRulesAdopted, *, capped: bool = False
) -> tuple[datetime, datetime]:
    """Returns the period in which the case may infect others.

    Raises `Problem` where the request does not say enough, or the rules do not settle what it
    leaves open. `capped` ends a period that nobody ended after 60 days.
    """
    since = _since(request, rules)
    until = request.isolated_at or request.known_at or datetime.now(UTC)
    if capped and request.isolated_at is None:
        until = min(until, since + MAX_PERIOD)
    _refuse_unusable_period(request, since, until)
    _refuse_unusable_isolation_of_contacts(request, since)
    return since, until


def _refuse_unusable_period(request: ForwardIn, since: datetime, until: datetime) -> None:
    if not since - MAX_PERIOD <= until <= since + MAX_PERIOD:
        reason = (
            f"the case would be infectious from {since:%Y-%m-%d} to {until:%Y-%m-%d}; "
            "these lie at most 60 days apart"
        )
        if request.case_id is not None:
            raise _fault("case_id", f"{reason}: report the case again, with isolated_at")
        raise _fault("isolated_at", reason)
    if request.isolated_at is None and until <= since:
        raise _fault(
            "isolated_at",
            f"the case could infect others only from {since:%Y-%m-%d} on: "
            "say when it was isolated, if it was before",
        )


def _refuse_unusable_isolation_of_contacts(request: ForwardIn, since: datetime) -> None:
    isolated_at = request.contacts_isolated_at
    if isolated_at is not None and not since <= isolated_at <= since + MAX_PERIOD:
        raise _fault(
            "contacts_isolated_at",
            f"it does not lie within 60 days after {since:%Y-%m-%d}, when the case began to infect",
        )


def _since(request: ForwardIn, rules: ExposureRulesAdopted) -> datetime:
    if request.since is not None:
        return request.since
    if request.onset_at is not None:
        return request.onset_at - timedelta(days=rules.days_before_onset)
    if request.sampled_at is None:
        raise _fault("onset_at", "give onset_at, sampled_at or since")
    days = request.days_before_sampling
    if days is None:
        days = rules.days_before_sampling
    if days is None:
        reason = f"{rules.source} does not settle it for a case without symptoms: say it here"
        raise _fault("days_before_sampling", reason)
    return request.sampled_at - timedelta(days=days)


def _fault(field: str, reason: str) -> Problem:
    return invalid([FieldFault(field=field, reason=reason)])
