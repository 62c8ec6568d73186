"""Settings are made here without the developer's own .env file."""

from infra.settings import Settings


def plain_settings(**values: object) -> Settings:
    return Settings(_env_file=None, **values)  # type: ignore[call-arg, arg-type] # pydantic checks them when it runs
