"""Health certificates that do not hold, or are another's; each beside one that holds by a minute, or is only written otherwise."""

from datetime import datetime
from typing import Any

from infra.tools.simulator.builder import MINUTE, Builder
from infra.tools.simulator.citizens import Citizen
from infra.tools.simulator.day import FIRST_DAY, LIST_FROM, iso
from infra.tools.simulator.health_certificates import (
    VALID,
    CertificateSigner,
    claims_of,
    vaccination,
)
from infra.tools.simulator.names import another_name
from schemas.domain.certificates import hash_of_identifier


def certificate_of_another(builder: Builder) -> None:
    person, at = builder.somebody(), builder.daytime()
    other = _claims(
        builder, person, at, full_name=another_name(builder.rng, person.full_name, person.sex)
    )
    _shown(builder, person, at, builder.signers.ours.issue(other), planted=True)
    person = builder.somebody()
    said = _claims(builder, person, at, birth_date=str(person.birth_date.year))
    names = said[-260][1]["nam"]
    said[-260][1]["nam"] = {"fnt": names["fnt"], "gnt": names["gnt"]}
    _shown(builder, person, at, builder.signers.ours.issue(said), planted=False)


def forged_certificate(builder: Builder) -> None:
    """A forger borrows the key id of a signer everybody trusts; another stands in no list at all."""
    person, at = builder.somebody(), builder.daytime()
    forger = CertificateSigner(builder.signers.ours.key_id, builder.signers.stranger.private)
    _shown(builder, person, at, forger.issue(_claims(builder, person, at)), planted=True)
    person = builder.somebody()
    _shown(
        builder,
        person,
        at,
        builder.signers.stranger.issue(_claims(builder, person, at)),
        planted=True,
    )


def expired_certificate(builder: Builder) -> None:
    for minutes, planted in ((0, True), (1, False)):
        person, at = builder.somebody(), builder.daytime()
        issued_at = at - VALID + minutes * MINUTE
        _shown(
            builder,
            person,
            at,
            builder.signers.ours.issue(_claims(builder, person, issued_at)),
            planted=planted,
        )


def revoked_certificate(builder: Builder) -> None:
    for minutes, planted in ((0, True), (1, False)):
        person, at = builder.somebody(), builder.daytime()
        identifier = _identifier(builder)
        revocation = {
            "identifier_hash": hash_of_identifier(identifier),
            "valid_from": iso(at + minutes * MINUTE),
        }
        builder.world.trust.revoked.append(revocation)
        _shown(
            builder,
            person,
            at,
            builder.signers.ours.issue(_claims(builder, person, at, identifier=identifier)),
            planted=planted,
        )


def list_out_of_date(builder: Builder) -> None:
    """Between two fetches the list was too old; from the second on it is not."""
    for at, planted in ((LIST_FROM - MINUTE, True), (LIST_FROM, False)):
        person = builder.somebody()
        _shown(
            builder,
            person,
            at,
            builder.signers.ours.issue(_claims(builder, person, at)),
            planted=planted,
        )


def _claims(
    builder: Builder, person: Citizen, issued_before: datetime, identifier: str = "", **said: str
) -> dict[int, Any]:
    dose = vaccination(identifier or _identifier(builder), 2, 2, FIRST_DAY.replace(month=8))
    holder = {"full_name": person.full_name, "birth_date": person.birth_date.isoformat()} | said
    return claims_of(issued_at=issued_before, v=dose, **holder)


def _identifier(builder: Builder) -> str:
    return f"URN:UVCI:01:VN:SIMULATED{builder.tag()}#A"


def _shown(
    builder: Builder, person: Citizen, at: datetime, certificate: str, *, planted: bool
) -> None:
    builder.declare(person, at - 50 * MINUTE, at - 20 * MINUTE)
    scanned = builder.scan(
        person,
        at,
        builder.passing(person).post,
        number=builder.number(person),
        certificate=certificate,
    )
    builder.plant("certificate", scanned) if planted else builder.near_miss(scanned)
