"""The trust list as known at a version.

A later fact about a signer, a revocation or a refresh changes nothing that was believed before.
"""

from datetime import datetime, timedelta

from schemas.contract.events import SignerTrusted
from schemas.domain.reference import Reference
from tests.schemas.domain.certificates.issued import ED, NOON, refreshed, revoked, trusted

HASH = "0" * 32


def reference_of(*facts: object) -> Reference:
    reference = Reference()
    for version, fact in enumerate(facts):
        reference.add(version, fact)  # type: ignore[arg-type] # facts of the trust list
    return reference


def test_what_was_known_before_a_fact_is_what_is_believed_at_its_version() -> None:
    reference = reference_of(
        trusted(), trusted(revoked_at=NOON), refreshed(), revoked(HASH, NOON - timedelta(hours=1))
    )
    lists = [reference.as_of(version).trust for version in range(-1, 4)]
    signers = [trust.signers_named(ED.key_id.hex(), NOON) for trust in lists]
    assert list(map(revocations, signers)) == [[], [None], [NOON], [NOON], [NOON]]
    assert [trust.refreshed(NOON) is not None for trust in lists] == [
        False,
        False,
        False,
        True,
        True,
    ]
    assert [trust.is_revoked(HASH, NOON) for trust in lists] == [False, False, False, False, True]


def revocations(signers: list[SignerTrusted]) -> list[datetime | None]:
    return [signer.revoked_at for signer in signers]


def test_facts_with_their_versions_are_believed_alike_in_any_order() -> None:
    facts = [(0, trusted()), (1, trusted(revoked_at=NOON)), (2, trusted(country="LA"))]
    in_order, reverse = Reference(), Reference()
    for version, fact in facts:
        in_order.add(version, fact)
    for version, fact in reversed(facts):
        reverse.add(version, fact)
    signers = [facts[2][1], facts[1][1]]
    assert in_order.as_of(2).trust.signers() == reverse.as_of(2).trust.signers() == signers


def test_refresh_of_a_list_does_not_reach_back() -> None:
    trust = reference_of(refreshed(NOON), refreshed(NOON + timedelta(hours=30))).as_of(1).trust
    hours = (-1, 0, 23, 24, 29, 30)
    assert [trust.refreshed(NOON + timedelta(hours=hour)) is not None for hour in hours] == [
        False,
        True,
        True,
        False,
        False,
        True,
    ]
