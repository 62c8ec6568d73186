"""Holds the record `JourneyIdentified`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.events.known_period import KnownPeriod
from schemas.contract.ids import DeclarationId, DocumentKey, EventId, NameKey, PersonId, VehicleKey
from schemas.contract.terms import Channel, Likeness, TransportMode


class JourneyIdentified(msgspec.Struct, frozen=True, gc=False):
    """A declared journey of an identified, pseudonymous person."""

    entry_id: EventId
    """UUID of the door event it comes from."""
    person_id: PersonId
    """Pseudonym of the person: keyed hash, 32 hexadecimal digits. Key of the topic."""
    document_key: DocumentKey
    """Pseudonym of the document that led to the person."""
    revision: int
    """Version of the link record it was made with, -1 for none; of two entries with one id the
    higher holds.
    """
    withdrawn: bool
    """The entry left this person: a link moved it to another one."""
    fresh: bool
    """First time the entry is written; a scan gets its verdict then."""
    reference_version: int
    """Version of the reference data known when it was identified, -1 for none."""
    known: bool
    """Whether the register knows the document."""
    match_name: Likeness
    """Declared name against the register's."""
    match_birth_date: Likeness
    """Declared birth date against the register's."""
    match_sex: Likeness
    """Declared sex against the register's."""
    occurred_at: datetime
    """When it happened: declared, scanned or injected."""
    received_at: datetime
    """When the door accepted it."""
    declaration_id: DeclarationId
    """The declaration."""
    origin_code: str
    """Unit code of the start."""
    destination_code: str
    """Unit code of the destination."""
    departure_at: datetime
    """Declared departure."""
    transport_mode: TransportMode
    """How they travel."""
    channel: Channel
    """How it came in."""
    residence_code: str | None = None
    """Unit code of the residence in the register."""
    arrival_at: datetime | None = None
    """Declared arrival."""
    vehicle_key: VehicleKey | None = None
    """Pseudonym of the vehicle's normalised plate."""
    symptoms: list[str] = []
    """Symptoms, by code."""
    exposed: bool | None = None
    """Declared exposure."""
    site_id: str | None = None
    """The site whose poster was scanned to declare (an office, a factory, a bus station): the
    person was there at occurred_at.
    """
    number_contradicts: list[str] = []
    """What the CCCD number itself says otherwise: sex, birth_year, or a province code that nobody
    issues (unknown_province).
    """
    name_key: NameKey | None = None
    """Pseudonym of the family and given name that was said, however it is written; null where no
    name was said.
    """
    match_permanent: Likeness = "unknown"
    """Declared permanent residence (thường trú) against the register's: near within one district.
    """
    match_lodging: Likeness = "unknown"
    """Declared lodging against the temporary residence (tạm trú) of the register: near within one
    district.
    """
    replaces: DeclarationId | None = None
    """UUID of the declaration that this one stands for from occurred_at on; null for a journey of
    its own.
    """
    known_from: datetime | None = None
    """From when this was known to be the person's; null: from when the door accepted it."""
    formerly: list[KnownPeriod] = []
    """Periods in which it was known to be this person's before a link moved it, the earliest first.
    """
