"""What is watched: every pane has its probe, and only one."""

from zdtui.watch.samples import Pane
from zdtui.watch.watcher import lanes_of_probes


def test_every_pane_has_one_probe() -> None:
    panes = [probe.pane for lane in lanes_of_probes(tuple) for probe in lane]
    assert sorted(panes) == sorted(Pane)
