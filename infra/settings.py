"""Every setting of the deployment, read once in the composition root of each process; the environment overrides each one."""

from functools import cached_property
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LOCAL_SECRET = "local-only-never-in-production"  # noqa: S105 -- what only the local profile may use
CHECKOUT = Path(__file__).resolve().parents[1]


class Settings(BaseSettings):
    """`DIBIENDONG_<NAME>` sets a field. The local profile has working defaults; any other refuses the local secret.

    Addresses left empty point at the local stack on its ports.
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
    """The first of the stages' metrics ports; each stage process takes the next one."""

    kafka_version: str = "4.4.0"
    registry_version: str = "2.6.13.Final"

    kafka_heap_mb: int = Field(default=256, ge=128)
    registry_heap_mb: int = Field(default=96, ge=64)
    start_timeout_s: float = Field(default=90.0, gt=0)
    """How long `up` waits for one part before it gives up."""
    stop_timeout_s: float = Field(default=15.0, gt=0)
    """How long `down` waits for one part before it kills it."""
    disk_free_min_mb: int = Field(default=1_000, ge=0)
    """`up` refuses to start with less room than this in the data directory."""
    log_max_mb: int = Field(default=10, ge=1)
    """Size at which a part's log is turned over; one older log is kept."""

    bootstrap_servers: str = ""
    registry_url: str = ""
    clickhouse_url: str = ""
    api_url: str = ""
    """Of the doors that the commands ask."""
    clickhouse_database: str = "dibiendong"
    clickhouse_writer_password: SecretStr = SecretStr(LOCAL_SECRET)
    clickhouse_reader_password: SecretStr = SecretStr(LOCAL_SECRET + "-reader")
    person_key: SecretStr = SecretStr(LOCAL_SECRET)
    """Key of every pseudonym (HMAC-SHA-256). Changing it makes all earlier pseudonyms unreadable."""

    consumer_group: str = "dibiendong"
    """What the names of the stages' consumer groups begin with."""
    partitions: int = Field(default=4, ge=1, le=512)
    replication_factor: int = Field(default=1, ge=1)
    stage_workers: int = Field(default=1, ge=1, le=16)
    """Processes of each stage that the local stack starts."""

    session_timeout_s: float = Field(default=10.0, gt=0)
    batch_max_records: int = Field(default=10_000, ge=1)
    sink_pace_s: float = Field(default=0.5, ge=0)
    """Least time between two small inserts of one partition, so that ClickHouse gets few large ones under load."""

    dead_letters_max: int = Field(default=100, ge=1)
    """Dead letters a stage may write within `dead_letters_window_s` before it holds; an unexpected one counts double."""
    dead_letters_window_s: float = Field(default=60.0, gt=0)

    verdict_wait_ms: int = Field(default=2_000, ge=0, le=30_000)
    request_timeout_s: float = Field(default=5.0, gt=0)
    body_max_bytes: int = 1_000_000
    batch_max_bytes: int = 64_000_000
    rate_limit_per_second: int = Field(default=5_000, ge=1)
    connections_max: int = Field(default=4_000, ge=1)
    """Of the API, and of the local ClickHouse; fewer where the process may not have so many files open."""
    head_max_bytes: int = Field(default=65_536, ge=1_024)
    """Of a request's first line and headers."""
    head_timeout_s: float = Field(default=20.0, gt=0)
    client_silence_s: float = Field(default=30.0, gt=0)
    """How long a client may stop in the middle of its request, or take nothing of its answer, before it is let go."""
    handover_watch_s: float = Field(default=5.0, gt=0)
    """How often a door looks for lists that are overdue or whose case was retracted."""
    replay_longest_s: float = Field(default=3_600.0, gt=0)
    """How long a replay under another policy may take before the door that began it ends it."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @model_validator(mode="after")
    def refuse_local_secrets_elsewhere(self) -> Self:
        secrets = (
            self.clickhouse_writer_password,
            self.clickhouse_reader_password,
            self.person_key,
        )
        if self.profile != "local" and any(
            s.get_secret_value().startswith(LOCAL_SECRET) for s in secrets
        ):
            message = "set clickhouse_writer_password, clickhouse_reader_password and person_key: only the local profile has defaults"
            raise ValueError(message)
        return self

    @cached_property
    def kafka(self) -> str:
        return self.bootstrap_servers or f"{self.host}:{self.kafka_port}"

    @cached_property
    def registry(self) -> str:
        """Base address of the Confluent-compatible registry API."""
        return self.registry_url or f"http://{self.host}:{self.registry_port}/apis/ccompat/v7"

    @cached_property
    def clickhouse(self) -> str:
        return self.clickhouse_url or f"http://{self.host}:{self.clickhouse_port}"

    @cached_property
    def api(self) -> str:
        return self.api_url or f"http://{self.host}:{self.api_port}"
