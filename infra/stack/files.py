"""Makes the files of the local stack ready, once: fetched, verified, unpacked, and warmed up for a fast start."""

from infra.settings import Settings
from infra.stack import registry
from infra.stack.artifacts import read_lock
from infra.stack.class_cache import make_class_caches
from infra.stack.fetch import disk_trouble_explained, fetch_all, only_one_at_a_time
from infra.stack.java import class_cache_path


def ensure(settings: Settings) -> None:
    fetch_all(read_lock(), settings.cache_dir)
    with disk_trouble_explained(settings.cache_dir), only_one_at_a_time(settings.cache_dir):
        registry.unpack(settings)
        make_class_caches(
            settings,
            [
                part
                for part in ("kafka", "registry")
                if not class_cache_path(settings.cache_dir, part).exists()
            ],
        )


def main() -> None:
    ensure(Settings())


if __name__ == "__main__":
    main()
