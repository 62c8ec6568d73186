"""What a tracer asks of a forward trace, and the period in which its case may have infected others."""

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

PERIOD_MOST = timedelta(days=60)
PersonIdIn = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
PLACE_KINDS = get_args(PlaceKind)
PARTS_MOST = 3
"""Levels of parts: whoever is in one is written down at each."""


def _of_a_kind(place: str) -> str:
    """A mistyped kind would meet nobody, and keep a plate as it is written."""
    if place.partition(":")[0] not in PLACE_KINDS:
        raise ValueError(f"its kind is none of {', '.join(PLACE_KINDS)}")
    if not place.isprintable():
        raise ValueError("it has characters that cannot be written")
    _, *parts = place.split(PART)
    if len(parts) > PARTS_MOST or not all(parts) or place.partition(":")[2].startswith(PART):
        raise ValueError(f"a part follows the place after a {PART}, on at most {PARTS_MOST} levels")
    return place


PlaceIn = Annotated[str, Field(pattern=r"^[a-z]+:.{1,200}$"), AfterValidator(_of_a_kind)]
"""`kind:id`, as in the table `presences`: `post:binh-de`, `vehicle:<pseudonym of the plate>`; or a part of it: `site:market/stall-3`."""


class MilestoneIn(Input):
    """Where the case was, as it was told to the tracer (mốc dịch tễ): counts in this trace alone."""

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
    """A registered case by `case_id`, or a person with symptoms since `onset_at`, or with a positive sample at `sampled_at` and none."""

    case_id: UUID | None = None
    person_id: PersonIdIn | None = None
    onset_at: Instant | None = None
    sampled_at: Instant | None = None
    rules_id: str | None = None
    """Which set of rules; the one in force at the onset, sample or beginning, if not given."""
    days_before_sampling: Annotated[int | None, Field(ge=0, le=30)] = None
    """For a set of rules that does not settle it."""
    known_at: Instant | None = None
    """The answer as it would have been given then: what was received later is left out, links and households included."""
    most_per_stay: Annotated[int, Field(ge=1, le=2_000)] = 200
    """People listed for one stay, the strongest contacts first; how many more there were is told."""

    @model_validator(mode="after")
    def say_who(self) -> Self:
        if (self.case_id is None) == (self.person_id is None):
            raise ValueError("give either case_id or person_id")
        return self

    @property
    def dated(self) -> datetime | None:
        return self.onset_at or self.sampled_at


class ForwardIn(AboutCase):
    """A registered case by `case_id`; or a person with symptoms since `onset_at`, or with a positive sample at `sampled_at` and none, or
    one who may have infected others from `since` on."""

    since: Instant | None = None
    isolated_at: Until | None = None
    """Until then the case may have infected others; until it is asked (`known_at`, or now), if not given. A case isolated before it could
    infect anybody leads to nobody."""
    contacts_isolated_at: Until | None = None
    """Until then whoever it led to may have infected others in turn: the rules say until they are isolated. Orders say that of some; the
    others are taken to be isolated when the case is, if this is not given, which the answer names among what is assumed."""
    depth: Annotated[int, Field(ge=1, le=4)] = 2
    milestones: list[MilestoneIn] = Field(default_factory=list, max_length=100)
    without: list[PersonIdIn] = Field(default_factory=list, max_length=1_000)
    """What if these had not been infected: nobody is reached through them."""
    most_contacts: Annotated[int, Field(ge=1, le=1_000)] = 5
    """Contacts listed for one person as evidence, the strongest first; how many more there are is told."""
    most_followed: Annotated[int, Field(ge=1, le=20_000)] = 5_000
    """People of one generation whose own contacts are asked for, the strongest contacts first; how many were not is told."""

    @property
    def dated(self) -> datetime | None:
        return self.onset_at or self.sampled_at or self.since


class BackwardIn(AboutCase):
    """A registered case by `case_id`; or a person with symptoms since `onset_at`, or with a positive sample at `sampled_at` and none."""

    days_before: Annotated[int, Field(ge=1, le=30)]
    """How long before the onset (or the sample) the case may have caught it; no decision we know settles it, so say it."""
    days_before_least: Annotated[int | None, Field(ge=1, le=29)] = None
    """How long before it the case had caught it at least (the shortest incubation): whom it met later did not infect it. No decision we
    know settles it: without it the case may have caught it until the onset, which the answer names among what is assumed."""
    infectious_days: Annotated[int | None, Field(ge=1, le=60)] = None
    """For how long after its onset (or sample) a known case may have infected others whose isolation nobody reported. No decision we know
    settles it: without it such a case counts without end, which the answer names among what is assumed."""
    most_sources: Annotated[int, Field(ge=1, le=2_000)] = 100


def read_place(place: str, pseudonyms: Pseudonyms, field: str) -> str:
    """As the tables know it: a vehicle by its pseudonym. Raises `Problem`."""
    try:
        return known_place(place, pseudonyms)
    except UnreadablePlate as unreadable:
        raise _fault(field, str(unreadable)) from None


def placed(milestones: Sequence[MilestoneIn], pseudonyms: Pseudonyms) -> list[MilestoneIn]:
    return [
        one.model_copy(
            update={"place": read_place(one.place, pseudonyms, f"milestones.{number}.place")}
        )
        for number, one in enumerate(milestones)
    ]


def rules_of(
    known: ReferenceAsOf,
    rules_id: str | None,
    at: datetime | None,
    known_at: datetime | None = None,
) -> ExposureRulesAdopted:
    """The set of that name as of `at`, or the one in force then, as adopted by `known_at`. Raises `Problem` where there is none."""
    if rules_id is not None:
        found = known.exposure_rules_named(rules_id, at or LATEST, known_at)
    else:
        found = known.exposure_rules_at(at, known_at) if at else None
    if not found:
        raise _fault(
            "rules_id",
            f"name a set of rules; there are {', '.join(sorted(known.exposure_rules(known_at)))}",
        )
    return found


def period_of(
    question: ForwardIn, rules: ExposureRulesAdopted, *, cut: bool = False
) -> tuple[datetime, datetime]:
    """Raises `Problem` where the question does not say enough, or the rules do not settle what it leaves open. `cut`: one that nobody
    ended ends after 60 days."""
    since, until = (
        _since(question, rules),
        question.isolated_at or question.known_at or datetime.now(UTC),
    )
    if cut and question.isolated_at is None:
        until = min(until, since + PERIOD_MOST)
    if not since - PERIOD_MOST <= until <= since + PERIOD_MOST:
        reason = f"the case would be infectious from {since:%Y-%m-%d} to {until:%Y-%m-%d}; these lie at most 60 days apart"
        if question.case_id is not None:
            raise _fault("case_id", f"{reason}: report the case again, with isolated_at")
        raise _fault("isolated_at", reason)
    if question.isolated_at is None and until <= since:
        raise _fault(
            "isolated_at",
            f"the case could infect others only from {since:%Y-%m-%d} on: say when it was isolated, if it was before",
        )
    if (
        question.contacts_isolated_at is not None
        and not since <= question.contacts_isolated_at <= since + PERIOD_MOST
    ):
        raise _fault(
            "contacts_isolated_at",
            f"it does not lie within 60 days after {since:%Y-%m-%d}, when the case began to infect",
        )
    return since, until


def _since(question: ForwardIn, rules: ExposureRulesAdopted) -> datetime:
    if question.since is not None:
        return question.since
    if question.onset_at is not None:
        return question.onset_at - timedelta(days=rules.days_before_onset)
    if question.sampled_at is None:
        raise _fault("onset_at", "give onset_at, sampled_at or since")
    days = (
        rules.days_before_sampling
        if question.days_before_sampling is None
        else question.days_before_sampling
    )
    if days is None:
        raise _fault(
            "days_before_sampling",
            f"{rules.source} does not settle it for a case without symptoms: say it here",
        )
    return question.sampled_at - timedelta(days=days)


def _fault(field: str, reason: str) -> Problem:
    return invalid([FieldFault(field=field, reason=reason)])
