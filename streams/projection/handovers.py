"""Cases handed over: the requests, and the lists with issues, lines, receipts and escalations."""

from streams.projection.table import Table

REQUESTS = Table(
    "handovers_asked",
    {
        "case_id": "case_id",
        "asked_at": "asked_at",
        "event_id": "event_id",
        "report_id": "report_id",
        "question": "question",
        "issued": "issued",
        "asked_by": "submitted_by",
    },
)

PEOPLE = Table(
    "handover_people",
    {
        "issue_id": "issue_id",
        "person_id": "person_id",
        "handover_id": "handover_id",
        "case_id": "case_id",
        "unit_code": "unit_code",
        "generation": "generation",
        "exposed_at": "exposed_at",
        "last_exposed_at": "last_exposed_at",
        "follow_until": "follow_until",
        "source_id": "source_id",
        "place": "place",
        "issued_at": "issued_at",
    },
)

ISSUES = Table(
    "handover_issues",
    {
        "handover_id": "handover_id",
        "issued_at": "issued_at",
        "issue_id": "event_id",
        "case_id": "case_id",
        "unit_code": "unit_code",
        "people": "people",
        "rules_id": "rules_id",
        "depth": "depth",
        "follow_days": "follow_days",
        "unlisted": "unlisted",
        "deadline_at": "deadline_at",
        "issued_by": "submitted_by",
    },
)

ACKNOWLEDGEMENTS = Table(
    "handover_acknowledgements",
    {
        "issue_id": "issue_id",
        "handover_id": "handover_id",
        "acknowledged_at": "acknowledged_at",
        "acknowledged_by": "submitted_by",
        "event_id": "event_id",
    },
)

ESCALATIONS = Table(
    "handover_escalations",
    {
        "issue_id": "issue_id",
        "to_unit_code": "to_unit_code",
        "handover_id": "handover_id",
        "escalated_at": "escalated_at",
    },
)
