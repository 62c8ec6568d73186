"""The checks that an officer makes by hand, by the reasons that were found.

They stand in the order in which a checkpoint works, the traveller's card first. Each reason names
its check in `schemas/domain/reasons/`.
"""

from collections.abc import Iterable, Mapping

from schemas.domain.reasons import REASONS
from schemas.domain.texts import Text

BY_HAND: Mapping[str, Text] = {
    "compare_card": Text(
        "Đối chiếu CMND/CCCD gốc với người đi đường: ảnh, họ tên, ngày sinh.",
        "Compare the CMND/CCCD itself with the traveller: photograph, name, birth date.",
    ),
    "ask_other_document": Text(
        "Yêu cầu xuất trình giấy tờ khác (CMND, CCCD, hộ chiếu, thẻ BHYT).",
        "Ask for another document (CMND, CCCD, passport, BHYT card).",
    ),
    "declare_here": Text(
        "Hướng dẫn khai báo ngay tại chốt, bằng ứng dụng hoặc phiếu giấy.",
        "Have the journey declared at the post, by app or on paper.",
    ),
    "see_residence_papers": Text(
        "Xem sổ hộ khẩu hoặc xác nhận tạm trú của xã, phường.",
        "See the household book or the commune's confirmation of residence.",
    ),
    "see_travel_papers": Text(
        "Xem giấy đi đường và lý do di chuyển.",
        "See the travel permit, and ask why the journey is needed.",
    ),
    "ask_route": Text(
        "Hỏi lý do đi khác lộ trình đã khai báo.", "Ask why the journey is not as it was declared."
    ),
    "see_vehicle_papers": Text(
        "Đối chiếu biển số với đăng ký xe và giấy nhận diện luồng xanh.",
        "Compare the plates with the registration and the green lane permit.",
    ),
    "examine_health": Text(
        "Đo thân nhiệt, hỏi triệu chứng và tiếp xúc.",
        "Take the temperature; ask about symptoms and contacts.",
    ),
    "keep_apart": Text(
        "Giữ khoảng cách, tách riêng, báo y tế và Ban Chỉ đạo xã nơi cư trú.",
        "Keep apart; tell the health station and the steering committee"
        " of the commune of residence.",
    ),
    "see_test_result": Text(
        "Xem kết quả xét nghiệm gốc và giờ trả kết quả.",
        "See the test result itself and when it was issued.",
    ),
    "see_certificate": Text(
        "Xem chứng nhận bản giấy, đối chiếu họ tên và ngày sinh.",
        "See the certificate on paper; compare name and birth date.",
    ),
    "see_vaccination_record": Text(
        "Xem giấy xác nhận tiêm chủng và ghi lại để cơ sở tiêm sửa.",
        "See the vaccination slip, and note it for the facility to mend.",
    ),
}

CHECK_OF: Mapping[str, str] = {code: reason.manual_check for code, reason in REASONS.items()}
"""The check that each reason code calls for."""


def checks_of(reasons: Iterable[str], *, code_alone: bool) -> list[str]:
    """Returns the codes of `BY_HAND` that these reasons call for, in the order of the work.

    `code_alone` says that our code was shown and no document beside it: then nobody has seen yet
    whose code it is. A reason that a newer release has found calls for nothing here.
    """
    needed = {CHECK_OF[reason] for reason in reasons if reason in CHECK_OF}
    if code_alone:
        needed.add("compare_card")
    return [check for check in BY_HAND if check in needed]
