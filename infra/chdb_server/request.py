"""One HTTP request as ClickHouse reads it: transport parameters, settings, query parameters, form fields and files."""

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from infra.chdb_server.errors import refusal

# Parameters of the transport; the engine knows none of them as a setting, or must not see it.
TRANSPORT = {
    *("query", "database", "user", "password", "default_format", "query_id", "quota_key", "role"),
    *(
        "session_id",
        "session_timeout",
        "session_check",
        "close_session",
        "buffer_size",
        "wait_end_of_query",
    ),
    *(
        "compress",
        "decompress",
        "enable_http_compression",
        "http_zlib_compression_level",
        "client_protocol_version",
    ),
    *("send_progress_in_http_headers", "http_headers_progress_interval_ms", "add_http_cors_header"),
    *(
        "cancel_http_readonly_queries_on_client_close",
        "log_comment",
        "http_write_exception_in_output_format",
    ),
}
WORD = re.compile(r"[A-Za-z0-9_]+")
FORM = re.compile(rb"(query|database|default_format|session_id|query_id|param_\w+)=")
BOUNDARY = re.compile(r'boundary="?([^";]+)"?')
DISPOSITION = re.compile(rb'(\w+)="((?:[^"\\]|\\.)*)"')
EXTERNAL_PARAMS = ("format", "types", "structure")


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
        return word(
            self.headers.get("x-clickhouse-format")
            or self.params.get("default_format")
            or "TabSeparated"
        )

    @property
    def _content_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_multipart(self) -> bool:
        return self._content_type == "multipart/form-data"

    @property
    def may_be_urlencoded(self) -> bool:
        """curl says so of every body it posts, so the body must look like a form as well."""
        return self._content_type == "application/x-www-form-urlencoded" and not self.params.get(
            "query"
        )

    def flag(self, name: str) -> bool:
        return self.params.get(name, "0") not in {"", "0", "false"}

    def settings(self) -> dict[str, str]:
        external = {f"{file.name}_{param}" for file in self.files for param in EXTERNAL_PARAMS}
        own = {
            name: value for name, value in self.params.items() if name not in TRANSPORT | external
        }
        return {name: value for name, value in own.items() if not name.startswith("param_")}

    def binds(self) -> dict[str, str]:
        return {
            word(name[6:]): value
            for name, value in self.params.items()
            if name.startswith("param_")
        }

    def take_form(self, body: bytes) -> None:
        """The fields and files of a multipart body."""
        boundary = BOUNDARY.search(self.headers["content-type"])
        if boundary is None:
            raise refusal("BAD_REQUEST_PARAMETER", "The multipart body has no boundary")
        for name, filename, data in _parts(body, boundary[1].encode()):
            if filename is None:
                self.params[name] = data.decode(errors="surrogateescape")
            else:
                self.files.append(ExternalFile(name, data))

    def take_urlencoded(self, body: bytes) -> bool:
        """The fields of a form, if `body` is one."""
        if FORM.match(body) is None:
            return False
        self.params.update(_fields(body))
        return True


def word(name: str) -> str:
    """What goes into a statement unquoted must not bring a statement of its own."""
    if WORD.fullmatch(name) is None:
        raise refusal("BAD_REQUEST_PARAMETER", f"'{name}' is not a plain name")
    return name


def read_request(scope: Mapping[str, Any]) -> Request:
    headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
    return Request(scope["method"], scope["path"], _fields(scope["query_string"]), headers)


def _fields(encoded: bytes) -> dict[str, str]:
    return dict(
        parse_qsl(encoded.decode("latin-1"), keep_blank_values=True, errors="surrogateescape")
    )


def _parts(body: bytes, boundary: bytes) -> Iterable[tuple[str, str | None, bytes]]:
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary)
    if len(pieces) < 3 or not pieces[-1].startswith(b"--"):
        raise refusal("UNEXPECTED_END_OF_FILE", "The multipart body is cut")
    for piece in pieces[1:-1]:
        head, _, data = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        names = dict(DISPOSITION.findall(head))
        try:
            name, filename = (
                None if found is None else found.decode()
                for found in (names.get(b"name", b""), names.get(b"filename"))
            )
        except UnicodeDecodeError:
            raise refusal(
                "BAD_REQUEST_PARAMETER", "A name in the multipart body is not UTF-8"
            ) from None
        yield name or "", filename, data
