"""Words errors as ClickHouse does: a code, a message that names it, and the HTTP status."""

import re

CODES = {
    "UNEXPECTED_END_OF_FILE": 3,
    "UNKNOWN_FUNCTION": 46,
    "NOT_IMPLEMENTED": 48,
    "SYNTAX_ERROR": 62,
    "UNKNOWN_TABLE": 60,
    "UNKNOWN_COMPRESSION_METHOD": 89,
    "TOO_LARGE_STRING_SIZE": 131,
    "READONLY": 164,
    "TOO_MANY_SIMULTANEOUS_QUERIES": 202,
    "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING": 216,
    "ABORTED": 236,
    "CANNOT_DECOMPRESS": 271,
    "INTO_OUTFILE_NOT_ALLOWED": 358,
    "SESSION_NOT_FOUND": 372,
    "SESSION_IS_LOCKED": 373,
    "INVALID_SESSION_TIMEOUT": 374,
    "QUERY_WAS_CANCELLED": 394,
    "BAD_REQUEST_PARAMETER": 408,
    "ACCESS_DENIED": 497,
    "SET_NON_GRANTED_ROLE": 512,
    "AUTHENTICATION_FAILED": 516,
    "UNKNOWN_EXCEPTION": 1002,
}

FORBIDDEN = {192, 193, 497, 512, 516}
BAD_REQUEST = {
    *(6, 26, 27, 32, 33, 36, 38, 41, 53, 62, 69, 70, 72, 117, 130, 131),
    *(158, 167, 168, 198, 321, 408, 427, 456, 457),
}
NOT_FOUND = {18, 46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 137, 372}
STATUSES = {48: 501, 159: 408, 194: 401, 202: 503, 209: 503, 223: 413, 241: 500, 394: 499}

CODE = re.compile(r"Code: (\d+)\. DB::Exception: ")
VERSION = re.compile(r"\(version [^()]+(\([^()]*\))?\)\s*$")


class ClickHouseError(Exception):
    """An error in ClickHouse's words.

    An example is `Code: 62. DB::Exception: ... (SYNTAX_ERROR) (version 26.9.2.1)`.
    """

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code

    @property
    def status(self) -> int:
        if self.code in FORBIDDEN:
            return 403
        if self.code in BAD_REQUEST:
            return 400
        if self.code in NOT_FOUND:
            return 404
        return STATUSES.get(self.code, 500)

    def body(self, version: str) -> bytes:
        message = str(self)
        stamped = message if VERSION.search(message) else f"{message} (version {version})"
        return f"{stamped}\n".encode(errors="surrogateescape")


class ClientGoneError(Exception):
    """The client closed its connection, and waits for no response any more."""


def refusal(name: str, sentence: str) -> ClickHouseError:
    """Returns an error of this server, in the engine's wording."""
    return ClickHouseError(CODES[name], f"Code: {CODES[name]}. DB::Exception: {sentence}. ({name})")


def from_engine(error: RuntimeError) -> ClickHouseError:
    """Returns the engine's exception as an error.

    Its text may begin with the library's own words, which no ClickHouse client expects.
    """
    message = str(error)
    if "the grant READ ON FILE" in message:
        return refusal(
            "UNKNOWN_TABLE", "Unknown table: what is no table of this database could only be a file"
        )
    code = CODE.search(message)
    if code is None:
        return refusal("UNKNOWN_EXCEPTION", message)
    return ClickHouseError(int(code.group(1)), message[code.start() :].rstrip())
