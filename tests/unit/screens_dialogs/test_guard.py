"""Keys pressed before a dialog could be read are not for it."""

from screens.dialogs.frame.guard import AFTER_PAINT, AFTER_RESIZE, KeyGuard


def painted(at: float = 10.0) -> KeyGuard:
    guard = KeyGuard()
    guard.painted(at)
    return guard


def test_nothing_is_taken_before_the_first_paint() -> None:
    assert not KeyGuard().takes(1e9)


def test_a_key_pressed_too_soon_after_the_paint_is_not_taken() -> None:
    guard = painted()
    assert not guard.takes(10.0)
    assert not guard.takes(10.0 + AFTER_PAINT - 0.01)
    assert guard.takes(10.0 + AFTER_PAINT)


def test_whoever_types_ahead_for_long_is_not_heard_until_they_stop() -> None:
    guard = painted()
    at = 10.0
    for _ in range(50):
        at += 0.05
        assert not guard.takes(at)
        guard.dropped(at)
    assert not guard.takes(at + AFTER_PAINT - 0.01)
    assert guard.takes(at + AFTER_PAINT)


def test_a_dropped_key_does_not_open_what_was_never_painted() -> None:
    guard = KeyGuard()
    guard.dropped(5.0)
    assert not guard.takes(1e9)


def test_after_a_resize_letters_are_taken_and_answers_are_not() -> None:
    guard = painted()
    guard.resized(20.0)
    assert guard.takes(20.1)
    assert not guard.takes_answer(20.0 + AFTER_RESIZE - 0.01)
    assert guard.takes_answer(20.0 + AFTER_RESIZE)


def test_an_answer_pressed_before_there_was_anything_to_answer_does_not_count() -> None:
    guard = painted()
    guard.offered(20.0)
    assert not guard.takes_answer(20.0)
    assert guard.takes_answer(20.0 + AFTER_PAINT)
