"""The shipped network: its tables hold together.

Its shortest ways are those of another implementation.
"""

import networkx  # type: ignore[import-untyped] # it ships no types
import pytest

from schemas.domain.places import is_valid_place, parents, units
from schemas.domain.roads import km_between, nodes, place_of_unit, shipped_checkpoints
from schemas.domain.roads.network import roads, stretches, ways_from
from schemas.domain.roads.places import straight_km


def test_every_road_joins_two_known_nodes_and_every_node_is_on_a_road() -> None:
    assert {end for road in roads() for end in road.ends} == set(nodes())


def test_no_two_stretches_join_the_same_nodes() -> None:
    assert len({frozenset(road.ends) for road in roads()}) == len(roads())


def test_no_road_is_shorter_than_the_straight_line_nor_far_longer() -> None:
    for road in roads():
        end, other = (nodes()[node_id] for node_id in road.ends)
        straight = straight_km(end.latitude, end.longitude, other.latitude, other.longitude)
        assert straight <= road.length_km <= 1.7 * straight, road


def test_every_node_stands_in_a_commune_of_the_province_or_outside_it() -> None:
    for node in nodes().values():
        inside = is_valid_place(node.unit_code) and "51" in parents(node.unit_code)
        assert inside or (node.kind == "gate" and not node.unit_code), node


def test_every_district_has_a_seat_so_that_every_commune_has_a_place() -> None:
    communes = [code for code in units() if is_valid_place(code) and "51" in (code, *parents(code))]
    assert len(communes) == 174
    assert all(place_of_unit(code) for code in communes)


def test_shortest_ways_are_those_of_networkx() -> None:
    graph = networkx.Graph()
    for road in roads():
        graph.add_edge(*road.ends, weight=road.length_km)
    expected = dict(networkx.all_pairs_dijkstra_path_length(graph))
    for node in nodes():
        assert {other: way.km for other, way in ways_from(node).items()} == pytest.approx(
            expected[node]
        )


def test_stretches_of_a_way_add_up_to_it_in_both_directions() -> None:
    there, back = stretches("quang-nam-border", "ba-to"), stretches("ba-to", "quang-nam-border")
    assert sum(road.length_km for road in there) == pytest.approx(
        km_between("quang-nam-border", "ba-to")
    )
    assert there == back[::-1]


def test_posts_named_in_reports_of_the_time_are_told_from_others() -> None:
    posts = {post: nodes()[post].confirmed for post in shipped_checkpoints()}
    assert [post for post, confirmed in posts.items() if not confirmed] == ["vi-o-lac"]


def test_what_no_source_settles_is_marked() -> None:
    assert all(road.estimated for road in roads())
    assert {road.name for road in roads() if road.confirmed} == {
        "QL1",
        "QL24",
        "cao tốc Đà Nẵng - Quảng Ngãi",
        "tàu Sa Kỳ - Lý Sơn",
        "đường vào sân bay Chu Lai",
    }
