"""The doors for policies: the decision that each finding leads to, and the thresholds of rules."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, Request
from msgspec.structs import asdict
from pydantic import BeforeValidator, Field, StringConstraints, field_validator

from api.accounts.access import EVERY_ROLE, requires
from api.accounts.accounts import Account
from api.doors.batches import BatchResult, batch_route
from api.doors.services import ServicesDep
from api.http.fields import Instant, Listed, Output, Short, Words, pairs_of_cell
from api.reference.facts import PeriodIn, ReferenceAccepted, accept_fact, accept_facts, provenance
from schemas.contract.events import PolicyAdopted
from schemas.contract.terms import Decision, ZoneLevel
from schemas.domain.reasons import REASONS
from schemas.domain.reference import DEFAULT_POLICY, NOTHING_KNOWN

router = APIRouter(prefix="/reference", tags=["reference"])
ZoneLevels = Annotated[list[ZoneLevel], Listed]
ControlledLevel = Literal["yellow", "orange", "red"]


def _refuse_green(value: Any) -> Any:
    if isinstance(value, list) and "green" in value:
        raise ValueError("green needs no control: a policy controls yellow, orange or red")
    return value


ControlledLevels = Annotated[list[ControlledLevel], BeforeValidator(_refuse_green), Listed]
LEVELS = "|".join(get_args(ZoneLevel))
Passage = Annotated[str, StringConstraints(pattern=f"^({LEVELS})>({LEVELS})$")]


class PolicyIn(PeriodIn):
    """Which decision a finding leads to, by rule (`red_zone_crossing`), or by rule and reason
    (`red_zone_crossing/leaves_red_zone`), which goes first; a rule not named leads to `pass`."""

    declaration_valid_hours: Annotated[int, Field(ge=1, le=24 * 30)] = 72
    green_lane_exempt: bool = False
    """Whether vehicles in the green lane whose permit holds need no declaration; the order asks
    crews to declare before leaving."""
    case_days: Annotated[int, Field(ge=0, le=365)] = 28
    """Days from onset or sample in which a confirmed case met at a checkpoint makes a finding.

    The 28 days are ours: no decision we know settles the number.
    """
    controlled_levels: ControlledLevels = ["red"]  # noqa: RUF012 -- pydantic copies it
    """Levels of places whose entering, leaving and inner movement makes a finding; green needs no
    control."""
    red_share_least: Annotated[float, Field(gt=0, le=1)] = 0.3
    """Share of very high parts that makes a district or province very high (2686/QĐ-BCĐQG)."""
    orange_share_least: Annotated[float, Field(gt=0, le=1)] = 0.5
    """Share of high or very high parts that makes it very high too (2686/QĐ-BCĐQG)."""
    decisions: dict[str, Decision]
    speed_most_kmh: Annotated[float, Field(ge=20, le=1_000)] = DEFAULT_POLICY.speed_most_kmh
    travel_slack_minutes: Annotated[float, Field(ge=0, le=24 * 60)] = (
        DEFAULT_POLICY.travel_slack_minutes
    )
    detour_most_km: Annotated[float, Field(ge=0, le=1_000)] = DEFAULT_POLICY.detour_most_km
    arrival_late_minutes: Annotated[float, Field(ge=0, le=24 * 60 * 30)] = (
        DEFAULT_POLICY.arrival_late_minutes
    )
    arrival_near_km: Annotated[float, Field(ge=0, le=1_000)] = DEFAULT_POLICY.arrival_near_km
    test_required_levels: ZoneLevels = Field(default_factory=list)
    """A negative test result is asked for in places of these levels, and on the way out of or into
    one; by default nowhere."""
    test_valid_hours: Annotated[int, Field(ge=1, le=24 * 30)] = 72
    """Hours from when the result was issued."""
    test_positive_days: Annotated[int, Field(ge=1, le=365)] = 14
    """Days for which a positive result makes a finding if no negative one follows.

    The default is ours, not the sources'.
    """
    dose_interval_least_days: Annotated[int, Field(ge=0, le=3650)] = 14
    """Least days between two doses; the default is ours, not the sources'."""
    dose_products_together: Words = Field(default_factory=list)
    """Vaccines that one person may get, a mix an item: `AstraZeneca + Pfizer`; empty: mixes are not
    looked at."""

    verdict_valid_hours: Annotated[int, Field(ge=1, le=24 * 30)] = (
        DEFAULT_POLICY.verdict_valid_hours
    )
    """Hours for which a decision may be relied on at most; the default is ours."""

    way_back_declared: bool = DEFAULT_POLICY.way_back_declared
    """Whether a declaration counts for the way back too; if not, the direction at posts on the
    province's border has to fit it."""
    passages_allowed: Annotated[list[Passage], Listed] = Field(default_factory=list)
    """Between which levels anybody may pass: `orange>green`, the level left and the level entered.
    Empty: none is exempt."""

    @field_validator("decisions", mode="before")
    @classmethod
    def read_cell(cls, value: Any) -> Any:
        return pairs_of_cell(value)

    @field_validator("decisions")
    @classmethod
    def name_known_rules(cls, value: dict[str, Decision]) -> dict[str, Decision]:
        rules = {key.partition("/")[0] for key in DEFAULT_POLICY.decisions}
        named_rules = set[str]()
        named_reasons = set[str]()
        for key in value:
            rule, slash, reason = key.partition("/")
            named_rules.add(rule)
            if slash:
                named_reasons.add(reason)
        unknown_rules = ", ".join(sorted(named_rules - rules))
        if unknown_rules:
            raise ValueError(
                f"no rule is called {unknown_rules}; there are {', '.join(sorted(rules))}"
            )
        unknown_reasons = ", ".join(sorted(named_reasons - set(REASONS)))
        if unknown_reasons:
            raise ValueError(
                f"no reason is called {unknown_reasons}; docs/rules.md has them by rule"
            )
        return value


class PolicyRowIn(PolicyIn):
    policy_id: Short


class PolicyOut(Output):
    """`policy`: every parameter with its value, the rules it does not name included;
    `since_version`: from which version of the reference data it was known, -1 for the built-in
    one."""

    policy_id: str
    since_version: int
    in_force: bool
    policy: PolicyIn


class PolicyPage(Output):
    at: datetime
    version: int
    policies: list[PolicyOut]
    """The policies, in the order in which they take effect."""
    rules: list[str]
    """Every rule that a policy may name."""


@router.put("/policies/{policy_id}")
async def adopt_policy(
    account: Annotated[Account, requires("register")],
    services: ServicesDep,
    policy_id: Short,
    body: PolicyIn,
) -> ReferenceAccepted:
    """The policy that decides scans from `valid_from` on."""
    row = PolicyRowIn(**body.model_dump(), policy_id=policy_id)
    return await accept_fact(services, _policy(row, account))


@router.get("/policies")
async def show_policies(
    account: Annotated[Account, requires(*EVERY_ROLE)],
    services: ServicesDep,
    at: Instant | None = None,
) -> PolicyPage:
    """Every policy ever adopted, and which of them is in force at an instant (now, if not given).
    `PolicyIn` is their schema."""
    known = services.reference.latest
    instant = at or datetime.now(UTC)
    in_force = known.policy(instant)
    adopted = [(NOTHING_KNOWN, DEFAULT_POLICY), *known.reference.policies]
    adopted.sort(key=lambda versioned: (versioned[1].valid_from, versioned[0]))
    policies = [
        PolicyOut(
            policy_id=policy.policy_id,
            since_version=version,
            in_force=policy is in_force,
            policy=_with_every_rule(policy),
        )
        for version, policy in adopted
    ]
    return PolicyPage(
        at=instant,
        version=known.version,
        policies=policies,
        rules=sorted(DEFAULT_POLICY.decisions),
    )


@router.post("/policies/batch", openapi_extra=batch_route(PolicyRowIn))
async def adopt_policies(
    request: Request, account: Annotated[Account, requires("register")], services: ServicesDep
) -> BatchResult:
    """The body is NDJSON or CSV, one policy a row."""
    return await accept_facts(
        request, account, services, PolicyRowIn, lambda row: _policy(row, account)
    )


def _policy(body: PolicyRowIn, account: Account) -> PolicyAdopted:
    return PolicyAdopted(**body.model_dump(), **provenance("policy", body, account))


def _with_every_rule(policy: PolicyAdopted) -> PolicyIn:
    """Returns the policy as it counts: rules that it does not name pass, and green is not
    controlled, which policies could name before the door refused it."""
    values = asdict(policy)
    parameters = {name: values[name] for name in PolicyIn.model_fields if name in values}
    passed = {rule: "pass" for rule in DEFAULT_POLICY.decisions if rule not in policy.decisions}
    controlled = [level for level in policy.controlled_levels if level != "green"]
    counting = {"decisions": policy.decisions | passed, "controlled_levels": controlled}
    return PolicyIn(**parameters | counting)
