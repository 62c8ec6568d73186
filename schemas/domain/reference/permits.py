"""Green lane permits (*luồng xanh*) as known at a version, with ends that decrees have moved."""

from collections.abc import Sequence

from msgspec.structs import replace

from schemas.contract.events import PermitsExtended, VehiclePermitted


def latest_permit(
    facts: Sequence[tuple[int, VehiclePermitted]],
    extensions: Sequence[tuple[int, PermitsExtended]],
    version: int,
) -> VehiclePermitted | None:
    """Returns the last fact about one permit that was known at `version`, extended by decrees."""
    known = [permit for known_at, permit in facts if known_at <= version]
    if not known:
        return None
    decrees = [decree for known_at, decree in extensions if known_at <= version]
    return _extended(known[-1], decrees)


def _extended(permit: VehiclePermitted, decrees: Sequence[PermitsExtended]) -> VehiclePermitted:
    """Applies decrees in the order in which they came: one may extend what another extended."""
    for decree in decrees:
        if _extends(decree, permit):
            permit = replace(permit, valid_to=decree.extended_to)
    return permit


def _extends(decree: PermitsExtended, permit: VehiclePermitted) -> bool:
    end = permit.valid_to
    if end is None:
        return False
    return decree.ending_from <= end <= decree.ending_to and decree.extended_to > end
