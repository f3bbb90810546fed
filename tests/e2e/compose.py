"""The services of docker-compose.yml, as far as they can be started without an engine."""

from __future__ import annotations

import os
import re
from typing import Any

import yaml

from tests.e2e.processes import PROJECT


def services() -> dict[str, dict[str, Any]]:
    """Every service by name, as the file describes it."""
    text = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
    described: dict[str, dict[str, Any]] = yaml.safe_load(text)["services"]
    return described


def environment(service: str, places: dict[str, str]) -> dict[str, str]:
    """The environment of a service, its variables put in as compose does.

    Args:
        service: its name.
        places: what stands in for names and folders that only exist among containers.
    """
    described: dict[str, str] = services()[service]["environment"]
    return {name: _put_in(str(value), places) for name, value in described.items()}


def command(service: str) -> list[str]:
    """What a service runs behind `python -m`."""
    words: list[str] = services()[service]["command"]
    assert words[:2] == ["python", "-m"]
    return words[2:]


def _put_in(value: str, places: dict[str, str]) -> str:
    filled = re.sub(
        r"\$\{(\w+):-([^}]*)\}", lambda found: os.environ.get(found[1]) or found[2], value
    )
    for name, place in places.items():
        filled = filled.replace(name, place)
    return filled
