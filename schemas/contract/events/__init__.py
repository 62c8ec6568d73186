"""Every event of the system, as frozen values.

The package is generated from `schemas/contract/avro` and `schemas/contract/topics`:
`python -m schemas.contract.generator` writes it.
"""

from typing import get_args

from schemas.contract.events.adopted_partition import AdoptedPartition
from schemas.contract.events.case_identified import CaseIdentified
from schemas.contract.events.case_reported import CaseReported
from schemas.contract.events.certificate_revoked import CertificateRevoked
from schemas.contract.events.checkpoint_described import CheckpointDescribed
from schemas.contract.events.checkpoint_scanned import CheckpointScanned
from schemas.contract.events.citizen_recorded import CitizenRecorded
from schemas.contract.events.citizen_removed import CitizenRemoved
from schemas.contract.events.contact_handed_over import ContactHandedOver
from schemas.contract.events.dead_letter import DeadLetter
from schemas.contract.events.dead_letter_settled import DeadLetterSettled
from schemas.contract.events.declaration_cancelled import DeclarationCancelled
from schemas.contract.events.declaration_submitted import DeclarationSubmitted
from schemas.contract.events.document_linked import DocumentLinked
from schemas.contract.events.document_unlinked import DocumentUnlinked
from schemas.contract.events.dose_administered import DoseAdministered
from schemas.contract.events.dose_identified import DoseIdentified
from schemas.contract.events.exposure_rules_adopted import ExposureRulesAdopted
from schemas.contract.events.flag_cleared import FlagCleared
from schemas.contract.events.flag_raised import FlagRaised
from schemas.contract.events.follow_up_reported import FollowUpReported
from schemas.contract.events.handover_acknowledged import HandoverAcknowledged
from schemas.contract.events.handover_asked import HandoverAsked
from schemas.contract.events.handover_escalated import HandoverEscalated
from schemas.contract.events.handover_issued import HandoverIssued
from schemas.contract.events.held_document import HeldDocument
from schemas.contract.events.household_joined import HouseholdJoined
from schemas.contract.events.household_left import HouseholdLeft
from schemas.contract.events.id_reused import IdReused
from schemas.contract.events.identity_declared import IdentityDeclared
from schemas.contract.events.identity_revealed import IdentityRevealed
from schemas.contract.events.journey_cancelled import JourneyCancelled
from schemas.contract.events.journey_identified import JourneyIdentified
from schemas.contract.events.known_period import KnownPeriod
from schemas.contract.events.log_adopted import LogAdopted
from schemas.contract.events.order_identified import OrderIdentified
from schemas.contract.events.order_issued import OrderIssued
from schemas.contract.events.permits_extended import PermitsExtended
from schemas.contract.events.policy_adopted import PolicyAdopted
from schemas.contract.events.presence_identified import PresenceIdentified
from schemas.contract.events.presence_reported import PresenceReported
from schemas.contract.events.reuse_identified import ReuseIdentified
from schemas.contract.events.scan_identified import ScanIdentified
from schemas.contract.events.signer_trusted import SignerTrusted
from schemas.contract.events.source_refreshed import SourceRefreshed
from schemas.contract.events.test_identified import TestIdentified
from schemas.contract.events.test_resulted import TestResulted
from schemas.contract.events.trust_list_refreshed import TrustListRefreshed
from schemas.contract.events.vehicle_permitted import VehiclePermitted
from schemas.contract.events.verdict_overridden import VerdictOverridden
from schemas.contract.events.verdict_reached import VerdictReached
from schemas.contract.events.zone_level_decided import ZoneLevelDecided

DoorEvent = (
    DeclarationSubmitted
    | DeclarationCancelled
    | IdReused
    | CheckpointScanned
    | IdReused
    | DoseAdministered
    | CaseReported
    | OrderIssued
    | PresenceReported
    | TestResulted
)

RegistryEvent = CitizenRecorded | CitizenRemoved

ReferenceEvent = (
    ZoneLevelDecided
    | CheckpointDescribed
    | PolicyAdopted
    | ExposureRulesAdopted
    | VehiclePermitted
    | PermitsExtended
    | SignerTrusted
    | TrustListRefreshed
    | CertificateRevoked
    | SourceRefreshed
)

LinkEvent = DocumentLinked | DocumentUnlinked

HouseholdEvent = HouseholdJoined | HouseholdLeft

JournalEntry = (
    JourneyIdentified
    | JourneyCancelled
    | ScanIdentified
    | DoseIdentified
    | CaseIdentified
    | OrderIdentified
    | PresenceIdentified
    | TestIdentified
    | ReuseIdentified
)

FlagEvent = FlagRaised | FlagCleared

HandoverEvent = (
    ContactHandedOver | HandoverIssued | HandoverAcknowledged | HandoverEscalated | HandoverAsked
)

TrustEvent = SignerTrusted | TrustListRefreshed | CertificateRevoked

JudgedEntry = (
    JourneyIdentified
    | JourneyCancelled
    | ScanIdentified
    | DoseIdentified
    | CaseIdentified
    | OrderIdentified
    | TestIdentified
    | ReuseIdentified
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
    | LogAdopted
    | DeadLetter
    | DeadLetterSettled
)

EVENTS: tuple[type[Event], ...] = get_args(Event)
"""Every event, in the order of the topics."""

__all__ = [
    "EVENTS",
    "AdoptedPartition",
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
    "IdReused",
    "IdentityDeclared",
    "IdentityRevealed",
    "JournalEntry",
    "JourneyCancelled",
    "JourneyIdentified",
    "JudgedEntry",
    "KnownPeriod",
    "LinkEvent",
    "LogAdopted",
    "OrderIdentified",
    "OrderIssued",
    "PermitsExtended",
    "PolicyAdopted",
    "PresenceIdentified",
    "PresenceReported",
    "ReferenceEvent",
    "RegistryEvent",
    "ReuseIdentified",
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
