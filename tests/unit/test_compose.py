"""docker-compose.yml is what the Compose Specification allows, and keeps what this project promises of it."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
SCHEMA = Path(__file__).parent / "data" / "compose-spec.json"
SERVICES = ("primary", "standby", "traffic", "console")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load(ROOT / "docker-compose.yml")
    return loaded


def validator() -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(json.loads(SCHEMA.read_text()), format_checker=jsonschema.FormatChecker())


def test_it_is_valid_by_the_specification(compose: dict[str, Any]) -> None:
    assert [f"{error.json_path}: {error.message}" for error in validator().iter_errors(compose)] == []


def test_the_specification_would_have_caught_a_misspelt_key(compose: dict[str, Any]) -> None:
    wrong = {**compose, "services": {**compose["services"], "primary": {"image": "postgres:18.4", "healthchek": {}}}}
    assert [error.validator for error in validator().iter_errors(wrong)] == ["additionalProperties"]


def test_it_has_the_four_services(compose: dict[str, Any]) -> None:
    assert tuple(compose["services"]) == SERVICES


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_is_pinned(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    if "build" not in service:
        assert re.fullmatch(r"postgres:18\.\d+-bookworm", service["image"])
        return
    dockerfile = (ROOT / service["build"]["context"] / service["build"]["dockerfile"]).read_text()
    bases = re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)
    assert bases
    assert all(re.fullmatch(r"python:3\.1[1-4]\.\d+-slim-bookworm", base) for base in bases)


@pytest.mark.parametrize("name", SERVICES)
def test_every_published_port_is_bound_to_loopback(compose: dict[str, Any], name: str) -> None:
    assert compose["services"][name].get("network_mode") is None
    for port in compose["services"][name].get("ports", []):
        assert port.startswith("127.0.0.1:")


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_has_a_health_check(compose: dict[str, Any], name: str) -> None:
    check = compose["services"][name]["healthcheck"]
    assert check["test"][0] in ("CMD", "CMD-SHELL")
    assert {"interval", "timeout", "retries"} <= set(check)


@pytest.mark.parametrize(
    ("name", "needs"),
    [("standby", {"primary"}), ("traffic", {"primary"}), ("console", {"primary", "standby", "traffic"})],
)
def test_a_service_waits_until_what_it_needs_is_healthy(compose: dict[str, Any], name: str, needs: set[str]) -> None:
    depends = compose["services"][name]["depends_on"]
    assert set(depends) == needs
    assert all(needed["condition"] == "service_healthy" for needed in depends.values())


def test_one_can_attach_to_the_console(compose: dict[str, Any]) -> None:
    console = compose["services"]["console"]
    assert console["tty"] is True
    assert console["stdin_open"] is True
    assert console["command"][:2] == ["zdtui", "run"]
    assert (ROOT / "plans" / f"{console['command'][2]}.yaml").exists()


@pytest.mark.parametrize("name", SERVICES)
def test_every_mounted_file_exists(compose: dict[str, Any], name: str) -> None:
    mounts = [volume.split(":")[0] for volume in compose["services"][name].get("volumes", [])]
    for source in mounts:
        assert source in compose["volumes"] or (ROOT / source).is_file()


def test_the_python_in_the_health_check_compiles(compose: dict[str, Any]) -> None:
    for name in ("traffic", "console"):
        compile(compose["services"][name]["healthcheck"]["test"][-1], name, "exec")
