"""Planted faults, a file per rule, each beside the near miss that must stay silent."""

from collections.abc import Callable

from infra.tools.simulator.builder import Builder
from infra.tools.simulator.plants.case_at_post import case_at_post
from infra.tools.simulator.plants.certificate import (
    certificate_of_another,
    expired_certificate,
    forged_certificate,
    list_out_of_date,
    revoked_certificate,
)
from infra.tools.simulator.plants.code_not_in_force import (
    code_of_cancelled_declaration,
    code_of_superseded_declaration,
)
from infra.tools.simulator.plants.code_not_trusted import forged_code
from infra.tools.simulator.plants.code_of_another import code_of_another
from infra.tools.simulator.plants.destination_not_reached import not_arrived
from infra.tools.simulator.plants.dose_record import dose_after_death, dose_before_birth, two_places
from infra.tools.simulator.plants.dose_sequence import (
    dose_missing_or_twice,
    dose_too_soon,
    doses_mixed,
)
from infra.tools.simulator.plants.green_lane import green_lane
from infra.tools.simulator.plants.health_declared import ill
from infra.tools.simulator.plants.health_test import (
    result_too_old,
    tested_positive,
    without_required_test,
)
from infra.tools.simulator.plants.identity_mismatch import forged_card, wrong_birth_date, wrong_name
from infra.tools.simulator.plants.impossible_travel import too_far_too_soon
from infra.tools.simulator.plants.no_valid_declaration import declared_too_long_ago, never_declared
from infra.tools.simulator.plants.number_contradiction import number_of_somebody_else
from infra.tools.simulator.plants.off_declared_route import off_the_way, other_direction
from infra.tools.simulator.plants.plate_not_declared import another_vehicle
from infra.tools.simulator.plants.red_zone_crossing import (
    into_red_zone,
    let_pass,
    out_of_red_zone,
    scanned_in_red_zone,
)
from infra.tools.simulator.plants.residence_mismatch import residence_elsewhere
from infra.tools.simulator.plants.two_names import two_names
from infra.tools.simulator.plants.under_order import under_order
from infra.tools.simulator.plants.unknown_document import unknown_document
from infra.tools.simulator.plants.vaccination_mismatch import (
    dose_of_another_name,
    doses_out_of_order,
)

PLANTS: tuple[Callable[[Builder], None], ...] = (
    wrong_name,
    wrong_birth_date,
    forged_card,
    never_declared,
    declared_too_long_ago,
    into_red_zone,
    out_of_red_zone,
    scanned_in_red_zone,
    let_pass,
    dose_of_another_name,
    doses_out_of_order,
    ill,
    too_far_too_soon,
    off_the_way,
    other_direction,
    not_arrived,
    without_required_test,
    result_too_old,
    tested_positive,
    dose_missing_or_twice,
    dose_too_soon,
    doses_mixed,
    two_places,
    dose_before_birth,
    dose_after_death,
    unknown_document,
    number_of_somebody_else,
    two_names,
    residence_elsewhere,
    code_of_superseded_declaration,
    code_of_cancelled_declaration,
    code_of_another,
    forged_code,
    another_vehicle,
    under_order,
    case_at_post,
    green_lane,
    certificate_of_another,
    forged_certificate,
    expired_certificate,
    revoked_certificate,
    list_out_of_date,
)
