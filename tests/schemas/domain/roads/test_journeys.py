"""Where posts and communes lie, how long detours are, and which post comes next."""

from datetime import UTC, datetime

import pytest

from schemas.domain.reference import Reference
from schemas.domain.roads import (
    border_direction,
    checkpoints_on_way,
    detour_km,
    drive,
    gates_guarded,
    km_between,
    next_checkpoint,
    node_of_checkpoint,
    nodes,
    place_of_unit,
    shipped_checkpoints,
)
from schemas.domain.roads.hours import is_manned
from tests.streams.people import NOON, checkpoint

CITY, DUC_PHO, PHO_VAN, LY_SON, PHO_CHAU = "21025", "21439", "21451", "536", "21481"
DA_NANG, QUY_NHON, KON_TUM = "20194", "21550", "23281"


def nodes_of(code: str) -> tuple[str, ...]:
    place = place_of_unit(code)
    assert place is not None
    return place.chosen


def test_a_commune_with_a_node_lies_there_and_any_other_somewhere_in_its_district() -> None:
    own, other = place_of_unit(DUC_PHO), place_of_unit(PHO_VAN)
    assert own is not None and other is not None
    assert (own.anywhere, own.precision) == (("duc-pho",), "commune")
    assert (other.chosen, other.precision) == (("duc-pho",), "district")
    assert {"duc-pho", "sa-huynh", "binh-de"} <= set(other.anywhere)
    assert "mo-duc" not in other.anywhere


def test_the_island_district_without_communes_is_reached_by_ship() -> None:
    assert nodes_of(LY_SON) == ("ly-son",)
    reached = drive(nodes_of(CITY), nodes_of(LY_SON))
    assert reached is not None and reached.roads[-1] == "tàu Sa Kỳ - Lý Sơn"


@pytest.mark.parametrize(
    ("code", "gates"),
    [
        (DA_NANG, {"doc-soi-border", "expressway-border"}),
        (QUY_NHON, {"binh-de-border"}),
        (KON_TUM, {"vi-o-lac-border"}),
    ],
)
def test_places_outside_the_province_lie_beyond_the_gates_towards_them(
    code: str, gates: set[str]
) -> None:
    place = place_of_unit(code)
    assert place is not None and (set(place.chosen), place.precision) == (gates, "outside")
    assert {"railway-station", "chu-lai-airport"} <= set(place.anywhere)


def test_what_is_no_commune_has_no_place() -> None:
    assert place_of_unit("99999") is place_of_unit("522") is None
    assert detour_km("99999", CITY, "binh-de") is None


def test_a_post_on_the_way_costs_no_detour_and_one_beyond_the_destination_twice_the_rest() -> None:
    assert detour_km(CITY, DUC_PHO, "city-south") == 0
    assert detour_km(CITY, DUC_PHO, "binh-de") == pytest.approx(
        2 * km_between("duc-pho", "binh-de")
    )
    assert detour_km(DUC_PHO, CITY, "binh-de") == detour_km(CITY, DUC_PHO, "binh-de")


def test_nobody_is_judged_by_the_seat_of_a_district_where_the_commune_may_lie_beyond() -> None:
    assert detour_km(CITY, PHO_VAN, "binh-de") == 0


def test_a_post_is_where_it_is_described_or_else_where_it_is_shipped_or_nowhere() -> None:
    assert node_of_checkpoint("binh-de", PHO_CHAU, None, None) == "binh-de"
    assert node_of_checkpoint("binh-de", DUC_PHO, None, None) is None, (
        "described in another commune"
    )
    assert node_of_checkpoint("new-post", DUC_PHO, 14.811, 108.951) == "duc-pho"
    assert node_of_checkpoint("binh-de", PHO_CHAU, 14.95, 108.89) == "mo-duc", "moved"
    assert node_of_checkpoint("new-post", DUC_PHO, 14.9, 109.2) is None, "in the sea"
    assert node_of_checkpoint("new-post", DUC_PHO, None, None) is None
    assert node_of_checkpoint("mo-duc", "21400", None, None) is None, (
        "a node's name does not make a post of it"
    )


def test_every_shipped_post_as_described_is_at_its_own_node() -> None:
    for name, post in shipped_checkpoints().items():
        assert node_of_checkpoint(name, post.unit_code, post.latitude, post.longitude) == name


def test_posts_on_the_way_come_in_the_order_in_which_they_are_met() -> None:
    met = [
        post
        for post, _ in checkpoints_on_way(
            nodes_of(DA_NANG), nodes_of(QUY_NHON), shipped_checkpoints()
        )
    ]
    assert (
        met.index("quang-nam-border")
        < met.index("city-north")
        < met.index("city-south")
        < met.index("binh-de")
    )
    assert "sa-ky" not in met and "vi-o-lac" not in met


def test_the_next_post_lies_ahead_and_on_the_way_or_there_is_none() -> None:
    ahead = next_checkpoint("city-north", nodes_of(DUC_PHO), shipped_checkpoints())
    assert ahead is not None and ahead[0] == "city-south"
    assert ahead[1].km == pytest.approx(km_between("city-north", "city-south"))
    assert next_checkpoint("city-south", nodes_of(DUC_PHO), shipped_checkpoints()) is None, (
        "Bình Đê lies beyond the destination"
    )
    beyond = next_checkpoint("city-south", nodes_of(QUY_NHON), shipped_checkpoints())
    assert beyond is not None and beyond[0] == "binh-de"


def test_an_estimate_in_any_stretch_makes_the_drive_an_estimate() -> None:
    driven, nowhere = drive(("city",), ("mo-duc",)), drive(("city",), ("city",))
    assert driven is not None and nowhere is not None
    assert (driven.estimated, driven.roads) == (True, ("QL1",))
    assert (nowhere.estimated, nowhere.km, nowhere.roads) == (False, 0, ())


def test_a_shipped_post_stands_until_somebody_describes_it() -> None:
    reference = Reference()
    assert reference.as_of(-1).checkpoint("sa-ky", NOON) == shipped_checkpoints()["sa-ky"]
    assert reference.as_of(-1).node_of_checkpoint("sa-ky", NOON) == "sa-ky"
    reference.add(0, checkpoint("sa-ky", "21112"))
    assert reference.as_of(-1).checkpoint("sa-ky", NOON) == shipped_checkpoints()["sa-ky"]
    described = reference.as_of(0).checkpoint("sa-ky", NOON)
    assert described is not None and described.unit_code == "21112"
    assert reference.as_of(0).node_of_checkpoint("sa-ky", NOON) is None
    assert {post.checkpoint_id for post in reference.as_of(0).checkpoints(NOON)} == set(
        shipped_checkpoints()
    )
    assert set(shipped_checkpoints()) <= set(nodes())


@pytest.mark.parametrize(
    ("opens", "closes", "manned"),
    [
        (None, None, {0, 5, 12, 22}),
        ("05:00", "22:00", {5, 12}),
        ("22:00", "05:00", {22, 0}),
        ("05:00", None, {5, 12, 22}),
        (None, "05:00", {0}),
    ],
)
def test_a_post_is_manned_from_its_opening_until_just_before_its_closing(
    opens: str | None, closes: str | None, manned: set[int]
) -> None:
    post = checkpoint("sa-ky", "21190", opens_at=opens, closes_at=closes)
    assert {
        hour
        for hour in (0, 5, 12, 22)
        if is_manned(post, datetime(2021, 9, 15, (hour - 7) % 24, tzinfo=UTC))
    } == manned
    assert not is_manned(
        checkpoint("sa-ky", "21190", opens_at=opens, closes_at=closes, closed=True), NOON
    )


def test_the_posts_on_the_border_guard_the_ways_out_and_no_other_post_does() -> None:
    assert {
        post: set(gates_guarded(post)) for post in shipped_checkpoints() if gates_guarded(post)
    } == {
        "quang-nam-border": {"doc-soi-border"},
        "expressway-north": {"expressway-border"},
        "chu-lai-road": {"chu-lai-airport"},
        "binh-de": {"binh-de-border"},
        "vi-o-lac": {"vi-o-lac-border"},
    }


@pytest.mark.parametrize(
    ("origin", "destination", "post", "direction"),
    [
        (CITY, DA_NANG, "quang-nam-border", "out"),
        (KON_TUM, CITY, "vi-o-lac", "in"),
        (DA_NANG, QUY_NHON, "quang-nam-border", "in"),
        (DA_NANG, QUY_NHON, "binh-de", "out"),
        (CITY, DUC_PHO, "quang-nam-border", None),
        (CITY, DA_NANG, "city-north", None),
        (PHO_VAN, QUY_NHON, "binh-de", None),
    ],
)
def test_a_journey_passes_the_border_in_one_direction_unless_it_may_lie_wholly_beyond(
    origin: str, destination: str, post: str, direction: str | None
) -> None:
    """Phổ Văn has no node: it may lie anywhere in its district, at the border too."""
    assert border_direction(origin, destination, post) == direction
