"""What an event changes. A base says of which fold it can be left out; without one it has to be in both.

So an event that is added is either folded (`zdtui.run.model.state`), or its own class says that nothing follows of it;
the type checker holds both folds to that.
"""

from zdtui.plan.model import Frozen


class ChangesRun(Frozen):
    """Changes how the run stands, and no step."""


class ChangesStep(Frozen):
    """Changes how its step stands, and nothing else of the run."""


class ChangesNothing(Frozen):
    """Is told, and changes neither the run nor a step."""
