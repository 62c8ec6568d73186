"""A code in our form that none of our keys has signed, held against the card.

The code that the door gave must stay silent.
"""

from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from infra.tools.simulator.builder import MINUTE, Builder
from infra.tools.simulator.day import declaration_id
from schemas.contract.ids import DeclarationId
from schemas.domain.documents import Document, DocumentKind
from schemas.domain.tokens import SigningKey, TokenClaims, issue_token

OUR_KEY_ID, NO_KEY_ID = b"\x01", b"\xee"


def forged_code(builder: Builder) -> None:
    """Plants codes of a forger who writes the id of our first key, or one of his own."""
    forger = Ed25519PrivateKey.from_private_bytes(builder.rng.randbytes(32))
    for key_id in (OUR_KEY_ID, NO_KEY_ID):
        _scan_code(builder, SigningKey(key_id, forger))
    _scan_code(builder, None)


def _scan_code(builder: Builder, forged_with: SigningKey | None) -> None:
    """Scans a forged code, or the true one where there is no forger."""
    person, departure = builder.next_person(), builder.daytime()
    tag = builder.declare(person, departure - 30 * MINUTE, departure, code_wanted=True)
    passing, checked = builder.passing(person), builder.number(person)
    at = departure + passing.after
    if forged_with is None:
        builder.scan(person, at, passing.checkpoint, token_of=tag, checked=checked)
        builder.near_miss()
        return
    claims = TokenClaims(
        DeclarationId(declaration_id(tag)),
        builder.pseudonyms.document(Document(DocumentKind.CCCD, person.number)),
        departure,
        departure + timedelta(days=3),
    )
    forged = issue_token(claims, forged_with)
    scanned = builder.scan(person, at, passing.checkpoint, number=forged, checked=checked)
    builder.expect("code_not_trusted", scanned)
