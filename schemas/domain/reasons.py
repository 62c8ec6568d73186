"""Every reason code of flags and verdicts, in the words that officers read."""

from collections.abc import Mapping

from schemas.contract.terms import CodeFault
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


def _zone_reasons() -> dict[str, Text]:
    """Returns a reason for each level and each way of crossing such a zone."""
    reasons: dict[str, Text] = {}
    for level, name in LEVELS.items():
        for code, text in CROSSINGS.items():
            reasons[code.format(level)] = Text(text.vi.format(name.vi), text.en.format(name.en))
    return reasons


REASONS: Mapping[str, Text] = {
    "name_different": Text(
        "Họ tên không khớp với Cơ sở dữ liệu dân cư.",
        "The name differs from the population register.",
    ),
    "name_near": Text(
        "Họ tên gần khớp (thiếu dấu hoặc thiếu chữ đệm).",
        "The name nearly matches (diacritics or a middle name missing).",
    ),
    "birth_date_different": Text(
        "Ngày sinh không khớp.", "The birth date differs from the register."
    ),
    "birth_date_near": Text(
        "Ngày sinh gần khớp (chỉ có năm, hoặc đảo ngày tháng).", "The birth date nearly matches."
    ),
    "sex_different": Text("Giới tính không khớp.", "The sex differs from the register."),
    "sex_near": Text("Giới tính gần khớp.", "The sex nearly matches."),
    "document_not_in_register": Text(
        "Không tìm thấy giấy tờ trong Cơ sở dữ liệu dân cư.",
        "The register does not know the document.",
    ),
    "number_of_other_sex": Text(
        "Số CCCD là của người khác giới tính.", "The CCCD number is of the other sex."
    ),
    "number_of_other_birth_year": Text(
        "Số CCCD là của người khác năm sinh.", "The CCCD number is of another birth year."
    ),
    "number_of_no_province": Text(
        "Mã tỉnh trong số CCCD không có trong danh mục.",
        "No province has the code in the CCCD number.",
    ),
    "used_under_two_names": Text(
        "Một giấy tờ được dùng với hai họ tên khác nhau.", "The document was used under two names."
    ),
    "permanent_residence_different": Text(
        "Nơi thường trú không khớp.", "The permanent residence differs from the register."
    ),
    "temporary_residence_different": Text(
        "Nơi ở không khớp với nơi tạm trú đã đăng ký.",
        "The lodging differs from the temporary residence.",
    ),
    "not_declared": Text("Chưa khai báo di chuyển.", "No movement declaration."),
    "declaration_expired": Text(
        "Khai báo đã quá hạn, cần khai báo lại.", "The declaration is too old; declare again."
    ),
    "declaration_cancelled": Text(
        "Khai báo đã bị hủy, cần khai báo lại.", "The declaration was cancelled; declare again."
    ),
    "code_of_cancelled_declaration": Text(
        "Mã QR của khai báo đã hủy.", "The code is of a cancelled declaration."
    ),
    "code_of_superseded_declaration": Text(
        "Mã QR của khai báo cũ, đã được thay.", "The code is of a declaration that was replaced."
    ),
    "code_of_another_person": Text(
        "Mã QR là của khai báo người khác.", "The code is of somebody else's declaration."
    ),
    "code_unreadable": Text(
        "Mã QR không phải mã khai báo, hoặc bị cắt mất.",
        "The code is none of ours, or was cut off.",
    ),
    "code_key_unknown": Text(
        "Mã QR không do hệ thống ký: mã giả.",
        "The code is signed with a key we do not know: a forgery.",
    ),
    "code_key_revoked": Text(
        "Mã QR ký bằng khóa đã bị thu hồi.", "The code is signed with a key that was revoked."
    ),
    "code_signature_wrong": Text(
        "Chữ ký của mã QR sai: mã đã bị sửa hoặc làm giả.",
        "The code's signature is wrong: changed or forged.",
    ),
    "code_shown_elsewhere": Text(
        "Mã QR này vừa được trình ở chốt khác quá xa.",
        "The same code was just shown at a post too far away.",
    ),
    "plate_not_declared": Text(
        "Biển số xe không đúng với khai báo.", "The plate is not the declared one."
    ),
    **_zone_reasons(),
    "symptoms_declared": Text(
        "Có khai triệu chứng bệnh trong 14 ngày.", "Symptoms of the last 14 days were declared."
    ),
    "exposure_declared": Text(
        "Có khai tiếp xúc hoặc đến vùng dịch.",
        "Contact with a patient or an epidemic area was declared.",
    ),
    "under_quarantine": Text(
        "Đang trong thời gian cách ly tập trung.", "Under a quarantine order."
    ),
    "under_home_isolation": Text(
        "Đang trong thời gian cách ly tại nhà.", "Under a home isolation order."
    ),
    "confirmed_case": Text("Là ca bệnh (F0) đã xác định.", "A confirmed case (F0)."),
    "no_permit": Text(
        "Xe đi luồng xanh nhưng không có giấy nhận diện.", "In the green lane without a permit."
    ),
    "permit_revoked": Text(
        "Giấy nhận diện luồng xanh đã bị thu hồi.", "The green lane permit was revoked."
    ),
    "permit_not_yet_valid": Text(
        "Giấy nhận diện luồng xanh chưa có hiệu lực.", "The green lane permit does not hold yet."
    ),
    "permit_expired": Text(
        "Giấy nhận diện luồng xanh đã hết hạn.", "The green lane permit has expired."
    ),
    "permit_of_another_vehicle": Text(
        "Giấy nhận diện luồng xanh của xe khác.", "The green lane permit is of another vehicle."
    ),
    "crew_not_named": Text(
        "Người đi xe không có tên trong giấy nhận diện.",
        "The green lane permit does not name this person.",
    ),
    "off_permitted_road": Text(
        "Xe đi ngoài tuyến đường được phép.", "Off the roads of the green lane permit."
    ),
    "too_far_too_soon": Text(
        "Không thể đi từ chốt trước đến đây trong thời gian đó.",
        "Too soon after the post before, by road.",
    ),
    "off_the_way": Text(
        "Chốt không nằm trên tuyến đường đã khai báo.",
        "The post is not on the way of the declared journey.",
    ),
    "other_direction": Text(
        "Đi ngược hướng đã khai báo.", "Going in the other direction than declared."
    ),
    "not_arrived": Text(
        "Quá giờ đến đã khai báo mà chưa tới nơi đến.",
        "Past the declared arrival and still away from the destination.",
    ),
    "certificate_tampered": Text(
        "Chứng nhận đã bị sửa hoặc làm giả.", "The certificate was changed or forged."
    ),
    "certificate_revoked": Text(
        "Chứng nhận hoặc khóa ký đã bị thu hồi.",
        "The certificate, or the key that signed it, was revoked.",
    ),
    "certificate_expired": Text("Chứng nhận đã hết hạn.", "The certificate has expired."),
    "certificate_not_yet_valid": Text(
        "Chứng nhận được cấp sau lúc quét.", "The certificate was issued after the scan."
    ),
    "certificate_signer_unknown": Text(
        "Đọc được chứng nhận nhưng không rõ nơi ký.",
        "The certificate can be read, its signer is not known.",
    ),
    "certificate_list_out_of_date": Text(
        "Danh sách tin cậy của hệ thống đã cũ: chưa kiểm tra được chứng nhận,"
        " không phải lỗi của người đi đường.",
        "Our own trust list is out of date: the certificate cannot be verified,"
        " through no fault of the traveller.",
    ),
    "certificate_of_another": Text(
        "Họ tên hoặc ngày sinh trên chứng nhận không phải của người này.",
        "Name or birth date on the certificate are not this person's.",
    ),
    "test_missing": Text("Chưa có kết quả xét nghiệm âm tính.", "No negative test result."),
    "test_expired": Text("Kết quả xét nghiệm đã quá hạn.", "The test result is too old."),
    "test_positive": Text("Có kết quả xét nghiệm dương tính.", "The last test result is positive."),
    "dose_before_missing": Text("Thiếu mũi tiêm trước đó.", "The dose before this one is missing."),
    "dose_repeated": Text(
        "Cùng một mũi tiêm được ghi vào hai ngày khác nhau.",
        "The same dose is recorded on two days.",
    ),
    "dose_interval_short": Text(
        "Khoảng cách giữa hai mũi tiêm quá ngắn.", "The doses are too close together."
    ),
    "products_not_together": Text(
        "Hai loại vắc xin không được tiêm phối hợp.",
        "The vaccines are not to be given to one person.",
    ),
    "two_places_same_day": Text(
        "Tiêm ở hai nơi trong cùng một ngày.", "Doses at two places on one day."
    ),
    "dose_before_birth": Text("Ngày tiêm trước ngày sinh.", "The dose is dated before the birth."),
    "dose_after_death": Text(
        "Ngày tiêm sau khi đã xóa đăng ký do chết.",
        "The dose is dated after the person's death was registered.",
    ),
    "doses_out_of_order": Text("Thứ tự mũi tiêm không hợp lý.", "The doses are out of order."),
}

REASON_OF_FAULT: Mapping[CodeFault, str] = {
    "unreadable": "code_unreadable",
    "key_unknown": "code_key_unknown",
    "key_revoked": "code_key_revoked",
    "signature_wrong": "code_signature_wrong",
}
"""The reason for each fault of a code of ours that cannot be trusted."""
