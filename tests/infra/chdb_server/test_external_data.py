"""The shape of external data, as a client describes it."""

import pytest

from infra.chdb_server.errors import ClickHouseError
from infra.chdb_server.external_data import creation_of, structure_of
from infra.chdb_server.request import ExternalFile


def test_a_structure_is_taken_as_it_is() -> None:
    assert structure_of("t", {"t_structure": "a Int8, b String"}) == "a Int8, b String"


def test_types_alone_get_clickhouses_numbered_names() -> None:
    assert (
        structure_of("t", {"t_types": "UInt8,Array(Tuple(String, UInt8))"})
        == "_1 UInt8, _2 Array(Tuple(String, UInt8))"
    )


def test_data_without_a_shape_are_refused() -> None:
    with pytest.raises(ClickHouseError):
        structure_of("t", {"u_types": "UInt8"})


def test_the_name_of_a_table_is_quoted() -> None:
    created = creation_of(ExternalFile("t` (a Int8)", b""), {"t` (a Int8)_types": "Int8"})
    assert created == b"CREATE TEMPORARY TABLE `t\\` (a Int8)` (_1 Int8)"
