"""Kafka's storage is formatted with an id that its tool accepts."""

from uuid import UUID

from infra.stack.kafka import cluster_id

WITH_A_DASH, WITHOUT = UUID("f8" + "0" * 30), UUID("10" + "0" * 30)


def test_an_id_that_would_be_taken_for_an_option_is_drawn_again() -> None:
    drawn = iter([WITH_A_DASH, WITH_A_DASH, WITHOUT])
    assert cluster_id(lambda: next(drawn)) == "EAAAAAAAAAAAAAAAAAAAAA"


def test_ids_differ() -> None:
    assert cluster_id() != cluster_id()
