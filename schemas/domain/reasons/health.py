"""Reasons about health: symptoms, orders, cases, certificates, tests and doses."""

from collections.abc import Mapping

from schemas.domain.reasons.reason import Reason

REASONS: Mapping[str, Reason] = {
    "symptoms_declared": Reason(
        "Có khai triệu chứng bệnh trong 14 ngày.",
        "Symptoms of the last 14 days were declared.",
        manual_check="examine_health",
    ),
    "exposure_declared": Reason(
        "Có khai tiếp xúc hoặc đến vùng dịch.",
        "Contact with a patient or an epidemic area was declared.",
        manual_check="examine_health",
    ),
    "under_quarantine": Reason(
        "Đang trong thời gian cách ly tập trung.",
        "Under a quarantine order.",
        manual_check="keep_apart",
    ),
    "under_home_isolation": Reason(
        "Đang trong thời gian cách ly tại nhà.",
        "Under a home isolation order.",
        manual_check="keep_apart",
    ),
    "confirmed_case": Reason(
        "Là ca bệnh (F0) đã xác định.",
        "A confirmed case (F0).",
        manual_check="keep_apart",
    ),
    "certificate_tampered": Reason(
        "Chứng nhận đã bị sửa hoặc làm giả.",
        "The certificate was changed or forged.",
        manual_check="see_certificate",
    ),
    "certificate_revoked": Reason(
        "Chứng nhận hoặc khóa ký đã bị thu hồi.",
        "The certificate, or the key that signed it, was revoked.",
        manual_check="see_certificate",
    ),
    "certificate_expired": Reason(
        "Chứng nhận đã hết hạn.",
        "The certificate has expired.",
        manual_check="see_certificate",
    ),
    "certificate_not_yet_valid": Reason(
        "Chứng nhận được cấp sau lúc quét.",
        "The certificate was issued after the scan.",
        manual_check="see_certificate",
    ),
    "certificate_signer_unknown": Reason(
        "Đọc được chứng nhận nhưng không rõ nơi ký.",
        "The certificate can be read, its signer is not known.",
        manual_check="see_certificate",
    ),
    "certificate_list_out_of_date": Reason(
        "Danh sách tin cậy của hệ thống đã cũ: chưa kiểm tra được chứng nhận,"
        " không phải lỗi của người đi đường.",
        "Our own trust list is out of date: the certificate cannot be verified,"
        " through no fault of the traveller.",
        manual_check="see_certificate",
    ),
    "certificate_of_another": Reason(
        "Họ tên hoặc ngày sinh trên chứng nhận không phải của người này.",
        "Name or birth date on the certificate are not this person's.",
        manual_check="see_certificate",
    ),
    "test_missing": Reason(
        "Chưa có kết quả xét nghiệm âm tính.",
        "No negative test result.",
        manual_check="see_test_result",
    ),
    "test_expired": Reason(
        "Kết quả xét nghiệm đã quá hạn.",
        "The test result is too old.",
        manual_check="see_test_result",
    ),
    "test_positive": Reason(
        "Có kết quả xét nghiệm dương tính.",
        "The last test result is positive.",
        manual_check="keep_apart",
    ),
    "dose_before_missing": Reason(
        "Thiếu mũi tiêm trước đó.",
        "The dose before this one is missing.",
        manual_check="see_vaccination_record",
    ),
    "dose_repeated": Reason(
        "Cùng một mũi tiêm được ghi vào hai ngày khác nhau.",
        "The same dose is recorded on two days.",
        manual_check="see_vaccination_record",
    ),
    "dose_interval_short": Reason(
        "Khoảng cách giữa hai mũi tiêm quá ngắn.",
        "The doses are too close together.",
        manual_check="see_vaccination_record",
    ),
    "products_not_together": Reason(
        "Hai loại vắc xin không được tiêm phối hợp.",
        "The vaccines are not to be given to one person.",
        manual_check="see_vaccination_record",
    ),
    "two_places_same_day": Reason(
        "Tiêm ở hai nơi trong cùng một ngày.",
        "Doses at two places on one day.",
        manual_check="see_vaccination_record",
    ),
    "dose_before_birth": Reason(
        "Ngày tiêm trước ngày sinh.",
        "The dose is dated before the birth.",
        manual_check="see_vaccination_record",
    ),
    "dose_after_death": Reason(
        "Ngày tiêm sau khi đã xóa đăng ký do chết.",
        "The dose is dated after the person's death was registered.",
        manual_check="see_vaccination_record",
    ),
    "doses_out_of_order": Reason(
        "Thứ tự mũi tiêm không hợp lý.",
        "The doses are out of order.",
        manual_check="see_vaccination_record",
    ),
}
