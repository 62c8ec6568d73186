"""Verifies a certificate's signature with a signer's public key.

The trusted key decides how, never the code that was shown.
"""

import base64
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from schemas.contract.terms import SignatureAlgorithm

RSA_BITS = range(2_048, 8_193)
SignerKey = EllipticCurvePublicKey | RSAPublicKey | Ed25519PublicKey
FITTING: dict[SignatureAlgorithm, type[SignerKey]] = {
    "ES256": EllipticCurvePublicKey,
    "PS256": RSAPublicKey,
    "EdDSA": Ed25519PublicKey,
}


@lru_cache(maxsize=4_096)
def signer_key(public_key: str, algorithm: SignatureAlgorithm) -> SignerKey | None:
    """Returns the key, or None where it is none or does not fit the algorithm.

    `public_key` is a SubjectPublicKeyInfo in base64.
    """
    try:
        key = load_der_public_key(base64.b64decode(public_key, validate=True))
    except (ValueError, UnsupportedAlgorithm):
        return None
    if not isinstance(key, FITTING[algorithm]):
        return None
    if isinstance(key, EllipticCurvePublicKey) and not isinstance(key.curve, SECP256R1):
        return None
    if isinstance(key, RSAPublicKey) and key.key_size not in RSA_BITS:
        return None
    return key


def verifies(key: SignerKey, signature: bytes, signed: bytes) -> bool:
    """Returns whether the signature over these bytes is the key's."""
    try:
        match key:
            case EllipticCurvePublicKey():
                return _verify_es256(key, signature, signed)
            case RSAPublicKey():
                key.verify(signature, signed, PSS(MGF1(SHA256()), SHA256.digest_size), SHA256())
            case Ed25519PublicKey():
                key.verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _verify_es256(key: EllipticCurvePublicKey, signature: bytes, signed: bytes) -> bool:
    """Verifies as COSE has it: r and s side by side, 32 bytes each."""
    if len(signature) != 64:
        return False
    numbers = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    key.verify(numbers, signed, ECDSA(SHA256()))
    return True
