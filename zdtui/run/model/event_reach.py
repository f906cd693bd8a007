"""The bases of events: what one changes, and who waited behind a step that it ends.

The first three say of which fold an event can be left out; without one of them it has to be in both.
So an event that is added is either folded (`zdtui.run.model.state`), or its own class says that nothing follows of it;
the type checker holds both folds to that.
"""

from pydantic import Field

from zdtui.plan.model import Frozen


class ChangesRun(Frozen):
    """Changes how the run stands, and no step."""


class ChangesStep(Frozen):
    """Changes how its step stands, and nothing else of the run."""


class ChangesNothing(Frozen):
    """Is told, and changes neither the run nor a step."""


class SaysWhoWaited(Frozen):
    """Who waited behind us since the step was last started; `victims` is None where nobody counted them.

    So it is in journals of before this was written, and where a console was gone and another settled what it left.
    """

    victims: int | None = Field(default=None, description="sessions that waited behind us; null: nobody counted them")
    victim_seconds: float = Field(default=0.0, description="what they lost together")
