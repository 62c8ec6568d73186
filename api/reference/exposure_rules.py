"""The doors for exposure rules: what counts as contact for traces.

Each decision is one named set, and reference data.
"""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request
from msgspec.structs import asdict
from pydantic import Field, field_validator

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.doors.batches import BatchResult, batch_route
from api.doors.services import ServicesDep
from api.http.fields import EmptyIsNone, Output, Short, Words, pairs_of_cell
from api.reference.facts import PeriodIn, ReferenceAccepted, accept_fact, accept_facts, provenance
from schemas.contract.events import ExposureRulesAdopted
from schemas.contract.terms import Granularity, PlaceKind

router = APIRouter(prefix="/reference/exposure-rules", tags=["reference"])
Minutes = Annotated[float, Field(ge=0, le=24 * 60)]
Days = Annotated[int, Field(ge=0, le=60)]
ASSUMABLE = frozenset(ExposureRulesAdopted.__struct_fields__)
"""The parameters that a set may name as assumed."""


class ExposureRulesIn(PeriodIn):
    """`days_before_sampling` and `follow_days` stay empty where the decision does not settle them:
    then whoever traces has to say. `apart_minutes` by kind of place; in a table `post=15,
    vehicle=60`. `uncertain_minutes` by granularity, likewise: how far such a period may be off; so
    much time together weighs nothing."""

    source: Short
    days_before_onset: Days
    days_before_sampling: Annotated[Days | None, EmptyIsNone] = None
    overlap_minutes: Minutes = 0
    distance_most_m: Annotated[float, Field(gt=0, le=1_000)] = 2
    apart_minutes: dict[PlaceKind, Minutes] = Field(default_factory=dict)
    uncertain_minutes: dict[Granularity, Minutes] = Field(default_factory=dict)
    latent_hours: Annotated[float, Field(ge=0, le=24 * 14)] = 0
    vehicles_count: bool = True
    households_count: bool = True
    follow_days: Annotated[Days | None, EmptyIsNone] = None
    assumed: Words = Field(default_factory=list)

    @field_validator("apart_minutes", "uncertain_minutes", mode="before")
    @classmethod
    def read_cell(cls, value: Any) -> Any:
        return pairs_of_cell(value)

    @field_validator("assumed")
    @classmethod
    def name_parameters(cls, value: list[str]) -> list[str]:
        unknown = sorted(set(value) - ASSUMABLE)
        if unknown:
            raise ValueError(f"no parameter is called {', '.join(unknown)}")
        return value


class ExposureRulesRowIn(ExposureRulesIn):
    rules_id: Short


class ExposureRulesOut(Output):
    """`valid_to` empty: until the next set. `shipped`: nobody has adopted a set of this name here;
    this is the product's own."""

    rules_id: str
    source: str
    days_before_onset: int
    days_before_sampling: int | None
    overlap_minutes: float
    distance_most_m: float
    apart_minutes: dict[str, float]
    uncertain_minutes: dict[str, float]
    latent_hours: float
    vehicles_count: bool
    households_count: bool
    follow_days: int | None
    assumed: list[str]
    valid_from: datetime
    valid_to: datetime | None
    shipped: bool


class ExposureRulesList(Output):
    exposure_rules: list[ExposureRulesOut]


@router.get("")
async def list_exposure_rules(
    account: Annotated[Account, requires("register", "tracer", "analyst")], services: ServicesDep
) -> ExposureRulesList:
    """Every set that a trace may name, in the order in which they come into force."""
    known = services.reference.latest.exposure_rules()
    in_order = sorted(known.values(), key=lambda rules: rules.valid_from)
    return ExposureRulesList(exposure_rules=[_out(rules) for rules in in_order])


@router.put("/{rules_id}")
async def adopt_exposure_rules(
    account: Annotated[Account, requires("register", "tracer")],
    services: ServicesDep,
    rules_id: Short,
    body: ExposureRulesIn,
) -> ReferenceAccepted:
    """A set of rules, in force for cases from `valid_from` on. Lists already handed over stay as
    they are."""
    row = ExposureRulesRowIn(**body.model_dump(), rules_id=rules_id)
    return await accept_fact(services, _event(row, account))


@router.post("/batch", openapi_extra=batch_route(ExposureRulesRowIn))
async def adopt_several_exposure_rules(
    request: Request,
    account: Annotated[Account, requires("register", "tracer")],
    services: ServicesDep,
) -> BatchResult:
    """The body is NDJSON or CSV, one set of rules a row."""
    return await accept_facts(
        request, account, services, ExposureRulesRowIn, lambda row: _event(row, account)
    )


def _event(body: ExposureRulesRowIn, account: Account) -> ExposureRulesAdopted:
    return ExposureRulesAdopted(**body.model_dump(), **provenance("exposure-rules", body, account))


def _out(rules: ExposureRulesAdopted) -> ExposureRulesOut:
    values = asdict(rules)
    parameters = {name: values[name] for name in ExposureRulesOut.model_fields if name in values}
    return ExposureRulesOut(**parameters, shipped=not rules.submitted_by)
