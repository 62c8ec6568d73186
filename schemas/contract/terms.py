"""The closed vocabularies of the events: the symbols of their Avro enumerations."""

from typing import Literal

DocumentKindSymbol = Literal["cccd", "cmnd", "bhyt", "passport", "paper_form"]
"""Kinds as events name them; `schemas.domain.documents.DocumentKind` is the enumeration of them."""
Sex = Literal["male", "female", "unknown"]
TransportMode = Literal[
    "motorbike", "car", "bus", "truck", "train", "plane", "ship", "walking", "other"
]
Channel = Literal["app", "web", "paper", "import"]
ShownKind = Literal["token", "card_qr", "bhyt_qr", "typed_number", "paper_serial"]
Direction = Literal["in", "out", "through"]
Side = Literal["in", "out", "both"]
"""A checkpoint checks this direction of traffic."""
CodeFault = Literal["unreadable", "key_unknown", "key_revoked", "signature_wrong"]
"""A code of ours that was shown cannot be trusted for this reason."""
Likeness = Literal["equal", "near", "different", "unknown"]
"""A declared field compares like this with the register's; unknown: nothing to compare."""
ZoneLevel = Literal["green", "yellow", "orange", "red"]
SourceName = Literal["register", "zones", "orders"]
"""Sources are brought up to date from outside; one may be out of date when a verdict needs it."""
RemovalReason = Literal["deceased", "moved_away", "other", "unknown"]
IdKind = Literal["scan", "declaration"]
"""Ids that a client may choose, and under which it is told something later."""
LinkSource = Literal["register", "card", "paper_form"]
Decision = Literal["pass", "check_papers", "refer", "turn_back"]
OverrideReason = Literal[
    "papers_seen", "record_wrong", "emergency", "official_duty", "ordered", "diverted", "suspicion"
]
"""An officer decides otherwise than the verdict for this reason.

The list is ours; the order has none.
"""
PlaceKind = Literal["post", "site", "vehicle", "meeting"]
"""A presence is at a place of this kind.

A household is none of them: its members are together all the time.
"""
Granularity = Literal["second", "minute", "hour", "half_day", "day", "planned"]
"""A period is known this exactly; planned: it was announced, and may have come otherwise."""
CaseStatus = Literal["confirmed", "retracted"]
OrderKind = Literal["quarantine", "home_isolation"]
OrderStatus = Literal["in_force", "lifted"]
TestKind = Literal["rapid_antigen", "rt_pcr"]
TestResult = Literal["positive", "negative"]
FollowUpStatus = Literal["seen", "not_seen", "lost"]
DeadLetterKind = Literal["poison", "unexpected"]
LetterOutcome = Literal["replayed", "mended", "discarded"]
CertificateKind = Literal["vaccination", "test", "recovery"]
CertificateResult = Literal["positive", "negative"]
CertificateGrade = Literal[
    "valid", "signer_unknown", "expired", "not_yet_valid", "tampered", "revoked", "list_out_of_date"
]
"""A verifier grades a health certificate that it could read.

Only `list_out_of_date` is the verifier's own fault.
"""
SignatureAlgorithm = Literal["ES256", "PS256", "EdDSA"]
