"""The JSON of a forward trace has the fields that its description names, and validates as such."""

import msgspec
import pytest
from pydantic import BaseModel

from api.tracing import forward_description, responses
from api.tracing.forward_trace import (
    ForwardTrace,
    TraceCommune,
    TraceContact,
    TraceCrowd,
    TracePerson,
    TraceRules,
    TraceStay,
)
from api.tracing.residences import CommuneOut
from tests.api.tracing.answers import AT, PEOPLE, answer


@pytest.mark.parametrize(
    ("struct", "description"),
    [
        (ForwardTrace, forward_description.ForwardTrace),
        (TracePerson, forward_description.PersonOut),
        (TraceContact, responses.ContactOut),
        (TraceStay, responses.StayOut),
        (TraceCrowd, responses.UnlistedOut),
        (TraceRules, responses.RulesOut),
        (TraceCommune, CommuneOut),
    ],
)
def test_every_field_is_described_and_no_other(
    struct: type[msgspec.Struct], description: type[BaseModel]
) -> None:
    encoded = {field.encode_name for field in msgspec.structs.fields(struct)}
    assert encoded == set(description.model_fields)


def test_an_answer_is_what_its_description_promises() -> None:
    trace = answer(PEOPLE, known_at=AT, reassigned_since={"b": ["x"]})
    read = forward_description.ForwardTrace.model_validate_json(msgspec.json.encode(trace))
    assert read.people[0].contacts[0].met_from == AT
    assert read.unlisted[0].more == 471
    assert read.not_followed == {1: 83}
    assert read.moved_since == {"b": ["x"]}


def test_times_are_utc_and_generations_are_texts_as_keys() -> None:
    text = msgspec.json.encode(answer(PEOPLE)).decode()
    assert '"since":"2021-09-12T08:00:00Z"' in text
    assert '"not_followed":{"1":83}' in text
