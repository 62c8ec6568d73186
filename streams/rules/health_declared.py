"""The form of a journey names symptoms, or contact with a patient or an epidemic area.

It asks for the last 14 days: it is the uniform health declaration of order 4655, 2a and 4. There is
one finding per declaration; scans under it show it while it is valid.
"""

from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Journey
from streams.rules.history import History
from streams.rules.rule import Judgement, Rule


def _touched(journey: Journey, history: History, reference: ReferenceAsOf) -> tuple[str, ...]:
    return (journey.entry_id,) if journey.symptoms or journey.exposed else ()


def _judge(entry_id: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    journey = history.journeys.get(entry_id)
    if journey is None:
        return None
    reasons = []
    if journey.symptoms:
        reasons.append("symptoms_declared")
    if journey.exposed:
        reasons.append("exposure_declared")
    return Judgement(tuple(reasons), (entry_id,), journey.occurred_at) if reasons else None


HEALTH_DECLARED = Rule(
    "health_declared",
    {Journey: _touched},
    _judge,
    reasons=("symptoms_declared", "exposure_declared"),
    example="A form names fever and cough of the last 14 days.",
)
