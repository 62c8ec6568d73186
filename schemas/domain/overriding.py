"""Reasons for which an officer may decide otherwise than the verdict.

They stand in the languages of checkpoints and of reports.
"""

from collections.abc import Mapping

from schemas.contract.terms import OverrideReason
from schemas.domain.texts import Text

OVERRIDE_REASONS: Mapping[OverrideReason, Text] = {
    "papers_seen": Text(
        "Đã xem giấy tờ gốc và thấy hợp lệ.", "The papers themselves were seen, and are in order."
    ),
    "record_wrong": Text(
        "Dữ liệu của hệ thống sai hoặc cũ.", "The system's records are wrong or old."
    ),
    "emergency": Text("Cấp cứu hoặc trường hợp khẩn cấp.", "An emergency."),
    "official_duty": Text(
        "Người đi công vụ, có giấy của cơ quan.", "On official duty, with a paper of the authority."
    ),
    "ordered": Text("Theo lệnh của cấp trên.", "By order of a superior."),
    "diverted": Text(
        "Chuyển sang chốt kế tiếp để tránh ùn tắc.", "Sent on to the next post, against a jam."
    ),
    "suspicion": Text(
        "Có nghi vấn mà hệ thống không biết.",
        "Something is suspicious that the system does not know of.",
    ),
}
