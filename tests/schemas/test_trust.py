"""The trust list as known at a version: a later word on a signer, a revocation or a refresh changes nothing that was believed before."""

from datetime import timedelta

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
    asked = [reference.as_of(version).trust for version in range(-1, 4)]
    assert [
        [one.revoked_at for one in trust.signers_named(ED.key_id.hex(), NOON)] for trust in asked
    ] == [
        [],
        [None],
        [NOON],
        [NOON],
        [NOON],
    ]
    assert [trust.refreshed(NOON) is not None for trust in asked] == [
        False,
        False,
        False,
        True,
        True,
    ]
    assert [trust.is_revoked(HASH, NOON) for trust in asked] == [False, False, False, False, True]


def test_facts_with_their_versions_are_believed_alike_in_any_order() -> None:
    facts = [(0, trusted()), (1, trusted(revoked_at=NOON)), (2, trusted(country="LA"))]
    one, other = Reference(), Reference()
    for version, fact in facts:
        one.add(version, fact)
    for version, fact in reversed(facts):
        other.add(version, fact)
    assert (
        one.as_of(2).trust.signers() == other.as_of(2).trust.signers() == [facts[2][1], facts[1][1]]
    )


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
