"""config.toml: what it says is data; what it cannot mean is one sentence that names the file and the entry."""

import os
from pathlib import Path

import pytest

from zdtui.configuration.file import _refuse_a_strangers
from zdtui.configuration.settings import Settings, load_settings
from zdtui.configuration.zone import beside_utc, zone_named
from zdtui.errors import ZdtuiError
from zdtui.notify.receivers import exposed, of_run

WHOLE = """
theme = "nord"
ascii = true
mouse = true
time_zone = "Europe/Vienna"

[targets]
staging = "service=staging"
production = { dsn = "host=db1 dbname=shop user=migrator" }

[keys]
note = "N"
"""


def read(tmp_path: Path, text: str) -> Settings:
    file = tmp_path / "config.toml"
    file.write_text(text, "utf-8")
    return load_settings(file)


def test_everything_it_can_say(tmp_path: Path) -> None:
    said = read(tmp_path, WHOLE)
    assert (said.theme, said.ascii_only, said.mouse) == ("nord", True, True)
    assert said.zone is not None
    assert said.zone.key == "Europe/Vienna"
    assert said.target("staging").dsn == "service=staging"
    assert said.target("production").dsn == "host=db1 dbname=shop user=migrator"
    assert said.keys == {"note": "N"}


def test_none_says_nothing(tmp_path: Path) -> None:
    said = load_settings(tmp_path / "none.toml")
    assert (said.theme, said.ascii_only, said.mouse, said.zone) == (None, None, False, None)
    with pytest.raises(ZdtuiError, match=r"none.toml names none; add \[targets.staging\]"):
        said.target("staging")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("theme = ", "is not TOML: Invalid value (at"),
        ("[[[", "is not TOML"),
        ("theme = 3", "theme is a text in quotes, not a number"),
        ("ascii = 'yes'", "ascii is true or false"),
        ("them = 'nord'", "there is no entry them; did you mean `theme`?"),
        ("time_zone = 'Europe/Wien'", "time_zone: there is no time zone Europe/Wien here"),
        ("time_zone = '../../etc/passwd'", "there is no time zone"),
        ("time_zone = ''", "time_zone is a text in quotes, not an empty text"),
        ("targets = 3", "targets is a table, such as staging"),
        ("[targets]\nstaging = 3", "targets.staging is a table"),
        ("[targets]\nstaging = ' '", "targets.staging is a text in quotes, not an empty text"),
        ("[targets.staging]\nds = 'x'", "targets.staging: there is no entry ds; did you mean `dsn`?"),
        ("[targets.staging]\n", "targets.staging needs its dsn"),
        ("keys = 3", "keys is a table"),
    ],
)
def test_what_it_cannot_mean_is_one_sentence(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ZdtuiError) as error:
        read(tmp_path, text)
    assert told in str(error.value)
    assert str(tmp_path / "config.toml") in str(error.value)
    assert "\n" not in str(error.value)


def test_no_sentence_repeats_a_connection_string(tmp_path: Path) -> None:
    with pytest.raises(ZdtuiError) as error:
        read(tmp_path, "ascii = 'host=db1 password=hunter2'")
    assert "hunter2" not in str(error.value)


def test_a_target_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(ZdtuiError, match=r"there is no target stagin in .*config.toml; did you mean `staging`\?"):
        read(tmp_path, WHOLE).target("stagin")
    with pytest.raises(ZdtuiError, match=r"there is no target x in .*; known are staging, production"):
        read(tmp_path, WHOLE).target("x")


def test_a_moment_is_told_in_the_zone_beside_utc() -> None:
    from tests.unit.run.plans import START

    assert beside_utc(START, None, "%H:%M") == "03:00 UTC"
    assert beside_utc(START, zone_named("Europe/Vienna", ""), "%H:%M") == "03:00 UTC, 04:00 CET"


def test_a_file_that_everybody_may_write_is_not_believed(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("mouse = true", "utf-8")
    for mode, believed in ((0o600, True), (0o644, True), (0o664, True), (0o646, False), (0o666, False)):
        file.chmod(mode)
        if believed:
            assert load_settings(file).mouse
            continue
        with pytest.raises(ZdtuiError, match=f"can be written by everybody on this machine.*chmod o-w {file}"):
            load_settings(file)


def test_a_file_of_another_user_is_not_believed(tmp_path: Path) -> None:
    """Who we are is given, because a test may be root's or not."""
    file = tmp_path / "config.toml"
    file.write_text("", "utf-8")
    file.chmod(0o600)
    status = os.stat(file)
    _refuse_a_strangers(status, file, status.st_uid)
    _refuse_a_strangers(status, file, 0)
    _refuse_a_strangers(os.stat("/etc/passwd"), file, 4711)
    of_another = os.stat_result((*status[:4], 4712, *status[5:]))
    with pytest.raises(ZdtuiError, match="belongs to another user"):
        _refuse_a_strangers(of_another, file, 4711)


def test_addresses_that_others_can_read_are_told(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[notify.receivers]\noncall = 'json://secret'", "utf-8")
    for mode, told in ((0o600, False), (0o640, True), (0o604, True)):
        file.chmod(mode)
        sentence = exposed(load_settings(file))
        assert bool(sentence) == told
        assert "secret'" not in sentence
        assert of_run(load_settings(file), (), installed=True)[1] == sentence
    file.write_text("mouse = true", "utf-8")
    assert exposed(load_settings(file)) == ""
