"""Declares every metric of the system, with its kind and a sentence."""

from typing import Literal

from prometheus_client import Counter, Gauge, Histogram

MetricName = Literal[
    "dibiendong_stage_records_total",
    "dibiendong_stage_batch_seconds",
    "dibiendong_stage_busy_seconds_total",
    "dibiendong_stage_retries_total",
    "dibiendong_stage_dead_letters_total",
    "dibiendong_stage_held",
    "dibiendong_stage_replay_left",
    "dibiendong_requests_total",
    "dibiendong_request_seconds",
    "dibiendong_events_accepted_total",
    "dibiendong_rows_refused_total",
    "dibiendong_verdict_wait_seconds",
    "dibiendong_follower_errors_total",
]

LATENCY_BUCKETS_S = (0.002, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


def _counter(name: MetricName, sentence: str, *labels: str) -> Counter:
    return Counter(name, sentence, labels)


def _gauge(name: MetricName, sentence: str, *labels: str) -> Gauge:
    return Gauge(name, sentence, labels)


def _histogram(name: MetricName, sentence: str, *labels: str) -> Histogram:
    return Histogram(name, sentence, labels, buckets=LATENCY_BUCKETS_S)


STAGE_RECORDS = _counter(
    "dibiendong_stage_records_total", "Records a stage has finished.", "stage", "topic"
)
STAGE_BATCH_SECONDS = _histogram(
    "dibiendong_stage_batch_seconds", "Time of one batch from decoding to commit.", "stage"
)
STAGE_BUSY_SECONDS = _counter(
    "dibiendong_stage_busy_seconds_total", "Time with at least one batch in work.", "stage"
)
STAGE_RETRIES = _counter(
    "dibiendong_stage_retries_total", "Batches tried again because something was away.", "stage"
)
STAGE_DEAD_LETTERS = _counter(
    "dibiendong_stage_dead_letters_total", "Records set aside.", "stage", "kind"
)
STAGE_HELD = _gauge(
    "dibiendong_stage_held", "1 while too many dead letters hold the stage.", "stage"
)
STAGE_REPLAY_LEFT = _gauge(
    "dibiendong_stage_replay_left",
    "Finished records that a lost state has still to fold again.",
    "stage",
)
REQUESTS = _counter("dibiendong_requests_total", "Requests answered.", "method", "route", "status")
REQUEST_SECONDS = _histogram("dibiendong_request_seconds", "Time to answer a request.", "route")
EVENTS_ACCEPTED = _counter(
    "dibiendong_events_accepted_total", "Events the broker has taken.", "topic"
)
ROWS_REFUSED = _counter(
    "dibiendong_rows_refused_total", "Rows of batches that were refused.", "route"
)
VERDICT_WAIT_SECONDS = _histogram(
    "dibiendong_verdict_wait_seconds", "Time from a scan's acceptance to its verdict."
)
FOLLOWER_ERRORS = _counter(
    "dibiendong_follower_errors_total",
    "Errors met while reading a topic that a process follows.",
    "topic",
    "error",
)
