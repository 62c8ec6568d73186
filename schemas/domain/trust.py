"""Says which health certificates are trusted, as known at a version of the reference data.

The trust list has signers, revocations, and an age.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from schemas.contract.events import (
    CertificateRevoked,
    SignerTrusted,
    TrustEvent,
    TrustListRefreshed,
)
from schemas.domain.in_force import in_force


@dataclass(slots=True)
class TrustList:
    """Holds each fact of the trust list with its version."""

    signers: defaultdict[str, list[tuple[int, SignerTrusted]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """Signers by their key id."""
    refreshes: list[tuple[int, TrustListRefreshed]] = field(default_factory=list)
    revoked: defaultdict[str, list[tuple[int, CertificateRevoked]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """Revocations by the hash of the certificate's identifier."""

    def add(self, version: int, event: TrustEvent) -> None:
        """Adds the fact that stands at this offset of the topic."""
        match event:
            case SignerTrusted():
                self.signers[event.key_id].append((version, event))
            case TrustListRefreshed():
                self.refreshes.append((version, event))
            case CertificateRevoked():
                self.revoked[event.identifier_hash].append((version, event))


@dataclass(frozen=True, slots=True)
class TrustListAsOf:
    """The trust list as known at one version."""

    trust: TrustList
    version: int

    def signers_named(self, key_id: str, at: datetime) -> list[SignerTrusted]:
        """Returns the signers with this key id that were trusted by then, the last fact of each.

        Signers that have expired or were revoked since are included. Two countries may use one id.
        """
        return [signer for signer in self._known(key_id) if signer.valid_from <= at]

    def signers(self) -> list[SignerTrusted]:
        """Returns every signer, whenever it is trusted, by key id and country."""
        signers = list[SignerTrusted]()
        for key_id in sorted(self.trust.signers):
            signers += self._known(key_id)
        return signers

    def refreshed(self, at: datetime) -> TrustListRefreshed | None:
        """Returns the state of the list that may be relied on at that instant.

        None says that the list is out of date, or that there has never been one.
        """
        return in_force(self.trust.refreshes, at, self.version)

    def is_revoked(self, identifier_hash: str, at: datetime) -> bool:
        """Returns whether the certificate with this identifier is revoked at that instant."""
        return in_force(self.trust.revoked.get(identifier_hash, ()), at, self.version) is not None

    def _known(self, key_id: str) -> list[SignerTrusted]:
        """Returns the newest known fact of each country on this key id."""
        newest: dict[str, tuple[int, SignerTrusted]] = {}
        for version, signer in self.trust.signers.get(key_id, ()):
            if version <= self.version and version >= newest.get(signer.country, (-1, signer))[0]:
                newest[signer.country] = (version, signer)
        return [newest[country][1] for country in sorted(newest)]
