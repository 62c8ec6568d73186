"""Reads one HTTP request as ClickHouse does.

It has parameters of the transport, settings, query parameters, form fields and files.
"""

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from infra.chdb_server.errors import refusal

# The engine knows none of these parameters of the transport as a setting, or must not see it.
TRANSPORT = {
    *("query", "database", "user", "password", "default_format", "query_id", "quota_key", "role"),
    *("session_id", "session_timeout", "session_check", "close_session", "buffer_size"),
    *("wait_end_of_query", "compress", "decompress", "enable_http_compression"),
    *("http_zlib_compression_level", "client_protocol_version"),
    *("send_progress_in_http_headers", "http_headers_progress_interval_ms", "add_http_cors_header"),
    *("cancel_http_readonly_queries_on_client_close", "log_comment"),
    *("http_write_exception_in_output_format",),
}
WORD = re.compile(r"[A-Za-z0-9_]+")
FORM = re.compile(rb"(query|database|default_format|session_id|query_id|param_\w+)=")
BOUNDARY = re.compile(r'boundary="?([^";]+)"?')
DISPOSITION = re.compile(rb'(\w+)="((?:[^"\\]|\\.)*)"')
EXTERNAL_PARAMS = ("format", "types", "structure")
BIND_PREFIX = "param_"


@dataclass(frozen=True, slots=True)
class ExternalFile:
    name: str
    data: bytes


@dataclass(slots=True)
class Request:
    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str]
    files: list[ExternalFile] = field(default_factory=list)

    @property
    def query_id(self) -> str:
        if not self.params.get("query_id"):
            self.params["query_id"] = str(uuid.uuid4())
        return self.params["query_id"]

    @property
    def database(self) -> str | None:
        return self.params.get("database") or self.headers.get("x-clickhouse-database")

    @property
    def default_format(self) -> str:
        in_header = self.headers.get("x-clickhouse-format")
        return word(in_header or self.params.get("default_format") or "TabSeparated")

    @property
    def _content_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_multipart(self) -> bool:
        return self._content_type == "multipart/form-data"

    @property
    def may_be_urlencoded(self) -> bool:
        """Returns whether the body has to be looked at.

        curl gives this content type to every body it posts, so the body must look like a form too.
        """
        is_declared = self._content_type == "application/x-www-form-urlencoded"
        return is_declared and not self.params.get("query")

    def flag(self, name: str) -> bool:
        return self.params.get(name, "0") not in {"", "0", "false"}

    def settings(self) -> dict[str, str]:
        """Returns the parameters that the engine is to take as settings."""
        others = set(TRANSPORT)
        for file in self.files:
            others.update(f"{file.name}_{param}" for param in EXTERNAL_PARAMS)
        names = [name for name in self.params if name not in others]
        return {name: self.params[name] for name in names if not name.startswith(BIND_PREFIX)}

    def binds(self) -> dict[str, str]:
        """Returns the query parameters. Raises ClickHouseError for a name that is no word."""
        binds = {}
        for name, value in self.params.items():
            if name.startswith(BIND_PREFIX):
                binds[word(name.removeprefix(BIND_PREFIX))] = value
        return binds

    def take_form(self, body: bytes) -> None:
        """Adds the fields and files of a multipart body. Raises ClickHouseError if it is cut."""
        boundary = BOUNDARY.search(self.headers["content-type"])
        if boundary is None:
            raise refusal("BAD_REQUEST_PARAMETER", "The multipart body has no boundary")
        for name, filename, data in _parts(body, boundary[1].encode()):
            if filename is None:
                self.params[name] = data.decode(errors="surrogateescape")
            else:
                self.files.append(ExternalFile(name, data))

    def take_urlencoded(self, body: bytes) -> bool:
        """Adds the fields of a form, and returns whether `body` is one."""
        if FORM.match(body) is None:
            return False
        self.params.update(_fields(body))
        return True


def word(name: str) -> str:
    """Returns a name that may stand in a statement unquoted. Raises ClickHouseError for others."""
    if WORD.fullmatch(name) is None:
        raise refusal("BAD_REQUEST_PARAMETER", f"'{name}' is not a plain name")
    return name


def read_request(scope: Mapping[str, Any]) -> Request:
    headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
    return Request(scope["method"], scope["path"], _fields(scope["query_string"]), headers)


def _fields(encoded: bytes) -> dict[str, str]:
    text = encoded.decode("latin-1")
    return dict(parse_qsl(text, keep_blank_values=True, errors="surrogateescape"))


def _parts(body: bytes, boundary: bytes) -> Iterable[tuple[str, str | None, bytes]]:
    """Yields name, file name and content of each part of a multipart body."""
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary)
    if len(pieces) < 3 or not pieces[-1].startswith(b"--"):
        raise refusal("UNEXPECTED_END_OF_FILE", "The multipart body is cut")
    for piece in pieces[1:-1]:
        head, _, data = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        names = dict(DISPOSITION.findall(head))
        filename = _text(names[b"filename"]) if b"filename" in names else None
        yield _text(names.get(b"name", b"")), filename, data


def _text(name: bytes) -> str:
    try:
        return name.decode()
    except UnicodeDecodeError:
        raise refusal(
            "BAD_REQUEST_PARAMETER", "A name in the multipart body is not UTF-8"
        ) from None
