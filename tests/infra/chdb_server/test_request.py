"""Parameters of the transport, settings, query parameters, forms: each goes where it belongs."""

from typing import Any

import pytest

from infra.chdb_server.errors import ClickHouseError
from infra.chdb_server.request import Request, read_request

FORM = (
    b'--edge\r\nContent-Disposition: form-data; name="query"\r\n\r\nSELECT {x:String}\r\n'
    b'--edge\r\nContent-Disposition: form-data; name="param_x"\r\n\r\na\r\nb\r\n'
    b'--edge\r\nContent-Disposition: form-data; name="t"; filename="t.tsv"\r\n'
    b"Content-Type: text/plain\r\n\r\n1\r\n\r\n"
    b"--edge--\r\n"
)


def request(query_string: bytes = b"", **headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope: dict[str, Any] = {
        "method": "POST",
        "path": "/",
        "query_string": query_string,
        "headers": raw,
    }
    return read_request(scope)


def test_settings_are_what_is_neither_transport_nor_parameter() -> None:
    seen = request(
        b"query=SELECT+1&database=d&max_threads=1&param_x=2&session_id=s"
        b"&wait_end_of_query=1&compress=0"
    )
    assert seen.settings() == {"max_threads": "1"}
    assert seen.binds() == {"x": "2"}
    assert seen.database == "d"


def test_the_format_and_the_database_may_come_in_headers() -> None:
    seen = request(b"default_format=CSV", x_clickhouse_format="JSON", x_clickhouse_database="d")
    assert (seen.default_format, seen.database) == ("JSON", "d")


def test_a_multipart_form_brings_parameters_and_files() -> None:
    seen = request(b"t_structure=a+Int8", content_type="multipart/form-data; boundary=edge")
    seen.take_form(FORM)
    assert seen.params["query"] == "SELECT {x:String}"
    assert seen.binds() == {"x": "a\r\nb"}
    assert [(file.name, file.data) for file in seen.files] == [("t", b"1\r\n")]
    assert seen.settings() == {}


def test_a_multipart_form_that_is_cut_is_an_error() -> None:
    with pytest.raises(ClickHouseError):
        request(content_type="multipart/form-data; boundary=edge").take_form(FORM[:-20])


def test_a_urlencoded_form_brings_parameters() -> None:
    seen = request(content_type="application/x-www-form-urlencoded")
    assert seen.may_be_urlencoded
    assert seen.take_urlencoded(b"query=SELECT+%7Bx%3AString%7D&param_x=a%26b")
    assert (seen.params["query"], seen.binds()) == ("SELECT {x:String}", {"x": "a&b"})


def test_a_statement_that_curl_calls_a_form_is_a_statement() -> None:
    assert not request(content_type="application/x-www-form-urlencoded").take_urlencoded(
        b"SELECT 1 AS query"
    )


@pytest.mark.parametrize(
    "query_string", [b"default_format=CSV;+SET+ROLE+ALL", b"default_format=%27"]
)
def test_a_format_cannot_bring_a_statement_of_its_own(query_string: bytes) -> None:
    with pytest.raises(ClickHouseError):
        _ = request(query_string).default_format


def test_a_parameter_name_cannot_bring_a_statement_of_its_own() -> None:
    with pytest.raises(ClickHouseError):
        request(b"param_x%3D1%3BSET+ROLE+ALL%3BSET+param_y=1").binds()


def test_a_query_id_is_made_once_when_the_client_gives_none() -> None:
    seen = request()
    assert seen.query_id == seen.query_id
    assert request(b"query_id=mine").query_id == "mine"


def test_a_name_in_a_form_that_is_no_text_is_refused() -> None:
    request = Request("POST", "/", {}, {"content-type": "multipart/form-data; boundary=x"})
    with pytest.raises(ClickHouseError, match="not UTF-8"):
        request.take_form(b'--x\r\nContent-Disposition: form-data; name="\xff"\r\n\r\n1\r\n--x--')
