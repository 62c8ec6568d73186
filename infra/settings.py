"""Holds every setting of the deployment. Each process reads them once, in its composition root."""

from functools import cached_property
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LOCAL_SECRET = "local-only-never-in-production"  # noqa: S105 -- only the local profile may use it
CHECKOUT = Path(__file__).resolve().parents[1]


class Settings(BaseSettings):
    """The environment variable `DIBIENDONG_<NAME>` sets a field.

    The local profile has working defaults; any other profile refuses the local secret. An address
    that is left empty points at the local stack on its port.
    """

    model_config = SettingsConfigDict(
        env_prefix="DIBIENDONG_", env_file=CHECKOUT / ".env", extra="ignore", frozen=True
    )

    profile: Literal["local", "production"] = "local"
    data_dir: Path = CHECKOUT / ".data"
    cache_dir: Path = CHECKOUT / ".cache"
    host: str = "127.0.0.1"

    kafka_port: int = 19092
    kafka_controller_port: int = 19093
    registry_port: int = 18081
    clickhouse_port: int = 18123
    api_port: int = 18000
    metrics_port: int = 19100
    """The first stage process serves its metrics here; each further one takes the next port."""

    kafka_version: str = "4.4.0"
    registry_version: str = "2.6.13.Final"

    kafka_heap_mb: int = Field(default=256, ge=128)
    registry_heap_mb: int = Field(default=96, ge=64)
    start_timeout_s: float = Field(default=90.0, gt=0)
    """Time that `up` waits for one part before it gives up."""
    stop_timeout_s: float = Field(default=15.0, gt=0)
    """Time that `down` waits for one part before it kills it."""
    disk_free_min_mb: int = Field(default=1_000, ge=0)
    """`up` refuses to start with less room than this in the data directory."""
    log_max_mb: int = Field(default=10, ge=1)
    """A part's log is turned over at this size; one older log stays."""

    bootstrap_servers: str = ""
    registry_url: str = ""
    clickhouse_url: str = ""
    api_url: str = ""
    """The commands send their requests to the doors at this address."""
    clickhouse_database: str = "dibiendong"
    clickhouse_writer_password: SecretStr = SecretStr(LOCAL_SECRET)
    clickhouse_reader_password: SecretStr = SecretStr(LOCAL_SECRET + "-reader")
    person_key: SecretStr = SecretStr(LOCAL_SECRET)
    """Key of every pseudonym (HMAC-SHA-256). A changed key makes earlier pseudonyms unreadable."""

    consumer_group: str = "dibiendong"
    """The names of the stages' consumer groups begin with this."""
    partitions: int = Field(default=4, ge=1, le=512)
    replication_factor: int = Field(default=1, ge=1)
    stage_workers: int = Field(default=1, ge=1, le=16)
    """Number of processes of each stage that the local stack starts."""

    session_timeout_s: float = Field(default=10.0, gt=0)
    batch_max_records: int = Field(default=10_000, ge=1)
    sink_pace_s: float = Field(default=0.5, ge=0)
    """Least time between two small batches of one worker.

    Under load, ClickHouse then gets few large ones.
    """

    dead_letters_max: int = Field(default=100, ge=1)
    """A stage with more in `dead_letters_window_s` holds; an unexpected one counts double."""
    dead_letters_window_s: float = Field(default=60.0, gt=0)

    verdict_wait_ms: int = Field(default=2_000, ge=0, le=30_000)
    request_timeout_s: float = Field(default=5.0, gt=0)
    query_memory_max_mb: int = Field(default=1_000, ge=10)
    """Largest memory that ClickHouse may take for one query of a door."""
    traces_max: int = Field(default=100, ge=1)
    """Number of traces that a door works on at a time; one more gets a 503."""
    trace_longest_s: float = Field(default=60.0, gt=0)
    """Longest time for a trace; one that holds its process beyond it is ended with it."""
    body_max_bytes: int = 1_000_000
    batch_max_bytes: int = 64_000_000
    rate_limit_per_second: int = Field(default=5_000, ge=1)
    connections_max: int = Field(default=4_000, ge=1)
    """Limit for the API and the local ClickHouse; fewer open files allow fewer connections."""
    head_max_bytes: int = Field(default=65_536, ge=1_024)
    """Largest size of a request's first line and headers."""
    head_timeout_s: float = Field(default=20.0, gt=0)
    client_silence_s: float = Field(default=30.0, gt=0)
    """Longest time for which a client may stop in its request, or take nothing of the response."""
    drain_s: float = Field(default=2.0, ge=0)
    """A door that is told to end serves on for so long, not ready, until its proxy has noticed."""
    handover_watch_s: float = Field(default=5.0, gt=0)
    """A door looks this often for lists that are overdue or whose case was retracted."""
    replay_longest_s: float = Field(default=3_600.0, gt=0)
    """Longest time for a replay under another policy; the door that began it ends it then."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @model_validator(mode="after")
    def refuse_local_secrets_elsewhere(self) -> Self:
        secrets = (
            self.clickhouse_writer_password,
            self.clickhouse_reader_password,
            self.person_key,
        )
        values = [secret.get_secret_value() for secret in secrets]
        has_local = any(value.startswith(LOCAL_SECRET) for value in values)
        if has_local and self.profile != "local":
            raise ValueError(
                "set clickhouse_writer_password, clickhouse_reader_password and person_key: "
                "only the local profile has defaults"
            )
        return self

    @cached_property
    def kafka(self) -> str:
        return self.bootstrap_servers or f"{self.host}:{self.kafka_port}"

    @cached_property
    def registry(self) -> str:
        """Returns the base address of the Confluent-compatible registry API."""
        return self.registry_url or f"http://{self.host}:{self.registry_port}/apis/ccompat/v7"

    @cached_property
    def clickhouse(self) -> str:
        return self.clickhouse_url or f"http://{self.host}:{self.clickhouse_port}"

    @cached_property
    def api(self) -> str:
        return self.api_url or f"http://{self.host}:{self.api_port}"
