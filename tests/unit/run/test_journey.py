"""What a batch took at the server is what it took without its way there and back."""

from types import SimpleNamespace
from typing import cast

import pytest

from zdtui.run.execute.round_trip import at_the_server
from zdtui.run.execute.work import Work


@pytest.mark.parametrize(
    ("journey", "seconds", "journeys", "left"),
    [
        (None, 0.02, 2, 0.02),
        (0.005, 0.02, 2, 0.01),
        (0.005, 0.02, 3, 0.005),
        (0.02, 0.02, 2, 0.001),
    ],
)
def test_never_nothing_and_all_of_it_before_the_journey_is_known(
    journey: float | None, seconds: float, journeys: int, left: float
) -> None:
    assert at_the_server(cast(Work, SimpleNamespace(journey=journey)), seconds, journeys) == pytest.approx(left)
