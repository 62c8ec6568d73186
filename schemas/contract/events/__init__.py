"""Every event of the system, as frozen values. The Avro schema of the same name is the contract; a test holds the two together."""

from schemas.contract.events.cases import CaseReported
from schemas.contract.events.dead_letters import DeadLetter, DeadLetterSettled
from schemas.contract.events.declarations import DeclarationCancelled, DeclarationSubmitted
from schemas.contract.events.flags import FlagCleared, FlagRaised
from schemas.contract.events.follow_ups import FollowUpReported
from schemas.contract.events.handovers import (
    ContactHandedOver,
    HandoverAcknowledged,
    HandoverAsked,
    HandoverEscalated,
    HandoverIssued,
)
from schemas.contract.events.health_tests import TestResulted
from schemas.contract.events.households import HouseholdJoined, HouseholdLeft
from schemas.contract.events.identities import IdentityDeclared
from schemas.contract.events.journal import (
    CaseIdentified,
    DoseIdentified,
    JourneyCancelled,
    JourneyIdentified,
    KnownPeriod,
    OrderIdentified,
    PresenceIdentified,
    ScanIdentified,
    TestIdentified,
)
from schemas.contract.events.links import DocumentLinked, DocumentUnlinked
from schemas.contract.events.orders import OrderIssued
from schemas.contract.events.overrides import VerdictOverridden
from schemas.contract.events.presences import PresenceReported
from schemas.contract.events.reference import (
    CertificateRevoked,
    CheckpointDescribed,
    ExposureRulesAdopted,
    PermitsExtended,
    PolicyAdopted,
    SignerTrusted,
    SourceRefreshed,
    TrustListRefreshed,
    VehiclePermitted,
    ZoneLevelDecided,
)
from schemas.contract.events.registry import CitizenRecorded, CitizenRemoved, HeldDocument
from schemas.contract.events.reveals import IdentityRevealed
from schemas.contract.events.scans import CheckpointScanned
from schemas.contract.events.vaccinations import DoseAdministered
from schemas.contract.events.verdicts import VerdictReached

DoorEvent = (
    DeclarationSubmitted
    | DeclarationCancelled
    | CheckpointScanned
    | DoseAdministered
    | CaseReported
    | OrderIssued
    | PresenceReported
    | TestResulted
)
RegistryEvent = CitizenRecorded | CitizenRemoved
TrustEvent = SignerTrusted | TrustListRefreshed | CertificateRevoked
ReferenceEvent = (
    ZoneLevelDecided
    | CheckpointDescribed
    | PolicyAdopted
    | ExposureRulesAdopted
    | VehiclePermitted
    | PermitsExtended
    | TrustEvent
    | SourceRefreshed
)
LinkEvent = DocumentLinked | DocumentUnlinked
HouseholdEvent = HouseholdJoined | HouseholdLeft
JudgedEntry = (
    JourneyIdentified
    | JourneyCancelled
    | ScanIdentified
    | DoseIdentified
    | CaseIdentified
    | OrderIdentified
    | TestIdentified
)
"""What the rules judge."""
JournalEntry = JudgedEntry | PresenceIdentified
FlagEvent = FlagRaised | FlagCleared
HandoverEvent = (
    HandoverAsked | ContactHandedOver | HandoverIssued | HandoverAcknowledged | HandoverEscalated
)
Event = (
    DoorEvent
    | RegistryEvent
    | ReferenceEvent
    | LinkEvent
    | HouseholdEvent
    | JournalEntry
    | IdentityDeclared
    | FlagEvent
    | VerdictReached
    | VerdictOverridden
    | HandoverEvent
    | FollowUpReported
    | IdentityRevealed
    | DeadLetter
    | DeadLetterSettled
)

EVENTS: tuple[type[Event], ...] = (
    DeclarationSubmitted,
    DeclarationCancelled,
    CheckpointScanned,
    DoseAdministered,
    CaseReported,
    OrderIssued,
    PresenceReported,
    TestResulted,
    CitizenRecorded,
    CitizenRemoved,
    ZoneLevelDecided,
    CheckpointDescribed,
    PolicyAdopted,
    ExposureRulesAdopted,
    VehiclePermitted,
    PermitsExtended,
    SignerTrusted,
    TrustListRefreshed,
    CertificateRevoked,
    SourceRefreshed,
    DocumentLinked,
    DocumentUnlinked,
    HouseholdJoined,
    HouseholdLeft,
    JourneyIdentified,
    JourneyCancelled,
    ScanIdentified,
    DoseIdentified,
    CaseIdentified,
    OrderIdentified,
    PresenceIdentified,
    TestIdentified,
    IdentityDeclared,
    FlagRaised,
    FlagCleared,
    VerdictReached,
    VerdictOverridden,
    HandoverAsked,
    ContactHandedOver,
    HandoverIssued,
    HandoverAcknowledged,
    HandoverEscalated,
    FollowUpReported,
    IdentityRevealed,
    DeadLetter,
    DeadLetterSettled,
)

__all__ = [
    "EVENTS",
    "CaseIdentified",
    "CaseReported",
    "CertificateRevoked",
    "CheckpointDescribed",
    "CheckpointScanned",
    "CitizenRecorded",
    "CitizenRemoved",
    "ContactHandedOver",
    "DeadLetter",
    "DeadLetterSettled",
    "DeclarationCancelled",
    "DeclarationSubmitted",
    "DocumentLinked",
    "DocumentUnlinked",
    "DoorEvent",
    "DoseAdministered",
    "DoseIdentified",
    "Event",
    "ExposureRulesAdopted",
    "FlagCleared",
    "FlagEvent",
    "FlagRaised",
    "FollowUpReported",
    "HandoverAcknowledged",
    "HandoverAsked",
    "HandoverEscalated",
    "HandoverEvent",
    "HandoverIssued",
    "HeldDocument",
    "HouseholdEvent",
    "HouseholdJoined",
    "HouseholdLeft",
    "IdentityDeclared",
    "IdentityRevealed",
    "JournalEntry",
    "JourneyCancelled",
    "JourneyIdentified",
    "JudgedEntry",
    "KnownPeriod",
    "LinkEvent",
    "OrderIdentified",
    "OrderIssued",
    "PermitsExtended",
    "PolicyAdopted",
    "PresenceIdentified",
    "PresenceReported",
    "ReferenceEvent",
    "RegistryEvent",
    "ScanIdentified",
    "SignerTrusted",
    "SourceRefreshed",
    "TestIdentified",
    "TestResulted",
    "TrustEvent",
    "TrustListRefreshed",
    "VehiclePermitted",
    "VerdictOverridden",
    "VerdictReached",
    "ZoneLevelDecided",
]
