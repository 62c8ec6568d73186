"""What a statement is, as far as this server must know before the engine parses it: its kind, its format, its data."""

import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from itertools import pairwise

from infra.chdb_server.errors import refusal
from infra.chdb_server.tokens import Token, tokens

NEEDS_WHOLE_TEXT = {b"SELECT", b"WITH", b"(", b"FROM"}
ANSWERS = {b"SHOW", b"DESCRIBE", b"DESC", b"EXPLAIN", b"EXISTS", b"CHECK", b"KILL"}
SELECTS = {b"SELECT", b"WITH", b"FROM", b"("}
BEFORE_DATA = re.compile(rb"[ \t\r]*;?[ \t\r]*\n?")


class Kind(Enum):
    SELECT = auto()
    """Rows that can be streamed."""
    INSERT = auto()
    """An insert followed by its data in a format."""
    SESSION = auto()
    """SET and USE, which change the session itself."""
    ANSWER = auto()
    """SHOW, DESCRIBE and the like: a small result."""
    COMMAND = auto()
    """Anything else: no result."""


CUT_KINDS = {Kind.SELECT, Kind.INSERT}
REMEMBERED_BYTES = 8192
"""A text up to here is parsed once: the same questions come again and again, with other parameters."""


@dataclass(frozen=True, slots=True)
class Statement:
    """`sql` lacks the FORMAT clause of a SELECT or an INSERT; `settings` is what stood behind it, `data` follows it."""

    kind: Kind
    sql: bytes
    format: str | None = None
    settings: bytes = b""
    data: bytes = b""

    @property
    def head(self) -> bytes:
        """The whole statement as the engine's parser knows it, without the data."""
        clause = (
            f"\n FORMAT {self.format}\n".encode() if self.format and self.kind in CUT_KINDS else b""
        )
        return self.sql + clause + self.settings


def parse(text: bytes) -> Statement:
    """The one statement of a request. Raises ClickHouseError for several, and for files of the server."""
    return _remembered(text) if len(text) <= REMEMBERED_BYTES else _parsed(text)


@lru_cache(maxsize=512)
def _remembered(text: bytes) -> Statement:
    return _parsed(text)


def _parsed(text: bytes) -> Statement:
    words = list(tokens(text))
    if not words:
        raise refusal("SYNTAX_ERROR", "Empty query")
    if insert := insert_head(text):
        return insert
    body = _one_statement(text, words)
    words = [word for word in words if word.end <= len(body)]
    if not words:
        raise refusal("SYNTAX_ERROR", "Empty query")
    _refuse_files(words)
    _refuse_input(words)
    kind = _kind_of(words)
    return (
        _with_format(kind, body, words)
        if kind is Kind.SELECT
        else Statement(kind, body, _named_format(body, words))
    )


def insert_head(text: bytes) -> Statement | None:
    """The head of an insert that brings its data along, also of a text that is cut within the data."""
    scan = tokens(text)
    if next(scan, Token(b"", 0, 0, 0)).word != b"INSERT":
        return None
    for token in scan:
        if token.depth:
            continue
        if token.word in {b"INFILE", b"OUTFILE"}:
            _refuse_files([Token(b"FROM", 0, 0, 0), token])
        if token.word == b"VALUES":
            return Statement(Kind.INSERT, text[: token.start], "Values", data=text[token.end :])
        if token.word == b"FORMAT":
            name = next(scan, None)
            return (
                _insert_with_format(text, token, name) if name is not None and name.word else None
            )
        if token.word in NEEDS_WHOLE_TEXT and token.word != b"(":
            return None
    return None


def _insert_with_format(text: bytes, clause: Token, name: Token) -> Statement:
    fmt = text[name.start : name.end].decode(errors="replace")
    if fmt.lower() == "values":
        fmt = "Values"
    gap = BEFORE_DATA.match(text, name.end)
    return Statement(
        Kind.INSERT, text[: clause.start], fmt, data=text[gap.end() if gap else name.end :]
    )


def _one_statement(text: bytes, words: list[Token]) -> bytes:
    ends = [word for word in words if word.word == b";"]
    if not ends:
        return text
    first = ends[0]
    if any(word.start > first.start and word.word != b";" for word in words):
        raise refusal("SYNTAX_ERROR", "Syntax error (Multi-statements are not allowed)")
    return text[: first.start]


def _refuse_files(words: list[Token]) -> None:
    """Files named in a query belong to the client program; over HTTP they would be the server's."""
    for before, word in pairwise(words):
        if before.word == b"INTO" and word.word == b"OUTFILE":
            raise refusal("INTO_OUTFILE_NOT_ALLOWED", "INTO OUTFILE is not allowed")
        if before.word == b"FROM" and word.word == b"INFILE":
            raise refusal("INTO_OUTFILE_NOT_ALLOWED", "FROM INFILE is not allowed")


def _refuse_input(words: list[Token]) -> None:
    """The engine would take the statement, and drop its data without a word."""
    calls = any(word.word == b"INPUT" and bracket.word == b"(" for word, bracket in pairwise(words))
    if calls and any(word.word == b"INSERT" for word in words):
        raise refusal(
            "NOT_IMPLEMENTED",
            "INSERT ... SELECT FROM input() is not supported by the local ClickHouse",
        )


def _kind_of(words: list[Token]) -> Kind:
    head = words[0].word
    if head in SELECTS:
        writes = head == b"WITH" and any(
            word.word == b"INSERT" and not word.depth for word in words
        )
        return Kind.COMMAND if writes else Kind.SELECT
    if head in {b"SET", b"USE"}:
        return Kind.SESSION
    return Kind.ANSWER if head in ANSWERS else Kind.COMMAND


def _format_clause(words: list[Token]) -> int | None:
    """Index of a trailing `FORMAT name`, which ends the statement or stands before its SETTINGS."""
    for index in range(len(words) - 2, 0, -1):
        word = words[index]
        if word.word == b"FORMAT" and not word.depth and words[index + 1].word[:1].isalpha():
            last = index + 2 == len(words) or words[index + 2].word == b"SETTINGS"
            return index if last else None
    return None


def _with_format(kind: Kind, body: bytes, words: list[Token]) -> Statement:
    clause = _format_clause(words)
    if clause is None:
        return Statement(kind, body)
    name = words[clause + 1]
    return Statement(
        kind, body[: words[clause].start], body[name.start : name.end].decode(), body[name.end :]
    )


def _named_format(body: bytes, words: list[Token]) -> str | None:
    clause = _format_clause(words)
    return (
        None if clause is None else body[words[clause + 1].start : words[clause + 1].end].decode()
    )
