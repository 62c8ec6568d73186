"""Reads what this server must know of a statement before the engine parses it.

That is its kind, its format and its data.
"""

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
    """Statement whose rows can be streamed."""
    INSERT = auto()
    """Statement followed by its data in a format."""
    SESSION = auto()
    """SET or USE, which change the session itself."""
    ANSWER = auto()
    """SHOW, DESCRIBE or the like, which have a small result."""
    COMMAND = auto()
    """Any other statement; it has no result."""


CUT_KINDS = {Kind.SELECT, Kind.INSERT}
REMEMBERED_BYTES = 8192
"""A text up to this size is parsed once.

The same queries come again and again, with other parameters.
"""


@dataclass(frozen=True, slots=True)
class Statement:
    kind: Kind
    sql: bytes
    """Text of the statement, without the FORMAT clause of a SELECT or an INSERT."""
    format: str | None = None
    settings: bytes = b""
    """Settings that stood behind the FORMAT clause."""
    data: bytes = b""
    """Data of an INSERT, as far as they follow in the same text."""

    @property
    def head(self) -> bytes:
        """Returns the whole statement as the engine's parser knows it, without the data."""
        if not self.format or self.kind not in CUT_KINDS:
            return self.sql + self.settings
        return self.sql + f"\n FORMAT {self.format}\n".encode() + self.settings


def parse(text: bytes) -> Statement:
    """Returns the one statement of a request.

    Raises ClickHouseError for none or several, and for files of the server.
    """
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
    if kind is Kind.SELECT:
        return _with_format(kind, body, words)
    return Statement(kind, body, _named_format(body, words))


def insert_head(text: bytes) -> Statement | None:
    """Returns the head of an insert that brings its data along, even if the text is cut there.

    Returns None for any other statement.
    """
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
            if name is None or not name.word:
                return None
            return _insert_with_format(text, token, name)
        if token.word in NEEDS_WHOLE_TEXT and token.word != b"(":
            return None
    return None


def _insert_with_format(text: bytes, clause: Token, name: Token) -> Statement:
    data_format = text[name.start : name.end].decode(errors="replace")
    if data_format.lower() == "values":
        data_format = "Values"
    gap = BEFORE_DATA.match(text, name.end)
    data = text[gap.end() if gap else name.end :]
    return Statement(Kind.INSERT, text[: clause.start], data_format, data=data)


def _one_statement(text: bytes, words: list[Token]) -> bytes:
    ends = [word for word in words if word.word == b";"]
    if not ends:
        return text
    first = ends[0]
    rest = [word for word in words if word.start > first.start]
    if any(word.word != b";" for word in rest):
        raise refusal("SYNTAX_ERROR", "Syntax error (Multi-statements are not allowed)")
    return text[: first.start]


def _refuse_files(words: list[Token]) -> None:
    """Raises ClickHouseError for a statement that names a file.

    Such a file belongs to the client program; over HTTP it would be the server's.
    """
    for before, word in pairwise(words):
        if before.word == b"INTO" and word.word == b"OUTFILE":
            raise refusal("INTO_OUTFILE_NOT_ALLOWED", "INTO OUTFILE is not allowed")
        if before.word == b"FROM" and word.word == b"INFILE":
            raise refusal("INTO_OUTFILE_NOT_ALLOWED", "FROM INFILE is not allowed")


def _refuse_input(words: list[Token]) -> None:
    """Raises ClickHouseError for an insert from input().

    The engine would take the statement, and drop its data without a word.
    """
    pairs = [(word.word, following.word) for word, following in pairwise(words)]
    is_insert = any(word.word == b"INSERT" for word in words)
    if is_insert and (b"INPUT", b"(") in pairs:
        raise refusal(
            "NOT_IMPLEMENTED",
            "INSERT ... SELECT FROM input() is not supported by the local ClickHouse",
        )


def _kind_of(words: list[Token]) -> Kind:
    head = words[0].word
    if head == b"WITH" and any(word.word == b"INSERT" and not word.depth for word in words):
        return Kind.COMMAND
    if head in SELECTS:
        return Kind.SELECT
    if head in {b"SET", b"USE"}:
        return Kind.SESSION
    return Kind.ANSWER if head in ANSWERS else Kind.COMMAND


def _format_clause(words: list[Token]) -> int | None:
    """Returns the index of a trailing `FORMAT name`, if there is one.

    The clause ends the statement or stands before its SETTINGS.
    """
    for index in range(len(words) - 2, 0, -1):
        word = words[index]
        if word.word == b"FORMAT" and not word.depth and words[index + 1].word[:1].isalpha():
            is_trailing = index + 2 == len(words) or words[index + 2].word == b"SETTINGS"
            return index if is_trailing else None
    return None


def _with_format(kind: Kind, body: bytes, words: list[Token]) -> Statement:
    clause = _format_clause(words)
    if clause is None:
        return Statement(kind, body)
    name = words[clause + 1]
    sql = body[: words[clause].start]
    return Statement(kind, sql, body[name.start : name.end].decode(), body[name.end :])


def _named_format(body: bytes, words: list[Token]) -> str | None:
    clause = _format_clause(words)
    if clause is None:
        return None
    name = words[clause + 1]
    return body[name.start : name.end].decode()
