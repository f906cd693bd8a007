"""What an event that ends a start of a step says of those who waited behind it. Pure."""

from pydantic import Field

from zdtui.plan.model import Frozen


class SaysWhoWaited(Frozen):
    """Who waited behind us since the step was last started; `victims` is None where nobody counted them.

    So it is in journals of before this was written, and where a console was gone and another settled what it left.
    """

    victims: int | None = Field(default=None, description="sessions that waited behind us; null: nobody counted them")
    victim_seconds: float = Field(default=0.0, description="what they lost together")
