"""The answer of a forward trace, as every reader of it sees it: JSON, exports and hand-overs.

The answer is built once, by `forward.py`, and never changed. The order of the fields is the order
in which the JSON has them. `forward_description.py` says of each field what it means: its class
`ForwardTrace` describes the one of this module, and only OpenAPI uses it.

Two fields have older names in the JSON, which clients read: `unlisted` and `moved_since`.
"""

from datetime import datetime

import msgspec


class TraceRules(msgspec.Struct, frozen=True):
    rules_id: str
    source: str
    follow_days: int | None
    assumed: list[str]


class TraceContact(msgspec.Struct, frozen=True, gc=False):
    """A contact as answered; each pair has the source's side first, and the contact's second."""

    source_id: str
    contact_id: str
    place: str
    parts: tuple[str, str]
    source_presence_id: str
    contact_presence_id: str
    met_from: datetime
    met_to: datetime
    apart_s: float
    known_by: tuple[str, str]
    granularity: tuple[str, str]
    uncertain_s: float
    rule: str


class TraceStay(msgspec.Struct, frozen=True, gc=False):
    place: str
    began_at: datetime
    ended_at: datetime
    known_by: str
    granularity: str


class TraceCrowd(msgspec.Struct, frozen=True, gc=False):
    source_id: str
    place: str
    began_at: datetime
    more: int


class TraceCommune(msgspec.Struct, frozen=True, gc=False):
    unit_code: str
    name: str
    district: str
    people: int


class TracePerson(msgspec.Struct, frozen=True):
    """A person reached; residence and own cases are looked up last, and complete the person."""

    person_id: str
    generation: int
    exposed_at: datetime
    exposed_by: str
    exposed_place: str
    last_exposed_at: datetime
    chain: list[TraceContact]
    contacts: list[TraceContact]
    more_contacts: int
    residence_code: str = ""
    isolated_at: datetime | None = None
    own_case_ids: list[str] = []


class ForwardTrace(msgspec.Struct, frozen=True):
    person_id: str
    rules: TraceRules
    since: datetime
    until: datetime
    contacts_until: datetime
    stays: int
    milestones: list[TraceStay]
    known_at: datetime | None
    ranked_by: str
    generations: list[int]
    communes: list[TraceCommune]
    people: list[TracePerson]
    crowds: list[TraceCrowd] = msgspec.field(name="unlisted")
    not_followed: dict[int, int]
    learnt_since: list[str] = []
    withdrawn_since: list[str] = []
    reassigned_since: dict[str, list[str]] = msgspec.field(name="moved_since", default_factory=dict)
