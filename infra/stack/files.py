"""Makes the files of the local stack ready, once: fetched, verified, unpacked, and warmed up for a fast start."""

from infra.settings import Settings
from infra.stack import registry
from infra.stack.artifacts import read_lock
from infra.stack.class_cache import warm_up
from infra.stack.fetch import disk_trouble_explained, fetch_all, only_one_at_a_time
from infra.stack.java import start_cache


def ensure(settings: Settings) -> None:
    fetch_all(read_lock(), settings.cache_dir)
    with disk_trouble_explained(settings.cache_dir), only_one_at_a_time(settings.cache_dir):
        registry.unpack(settings)
        warm_up(
            settings,
            [
                part
                for part in ("kafka", "registry")
                if not start_cache(settings.cache_dir, part).exists()
            ],
        )


def main() -> None:
    ensure(Settings())


if __name__ == "__main__":
    main()
