"""How many of something, as English has it: '1 step', '2 steps'. The one place that knows that one is not many."""


def counted(number: int, one: str, many: str = "", *, shown: str = "") -> str:
    """The number and the words for so many: `many` is `one` with an s unless it is given.

    `shown` is the number as it is to be written, with thousands set apart, say.
    """
    return f"{shown or number} {one if number == 1 else many or f'{one}s'}"
