"""A defect of ours is told from what a network does, also where the one is met while tidying up after the other."""

import asyncio
import os

import psycopg
import pytest

from zdtui.run.model.defects import defect_behind


def wait_on_a_socket_that_was_closed() -> None:
    """As psycopg waits. Raises what it raises when somebody else has closed the session meanwhile."""
    loop = asyncio.new_event_loop()
    ours, theirs = os.pipe()
    os.close(ours)
    os.close(theirs)
    try:
        loop.add_reader(ours, print)
    except OSError as error:
        raise psycopg.OperationalError(str(error)) from error
    finally:
        loop.close()


def test_a_session_that_was_closed_while_it_was_waited_for_is_no_defect() -> None:
    with pytest.raises(psycopg.OperationalError) as raised:
        wait_on_a_socket_that_was_closed()
    cause = raised.value.__cause__
    assert isinstance(cause, OSError)
    assert cause.__context__ is None or isinstance(cause.__context__, KeyError)  # None: since Python 3.12
    assert defect_behind(raised.value) is None


def test_a_defect_behind_it_is_found() -> None:
    with pytest.raises(psycopg.OperationalError) as raised:
        after(ValueError("ours"))
    assert str(defect_behind(raised.value)) == "ours"


def test_a_key_that_we_miss_is_a_defect() -> None:
    with pytest.raises(psycopg.OperationalError) as raised:
        after(KeyError("ours"))
    assert str(defect_behind(raised.value)) == "'ours'"


def after(defect: Exception) -> None:
    """The same while tidying up after a defect of ours."""
    try:
        raise defect
    except type(defect):
        wait_on_a_socket_that_was_closed()
