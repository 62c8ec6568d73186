"""Offers a small repository of files on this machine, with the bad habits of real downloads."""

import hashlib
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from infra.stack.artifacts import Artifact


@dataclass(slots=True)
class Repository:
    """Serves `content`, and knows ranges unless `ranges` is off.

    It cuts off a response after `cut_after` bytes, once.
    """

    content: dict[str, bytes] = field(default_factory=dict)
    cut_after: int | None = None
    ranges: bool = True
    requests: list[tuple[str, str]] = field(default_factory=list)
    """Each path stands here with the range that was requested."""
    port: int = 0

    def add(self, name: str, data: bytes) -> Artifact:
        artifact = Artifact(
            "kafka",
            "org.example",
            name,
            "1.0",
            "jar",
            "",
            len(data),
            hashlib.sha256(data).hexdigest(),
        )
        self.content[artifact.filename] = data
        return artifact

    def locate(self, artifact: Artifact, _cache_dir: Path) -> Iterator[str]:
        yield f"http://127.0.0.1:{self.port}/{artifact.filename}"


@pytest.fixture
def repository() -> Iterator[Repository]:
    offered = Repository()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.lstrip("/")
            wanted = self.headers.get("Range", "")
            offered.requests.append((name, wanted))
            data = offered.content.get(name)
            if data is None:
                return self.send_error(404)
            is_partial = bool(wanted) and offered.ranges
            start = int(wanted.removeprefix("bytes=").rstrip("-")) if is_partial else 0
            self.send_response(206 if is_partial else 200)
            self.send_header("Content-Length", str(len(data) - start))
            self.end_headers()
            rest = data[start:]
            if offered.cut_after is not None:
                rest = rest[: offered.cut_after]
                offered.cut_after = None
            self.wfile.write(rest)
            self.close_connection = True
            return None

        def log_message(self, *_: object) -> None:
            """Writes nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        offered.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield offered
        server.shutdown()
        thread.join()
