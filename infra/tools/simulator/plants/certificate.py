"""Health certificates that do not hold, or are another's.

Each stands beside one that holds by a minute, or is only written otherwise.
"""

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
    person, at = builder.next_person(), builder.daytime()
    name = another_name(builder.rng, person.full_name, person.sex)
    claims = _claims(builder, person, at, full_name=name)
    _show(builder, person, at, builder.signers.ours.issue(claims), flagged=True)
    person = builder.next_person()
    claims = _claims(builder, person, at, birth_date=str(person.birth_date.year))
    names = claims[-260][1]["nam"]
    claims[-260][1]["nam"] = {"fnt": names["fnt"], "gnt": names["gnt"]}
    _show(builder, person, at, builder.signers.ours.issue(claims), flagged=False)


def forged_certificate(builder: Builder) -> None:
    """Plants a borrowed key id of a trusted signer, and a signer that stands in no list at all."""
    at = builder.daytime()
    stranger = builder.signers.stranger
    borrowed = CertificateSigner(builder.signers.ours.key_id, stranger.private)
    for signer in (borrowed, stranger):
        person = builder.next_person()
        certificate = signer.issue(_claims(builder, person, at))
        _show(builder, person, at, certificate, flagged=True)


def expired_certificate(builder: Builder) -> None:
    for minutes, expired in ((0, True), (1, False)):
        person, at = builder.next_person(), builder.daytime()
        claims = _claims(builder, person, at - VALID + minutes * MINUTE)
        _show(builder, person, at, builder.signers.ours.issue(claims), flagged=expired)


def revoked_certificate(builder: Builder) -> None:
    for minutes, revoked in ((0, True), (1, False)):
        person, at = builder.next_person(), builder.daytime()
        identifier = _new_identifier(builder)
        revocation = {
            "identifier_hash": hash_of_identifier(identifier),
            "valid_from": iso(at + minutes * MINUTE),
        }
        builder.world.trust.revoked.append(revocation)
        claims = _claims(builder, person, at, identifier=identifier)
        _show(builder, person, at, builder.signers.ours.issue(claims), flagged=revoked)


def list_out_of_date(builder: Builder) -> None:
    """Plants a scan between two fetches of the list; from the second fetch on it is silent."""
    for at, too_old in ((LIST_FROM - MINUTE, True), (LIST_FROM, False)):
        person = builder.next_person()
        certificate = builder.signers.ours.issue(_claims(builder, person, at))
        _show(builder, person, at, certificate, flagged=too_old)


def _claims(
    builder: Builder, person: Citizen, issued_at: datetime, identifier: str = "", **claimed: str
) -> dict[int, Any]:
    """Returns the claims about a second dose of the person, or of whom `claimed` names."""
    dose = vaccination(identifier or _new_identifier(builder), 2, 2, FIRST_DAY.replace(month=8))
    holder = {"full_name": person.full_name, "birth_date": person.birth_date.isoformat()} | claimed
    return claims_of(issued_at=issued_at, v=dose, **holder)


def _new_identifier(builder: Builder) -> str:
    return f"URN:UVCI:01:VN:SIMULATED{builder.new_tag()}#A"


def _show(
    builder: Builder, person: Citizen, at: datetime, certificate: str, *, flagged: bool
) -> None:
    """Shows the certificate at a checkpoint of a declared way."""
    builder.declare(person, at - 50 * MINUTE, at - 20 * MINUTE)
    checkpoint, number = builder.passing(person).checkpoint, builder.number(person)
    scanned = builder.scan(person, at, checkpoint, number=number, certificate=certificate)
    builder.expect("certificate", scanned, flagged=flagged)
