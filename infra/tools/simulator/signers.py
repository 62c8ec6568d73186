"""Who signs the province's health certificates: one signer in the trust list, one in none."""

import random
from dataclasses import dataclass
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from infra.tools.simulator.day import LIST_FROM, LIST_UNTIL, iso
from infra.tools.simulator.health_certificates import COUNTRY, CertificateSigner
from infra.tools.simulator.world import Trust


@dataclass(frozen=True, slots=True)
class Signers:
    """Ed25519, whose signatures are the same for the same seed."""

    ours: CertificateSigner
    stranger: CertificateSigner

    @classmethod
    def of(cls, seed: int) -> "Signers":
        rng = random.Random(f"signers {seed}")
        return cls(
            *(
                CertificateSigner(
                    rng.randbytes(8), Ed25519PrivateKey.from_private_bytes(rng.randbytes(32))
                )
                for _ in range(2)
            )
        )

    def trust(self, days: int) -> Trust:
        source = "Bộ Y tế (mô phỏng)"
        signer = {
            "key_id": self.ours.key_id.hex(),
            "country": COUNTRY,
            "issuer": source,
            "public_key": self.ours.public_key,
            "algorithm": self.ours.algorithm,
            "valid_from": iso(LIST_FROM - timedelta(days=800)),
        }
        lists = (
            (LIST_UNTIL - timedelta(hours=24), LIST_UNTIL),
            (LIST_FROM, LIST_FROM + timedelta(days=days + 1)),
        )
        return Trust(
            [signer],
            [
                {"source": source, "refreshed_at": iso(begins), "good_until": iso(ends)}
                for begins, ends in lists
            ],
        )
