"""A code in our form that none of our keys has signed, held against the card; the one that the door gave must stay silent."""

from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from infra.tools.simulator.builder import MINUTE, Builder
from infra.tools.simulator.day import declaration_id
from schemas.contract.ids import DeclarationId
from schemas.domain.documents import Document, DocumentKind
from schemas.domain.tokens import SigningKey, TokenClaims, issue_token

OUR_KEY_ID, NO_KEY_ID = b"\x01", b"\xee"


def forged_code(builder: Builder) -> None:
    """A forger writes the id of our first key, or one of his own."""
    forger = Ed25519PrivateKey.from_private_bytes(builder.rng.randbytes(32))
    for key_id in (OUR_KEY_ID, NO_KEY_ID, None):
        person, departure = builder.somebody(), builder.daytime()
        tag = builder.declare(person, departure - 30 * MINUTE, departure, code_wanted=True)
        passing, checked = builder.passing(person), builder.number(person)
        if key_id is None:
            builder.near_miss(
                builder.scan(
                    person, departure + passing.after, passing.post, token_of=tag, checked=checked
                )
            )
            continue
        document_key = builder.pseudonyms.document(Document(DocumentKind.CCCD, person.number))
        claims = TokenClaims(
            DeclarationId(declaration_id(tag)),
            document_key,
            departure,
            departure + timedelta(days=3),
        )
        forged = issue_token(claims, SigningKey(key_id, forger))
        builder.plant(
            "code_not_trusted",
            builder.scan(
                person, departure + passing.after, passing.post, number=forged, checked=checked
            ),
        )
