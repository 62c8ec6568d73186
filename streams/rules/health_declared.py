"""`health_declared`: a journey whose form names symptoms of the last 14 days, or contact with a patient or an epidemic area (the uniform
health declaration of order 4655, 2a and 4). One finding per declaration; scans under it are told while it is valid."""

from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Journey
from streams.rules.history import Found, History, Rule


def _touched(journey: Journey, history: History) -> tuple[str, ...]:
    return (journey.entry_id,) if journey.symptoms or journey.exposed else ()


def _judge(entry_id: str, history: History, reference: ReferenceAsOf) -> Found | None:
    journey = history.journeys.get(entry_id)
    if journey is None or not (journey.symptoms or journey.exposed):
        return None
    reasons = tuple(
        reason
        for reason, said in (
            ("symptoms_declared", journey.symptoms),
            ("exposure_declared", journey.exposed),
        )
        if said
    )
    return Found(reasons, (entry_id,), journey.occurred_at)


HEALTH_DECLARED = Rule(
    "health_declared",
    {Journey: _touched},
    _judge,
    reasons=("symptoms_declared", "exposure_declared"),
    example="A form names fever and cough of the last 14 days.",
)
