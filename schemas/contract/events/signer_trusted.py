"""Holds the record `SignerTrusted`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import EventId
from schemas.contract.terms import SignatureAlgorithm


class SignerTrusted(msgspec.Struct, frozen=True, gc=False):
    """A signer whose signatures on health certificates are trusted: one public key of the trust
    list.

    Sent again, it replaces what was known of the key.
    """

    event_id: EventId
    """UUID of this event, made by the client or the door; a retry carries the same one."""
    key_id: str
    """Key id (kid) that certificates name it by, in hexadecimal."""
    country: str
    """Country that signs with it, two letters."""
    public_key: str
    """SubjectPublicKeyInfo in base64."""
    algorithm: SignatureAlgorithm
    """How it signs; a signature made in any other way is wrong."""
    valid_from: datetime
    """Trusted from this instant."""
    received_at: datetime
    """When the door accepted it."""
    submitted_by: str
    """Account that sent it."""
    issuer: str | None = None
    """Who signs with it."""
    revoked_at: datetime | None = None
    """Nothing that it signed counts from this instant on, whenever it was signed."""
    valid_to: datetime | None = None
    """What it signed has expired from this instant on; null: not limited."""
