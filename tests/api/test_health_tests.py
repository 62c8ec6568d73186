"""The door for test results: in the words of an office, counted from when they were issued."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.api.conftest import Bench

RESULT = {
    "document_number": "051190000123",
    "kind": "rt_pcr",
    "result": "negative",
    "resulted_at": "2021-09-14T09:30:00",
}


@pytest.mark.parametrize("role", ["register", "clerk"])
def test_a_result_is_accepted_when_the_broker_has_it(bench: Bench, role: str) -> None:
    answer = bench.post("/tests", RESULT, role)
    event = bench.broker.events[0]
    assert (answer.status_code, answer.json()["event_id"]) == (202, event.event_id)
    assert (event.kind, event.result, event.resulted_at) == (
        "rt_pcr",
        "negative",
        datetime(2021, 9, 14, 2, 30, tzinfo=UTC),
    )
    assert bench.broker.taken[0][1] == event.document_key


def test_a_retry_is_the_same_event(bench: Bench) -> None:
    ids = {
        bench.post("/tests", RESULT, **{"Idempotency-Key": "slip-1"}).json()["event_id"]
        for _ in range(2)
    }
    assert len(ids) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"result": "unclear"},
        {"kind": "saliva"},
        {"resulted_at": "2999-01-01"},
        {"resulted_at": None},
        {"sampled_at": "2021-09-14T09:31:00"},
    ],
)
def test_what_cannot_be_is_refused(bench: Bench, wrong: dict[str, Any]) -> None:
    assert bench.post("/tests", RESULT | wrong).status_code == 422
    assert bench.broker.taken == []


def test_a_laboratorys_table_is_taken_with_its_own_words(bench: Bench) -> None:
    table = (
        "Số CCCD;Họ và tên;Loại xét nghiệm;Kết quả;Giờ lấy mẫu;Giờ trả kết quả;Nơi xét nghiệm\n"
        "051190000123;Nguyễn Thị Hoà;Test nhanh;Âm tính;"
        "14/09/2021 07:00;14/09/2021 09:30;CDC Quảng Ngãi\n"
        "051190000124;Lê Văn Tám;RT-PCR;Dương tính;;14/09/2021 10:30;\n"
        "051190000125;Lê Văn Tám;RT-PCR;chưa rõ;;14/09/2021 10:30;\n"
    )
    answer = bench.post_table("/tests/batch", table).json()
    assert (
        answer["accepted"],
        answer["rows"][0]["line"],
        answer["rows"][0]["errors"][0]["field"],
    ) == (2, 4, "result")
    assert [(event.kind, event.result, event.laboratory) for event in bench.broker.events] == [
        ("rapid_antigen", "negative", "CDC Quảng Ngãi"),
        ("rt_pcr", "positive", None),
    ]


def test_why_somebody_was_removed_is_told_in_the_words_of_an_office(bench: Bench) -> None:
    table = (
        "person_number;Lý do xóa;Ngày xóa\n"
        "051190000123;Đã chết;15/09/2021\n"
        "051190000124;;15/09/2021\n"
        "051190000125;lost;15/09/2021\n"
    )
    answer = bench.post_table("/registry/removals/batch", table).json()
    assert (answer["accepted"], answer["rows"][0]["errors"][0]["field"]) == (2, "reason")
    assert [event.reason for event in bench.broker.events] == ["deceased", "unknown"]


def test_a_policy_says_where_tests_are_asked_for_and_which_vaccines_go_together(
    bench: Bench,
) -> None:
    table = (
        "policy_id;valid_from;decisions;test_required_levels;test_valid_hours;"
        "dose_products_together\n"
        "strict;2021-09-01;health_test=turn_back;"
        '"red, orange";48;"AstraZeneca + Pfizer; Vero Cell"\n'
        "plain;2021-09-01;health_test/test_positive=turn_back;;;\n"
        "wrong;2021-09-01;health_test=turn_back;purple;;\n"
    )
    answer = bench.post_table("/reference/policies/batch", table).json()
    assert (answer["accepted"], answer["rows"][0]["errors"][0]["field"]) == (
        2,
        "test_required_levels.0",
    )
    strict, plain = bench.broker.events
    assert (strict.test_required_levels, strict.test_valid_hours) == (["red", "orange"], 48)
    assert strict.dose_products_together == ["AstraZeneca + Pfizer", "Vero Cell"]
    assert (plain.test_required_levels, plain.test_valid_hours, plain.dose_products_together) == (
        [],
        72,
        [],
    )
