"""How the people of an earlier answer differ from today's. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from api.tracing.chains import Chains


class Changed(NamedTuple):
    learnt: list[str]
    """Today's people whom nobody of the earlier answer is."""
    withdrawn: list[str]
    """People of the earlier answer who are nobody of today's: nothing leads to them any more, or they turned out to be the case."""


def changed(then: Chains, now: Chains, moved: Mapping[str, Sequence[str]]) -> Changed:
    """`moved`: who of the earlier answer is known to be whom today."""

    def today(people: Iterable[str]) -> set[str]:
        return set(chain.from_iterable((one, *moved.get(one, ())) for one in people))

    return Changed(
        learnt=sorted(now.reached().keys() - today(then.reached())),
        withdrawn=sorted(one for one in then.reached() if today([one]).isdisjoint(now.reached())),
    )
