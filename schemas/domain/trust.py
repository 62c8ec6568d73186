"""Whose health certificates are trusted: signers, revocations and the age of the list, as known at a version of the reference data."""

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
    signers: defaultdict[str, list[tuple[int, SignerTrusted]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """By key id."""
    refreshes: list[tuple[int, TrustListRefreshed]] = field(default_factory=list)
    revoked: defaultdict[str, list[tuple[int, CertificateRevoked]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """By the hash of the certificate's identifier."""

    def add(self, version: int, event: TrustEvent) -> None:
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
        """Those trusted by then, those included that have expired or were revoked since: two countries may use one key id. Of each country
        what was known last."""
        return [one for one in self._known(key_id) if one.valid_from <= at]

    def signers(self) -> list[SignerTrusted]:
        """Every signer, whenever it is trusted."""
        return [signer for key_id in sorted(self.trust.signers) for signer in self._known(key_id)]

    def refreshed(self, at: datetime) -> TrustListRefreshed | None:
        """The state of the list that may be relied on at that instant; None: it is out of date, or there has never been one."""
        return in_force(self.trust.refreshes, at, self.version)

    def is_revoked(self, identifier_hash: str, at: datetime) -> bool:
        return in_force(self.trust.revoked.get(identifier_hash, ()), at, self.version) is not None

    def _known(self, key_id: str) -> list[SignerTrusted]:
        newest: dict[str, tuple[int, SignerTrusted]] = {}
        for version, signer in self.trust.signers.get(key_id, ()):
            if version <= self.version and version >= newest.get(signer.country, (-1, signer))[0]:
                newest[signer.country] = (version, signer)
        return [newest[country][1] for country in sorted(newest)]
