"""Reasons about a journey: its declaration, vehicle, zones, permit and way."""

from collections.abc import Mapping

from schemas.domain.reasons.reason import Reason
from schemas.domain.texts import Text

LEVELS = {
    "red": Text("đỏ", "red"),
    "orange": Text("cam", "orange"),
    "yellow": Text("vàng", "yellow"),
}
CROSSINGS = {
    "enters_{}_zone": Text("Đi vào vùng {}.", "Enters a {} zone."),
    "leaves_{}_zone": Text("Đi ra khỏi vùng {}.", "Leaves a {} zone."),
    "moves_in_{}_zone": Text("Di chuyển trong vùng {}.", "Moves inside a {} zone."),
    "moves_between_{}_zones": Text("Di chuyển giữa hai vùng {}.", "Moves between two {} zones."),
}


def _zone_reasons() -> dict[str, Reason]:
    """Returns a reason for each level and each way of crossing such a zone."""
    reasons: dict[str, Reason] = {}
    for level, name in LEVELS.items():
        for code, text in CROSSINGS.items():
            reasons[code.format(level)] = Reason(
                text.vi.format(name.vi),
                text.en.format(name.en),
                manual_check="see_travel_papers",
            )
    return reasons


REASONS: Mapping[str, Reason] = {
    "not_declared": Reason(
        "Chưa khai báo di chuyển.",
        "No movement declaration.",
        manual_check="declare_here",
    ),
    "declaration_expired": Reason(
        "Khai báo đã quá hạn, cần khai báo lại.",
        "The declaration is too old; declare again.",
        manual_check="declare_here",
    ),
    "declaration_cancelled": Reason(
        "Khai báo đã bị hủy, cần khai báo lại.",
        "The declaration was cancelled; declare again.",
        manual_check="declare_here",
    ),
    "code_of_cancelled_declaration": Reason(
        "Mã QR của khai báo đã hủy.",
        "The code is of a cancelled declaration.",
        manual_check="declare_here",
    ),
    "code_of_superseded_declaration": Reason(
        "Mã QR của khai báo cũ, đã được thay.",
        "The code is of a declaration that was replaced.",
        manual_check="declare_here",
    ),
    "plate_not_declared": Reason(
        "Biển số xe không đúng với khai báo.",
        "The plate is not the declared one.",
        manual_check="see_vehicle_papers",
    ),
    **_zone_reasons(),
    "no_permit": Reason(
        "Xe đi luồng xanh nhưng không có giấy nhận diện.",
        "In the green lane without a permit.",
        manual_check="see_vehicle_papers",
    ),
    "permit_revoked": Reason(
        "Giấy nhận diện luồng xanh đã bị thu hồi.",
        "The green lane permit was revoked.",
        manual_check="see_vehicle_papers",
    ),
    "permit_not_yet_valid": Reason(
        "Giấy nhận diện luồng xanh chưa có hiệu lực.",
        "The green lane permit does not hold yet.",
        manual_check="see_vehicle_papers",
    ),
    "permit_expired": Reason(
        "Giấy nhận diện luồng xanh đã hết hạn.",
        "The green lane permit has expired.",
        manual_check="see_vehicle_papers",
    ),
    "permit_of_another_vehicle": Reason(
        "Giấy nhận diện luồng xanh của xe khác.",
        "The green lane permit is of another vehicle.",
        manual_check="see_vehicle_papers",
    ),
    "crew_not_named": Reason(
        "Người đi xe không có tên trong giấy nhận diện.",
        "The green lane permit does not name this person.",
        manual_check="see_vehicle_papers",
    ),
    "off_permitted_road": Reason(
        "Xe đi ngoài tuyến đường được phép.",
        "Off the roads of the green lane permit.",
        manual_check="see_vehicle_papers",
    ),
    "too_far_too_soon": Reason(
        "Không thể đi từ chốt trước đến đây trong thời gian đó.",
        "Too soon after the post before, by road.",
        manual_check="compare_card",
    ),
    "off_the_way": Reason(
        "Chốt không nằm trên tuyến đường đã khai báo.",
        "The post is not on the way of the declared journey.",
        manual_check="ask_route",
    ),
    "other_direction": Reason(
        "Đi ngược hướng đã khai báo.",
        "Going in the other direction than declared.",
        manual_check="ask_route",
    ),
    "not_arrived": Reason(
        "Quá giờ đến đã khai báo mà chưa tới nơi đến.",
        "Past the declared arrival and still away from the destination.",
        manual_check="ask_route",
    ),
}
