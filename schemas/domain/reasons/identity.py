"""Reasons about who a traveller is: names, numbers, documents, residences and codes."""

from collections.abc import Mapping

from schemas.domain.reasons.reason import Reason

REASONS: Mapping[str, Reason] = {
    "name_different": Reason(
        "Họ tên không khớp với Cơ sở dữ liệu dân cư.",
        "The name differs from the population register.",
        manual_check="compare_card",
    ),
    "name_near": Reason(
        "Họ tên gần khớp (thiếu dấu hoặc thiếu chữ đệm).",
        "The name nearly matches (diacritics or a middle name missing).",
        manual_check="compare_card",
    ),
    "birth_date_different": Reason(
        "Ngày sinh không khớp.",
        "The birth date differs from the register.",
        manual_check="compare_card",
    ),
    "birth_date_near": Reason(
        "Ngày sinh gần khớp (chỉ có năm, hoặc đảo ngày tháng).",
        "The birth date nearly matches.",
        manual_check="compare_card",
    ),
    "sex_different": Reason(
        "Giới tính không khớp.",
        "The sex differs from the register.",
        manual_check="compare_card",
    ),
    "sex_near": Reason(
        "Giới tính gần khớp.",
        "The sex nearly matches.",
        manual_check="compare_card",
    ),
    "document_not_in_register": Reason(
        "Không tìm thấy giấy tờ trong Cơ sở dữ liệu dân cư.",
        "The register does not know the document.",
        manual_check="ask_other_document",
    ),
    "number_of_other_sex": Reason(
        "Số CCCD là của người khác giới tính.",
        "The CCCD number is of the other sex.",
        manual_check="compare_card",
    ),
    "number_of_other_birth_year": Reason(
        "Số CCCD là của người khác năm sinh.",
        "The CCCD number is of another birth year.",
        manual_check="compare_card",
    ),
    "number_of_no_province": Reason(
        "Mã tỉnh trong số CCCD không có trong danh mục.",
        "No province has the code in the CCCD number.",
        manual_check="compare_card",
    ),
    "used_under_two_names": Reason(
        "Một giấy tờ được dùng với hai họ tên khác nhau.",
        "The document was used under two names.",
        manual_check="compare_card",
    ),
    "permanent_residence_different": Reason(
        "Nơi thường trú không khớp.",
        "The permanent residence differs from the register.",
        manual_check="see_residence_papers",
    ),
    "temporary_residence_different": Reason(
        "Nơi ở không khớp với nơi tạm trú đã đăng ký.",
        "The lodging differs from the temporary residence.",
        manual_check="see_residence_papers",
    ),
    "code_of_another_person": Reason(
        "Mã QR là của khai báo người khác.",
        "The code is of somebody else's declaration.",
        manual_check="compare_card",
    ),
    "scan_id_reused": Reason(
        "Hai giấy tờ khác nhau được quét cùng một mã lượt quét.",
        "Another document was scanned under the same scan id at the same moment.",
        manual_check="compare_card",
    ),
    "declaration_id_reused": Reason(
        "Hai giấy tờ khác nhau khai báo cùng một mã khai báo.",
        "Another document declared under the same declaration id at the same moment.",
        manual_check="compare_card",
    ),
    "code_unreadable": Reason(
        "Mã QR không phải mã khai báo, hoặc bị cắt mất.",
        "The code is none of ours, or was cut off.",
        manual_check="compare_card",
    ),
    "code_key_unknown": Reason(
        "Mã QR không do hệ thống ký: mã giả.",
        "The code is signed with a key we do not know: a forgery.",
        manual_check="compare_card",
    ),
    "code_key_revoked": Reason(
        "Mã QR ký bằng khóa đã bị thu hồi.",
        "The code is signed with a key that was revoked.",
        manual_check="compare_card",
    ),
    "code_signature_wrong": Reason(
        "Chữ ký của mã QR sai: mã đã bị sửa hoặc làm giả.",
        "The code's signature is wrong: changed or forged.",
        manual_check="compare_card",
    ),
    "code_shown_elsewhere": Reason(
        "Mã QR này vừa được trình ở chốt khác quá xa.",
        "The same code was just shown at a post too far away.",
        manual_check="compare_card",
    ),
}
