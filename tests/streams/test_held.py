"""What goes into the next batch: a fair share of each partition, in order."""

from collections import defaultdict
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from infra.kafka.offsets import Place
from streams.held import AHEAD, HeldRecords
from streams.stage import RawRecord
from tests.streams.stage_bench import Record

MAX = 12
PLACES = [(topic, number) for topic in ("declarations", "links") for number in range(3)]


def records(place: Place, count: int, first: int = 0) -> list[Record]:
    topic, number = place
    return [Record(b"", offset, topic, number) for offset in range(first, first + count)]


def held_of(counts: dict[Place, int]) -> HeldRecords:
    held = HeldRecords(MAX)
    held.add({place: records(place, count) for place, count in counts.items()})
    return held


def sizes(batch: Sequence[Sequence[RawRecord]]) -> dict[Place, int]:
    return {(taken[0].topic, taken[0].partition): len(taken) for taken in batch}


def test_a_batch_has_all_that_waits_in_every_partition() -> None:
    counts = {("journal", number): number + 1 for number in range(3)}
    held = held_of(counts)
    assert sizes(held.take(0.0)) == counts
    assert held.count == 0


def test_each_partition_has_a_fair_share_and_the_rest_of_it_comes_after_the_others() -> None:
    a, b, c = (("journal", number) for number in range(3))
    held = held_of({a: 100, b: 1, c: 50})
    assert sizes(held.take(0.0)) == {a: MAX // 2, b: 1}
    held.done([0, 1])
    held.add({b: records(b, 9, first=1)})
    assert sizes(held.take(0.0)) == {c: MAX // 2, a: MAX // 2}


def test_where_more_waits_than_a_batch_has_room_for_two_batches_share_the_partitions() -> None:
    places = [("journal", number) for number in range(4)]
    held = held_of(dict.fromkeys(places, MAX))
    first, second = sizes(held.take(0.0)), sizes(held.take(0.0))
    assert first == dict.fromkeys(places[:2], MAX // 2)
    assert second == {places[2]: MAX}


def test_fewer_records_than_there_have_to_be_stay() -> None:
    held = held_of({("journal", 0): 2, ("journal", 1): 2})
    assert held.take(0.0, at_least=5) == []
    assert len(held.take(0.0, at_least=4)) == 2


def test_one_partition_alone_fills_a_batch() -> None:
    assert sizes(held_of({("journal", 7): 100}).take(0.0)) == {("journal", 7): MAX}


def test_more_partitions_than_a_batch_has_records_take_turns() -> None:
    held = held_of({(f"topic {number}", 0): 1 for number in range(MAX + 5)})
    first = sizes(held.take(0.0))
    held.done([0])
    second = sizes(held.take(0.0))
    assert (len(first), len(second)) == (MAX, 5)
    assert first.keys().isdisjoint(second)


def test_partitions_with_the_number_of_one_in_work_wait_whatever_their_topic() -> None:
    held = held_of({("declarations", 0): 1})
    held.take(0.0)
    held.add({("links", 0): records(("links", 0), 1), ("links", 1): records(("links", 1), 1)})
    assert sizes(held.take(0.0)) == {("links", 1): 1}
    held.done([0])
    assert sizes(held.take(0.0)) == {("links", 0): 1}


def test_records_that_wait_hold_back_no_other_partition_and_come_first_afterwards() -> None:
    held = held_of({("journal", 0): 2, ("journal", 1): 2})
    batch = held.take(0.0)
    held.put_back(("journal", 0), batch[0], until=5.0)
    held.done([0, 1])
    held.add({place: records(place, 1, first=2) for place in (("journal", 0), ("journal", 1))})
    assert held.next_wait_ends() == 5.0
    assert sizes(held.take(4.9)) == {("journal", 1): 1}
    (taken,) = held.take(5.0)
    assert [record.offset for record in taken] == [0, 1, 2]


def test_what_is_held_is_bounded_however_many_partitions_there_are() -> None:
    places = [("journal", number) for number in range(100)]
    held, fetched = HeldRecords(MAX), 0
    for _ in range(50):  # a fetch brings so much of each at most, and nothing is taken
        for place in held.places_to_fetch(places):
            held.add({place: records(place, 1)})
            fetched += 1
    assert held.count == fetched <= AHEAD * MAX + len(places)


def test_a_partition_that_waits_leaves_the_others_room() -> None:
    places = [("journal", number) for number in range(4)]
    held = held_of({places[0]: AHEAD * MAX})
    assert set(held.places_to_fetch(places)) == set(places[1:])


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_every_record_is_taken_once_and_in_order_whatever_is_fetched_finished_and_put_back(
    data: st.DataObject,
) -> None:
    held, now = HeldRecords(MAX), 0.0
    ends: defaultdict[Place, int] = defaultdict(int)
    finished: defaultdict[Place, list[int]] = defaultdict(list)
    in_work: list[list[list[RawRecord]]] = []
    for _ in range(data.draw(st.integers(1, 30))):
        now += 1.0
        action = data.draw(st.sampled_from(("fetch", "take", "finish")))
        if action == "fetch":
            place = data.draw(st.sampled_from(PLACES))
            count = data.draw(st.integers(1, 9))
            held.add({place: records(place, count, ends[place])})
            ends[place] += count
        elif action == "take":
            batch = held.take(now)
            assert sum(map(len, batch)) <= MAX
            if batch:
                in_work.append(batch)
        elif in_work:
            batch = in_work.pop(data.draw(st.integers(0, len(in_work) - 1)))
            _end(held, batch, finished, data.draw(st.booleans()), now)
        numbers = [{taken[0].partition for taken in batch} for batch in in_work]
        assert sum(map(len, numbers)) == len(set().union(*numbers))
    for batch in in_work:
        _end(held, batch, finished, False, now)
    while batch := held.take(now + 2):
        _end(held, batch, finished, False, now)
    assert finished == {place: list(range(end)) for place, end in ends.items()}
    assert held.count == 0


def _end(
    held: HeldRecords,
    batch: list[list[RawRecord]],
    finished: dict[Place, list[int]],
    first_waits: bool,
    now: float,
) -> None:
    """Ends a batch, of which the first partition is put back where it has to wait."""
    for turn, taken in enumerate(batch):
        place = taken[0].topic, taken[0].partition
        if first_waits and turn == 0:
            held.put_back(place, taken, now + 1)
        else:
            finished[place] += [record.offset for record in taken]
    held.done({taken[0].partition for taken in batch})
