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
"""Direction of traffic that a post checks."""
CodeFault = Literal["unreadable", "key_unknown", "key_revoked", "signature_wrong"]
"""Why our own code, as it was shown, cannot be trusted."""
Likeness = Literal["equal", "near", "different", "unknown"]
"""How a declared field compares with the register's; unknown: nothing to compare."""
ZoneLevel = Literal["green", "yellow", "orange", "red"]
SourceName = Literal["register", "zones", "orders"]
"""What is brought up to date from outside, and may be out of date when a verdict rests on it."""
RemovalReason = Literal["deceased", "moved_away", "other", "unknown"]
LinkSource = Literal["register", "card", "paper_form"]
Decision = Literal["pass", "check_papers", "refer", "turn_back"]
OverrideReason = Literal[
    "papers_seen", "record_wrong", "emergency", "official_duty", "ordered", "diverted", "suspicion"
]
"""Why an officer decides otherwise than the verdict; the list is ours, the order has none."""
PlaceKind = Literal["post", "site", "vehicle", "meeting"]
"""Kinds of place in `presences`; a household is none of them: its members are together all the time."""
Granularity = Literal["second", "minute", "hour", "half_day", "day", "planned"]
"""How exactly a period is known; planned: it was announced, and may have come otherwise."""
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
"""What a verifier can say of a health certificate that it could read. Only `list_out_of_date` is the verifier's own fault."""
SignatureAlgorithm = Literal["ES256", "PS256", "EdDSA"]
