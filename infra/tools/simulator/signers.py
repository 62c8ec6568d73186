"""The signers of the province's health certificates: one in the trust list, one in none."""

import random
from dataclasses import dataclass
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from infra.tools.simulator.day import LIST_FROM, LIST_UNTIL, iso
from infra.tools.simulator.health_certificates import COUNTRY, CertificateSigner
from infra.tools.simulator.world import Trust

SOURCE = "Bộ Y tế (mô phỏng)"


@dataclass(frozen=True, slots=True)
class Signers:
    """Our signer and a stranger; Ed25519 signatures are the same for the same seed."""

    ours: CertificateSigner
    stranger: CertificateSigner

    @classmethod
    def of(cls, seed: int) -> "Signers":
        rng = random.Random(f"signers {seed}")
        return cls(ours=_signer(rng), stranger=_signer(rng))

    def trust(self, days: int) -> Trust:
        """Returns the signer that is trusted, and two states of the list with a gap between."""
        signer = {
            "key_id": self.ours.key_id.hex(),
            "country": COUNTRY,
            "issuer": SOURCE,
            "public_key": self.ours.public_key,
            "algorithm": self.ours.algorithm,
            "valid_from": iso(LIST_FROM - timedelta(days=800)),
        }
        before = {
            "source": SOURCE,
            "refreshed_at": iso(LIST_UNTIL - timedelta(hours=24)),
            "good_until": iso(LIST_UNTIL),
        }
        after = {
            "source": SOURCE,
            "refreshed_at": iso(LIST_FROM),
            "good_until": iso(LIST_FROM + timedelta(days=days + 1)),
        }
        return Trust([signer], [before, after])


def _signer(rng: random.Random) -> CertificateSigner:
    key_id, seed = rng.randbytes(8), rng.randbytes(32)
    return CertificateSigner(key_id, Ed25519PrivateKey.from_private_bytes(seed))
