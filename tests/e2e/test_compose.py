"""Tests of the services of docker-compose.yml: their form, and the same started as processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import Settings
from tests.e2e.chroma import chroma_server
from tests.e2e.compose import command, environment, services
from tests.e2e.library_texts import (
    COPPER_FACT,
    COPPER_QUESTION,
    TIN,
    TIN_FACT,
    TIN_QUESTION,
    write_reports,
)
from tests.e2e.library_watch import wait_for
from tests.e2e.processes import PROJECT, Process, run


def test_the_services_are_what_they_should_be() -> None:
    """Chroma, bot and ingest; Chroma's port is open to nobody outside."""
    described = services()
    assert set(described) == {"chroma", "bot", "ingest"}
    assert described["chroma"]["image"] == "chromadb/chroma:1.5.9"
    assert "ports" not in described["chroma"]
    for name in ("bot", "ingest"):
        assert described[name]["depends_on"] == {"chroma": {"condition": "service_healthy"}}
        assert "library:/library" in described[name]["volumes"]


@pytest.mark.parametrize("service", ["bot", "ingest"])
def test_every_variable_of_a_service_is_a_setting(service: str) -> None:
    """Nothing is set that Footnote does not read."""
    known = {name.upper() for name in Settings.model_fields}
    assert set(services()[service]["environment"]) <= known


def test_no_secret_is_written_down() -> None:
    """Tokens come from the environment alone."""
    for name, value in services()["bot"]["environment"].items():
        if name.endswith("_TOKEN"):
            assert value == f"${{{name}:-}}"


def test_the_image_installs_the_lock_and_runs_as_nobody_special() -> None:
    """The image holds what was tested, and its process is not root."""
    lines = (PROJECT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert any("-r requirements.lock" in line for line in lines)
    assert lines.index("USER footnote") < len(lines) - 1
    for line in lines:
        if line.startswith("COPY"):
            *sources, _ = line.split()[1:]
            assert all((PROJECT / source).exists() for source in sources)


async def test_the_same_services_work_as_processes(tmp_path: Path) -> None:
    """With the compose file's environment, one process ingests and another answers."""
    reports = write_reports(tmp_path)
    async with chroma_server(tmp_path / "chroma") as address:
        places = {
            "http://chroma:8000": address,
            "/library": str(tmp_path / "library"),
            "/reports": str(reports),
        }
        ingest = Process(*command("ingest"), folder=tmp_path, env=environment("ingest", places))
        async with ingest:
            await wait_for(tmp_path, lambda status: status.reports == 2)
            env = environment("bot", places)
            asked = f"{COPPER_QUESTION}\n"
            code, output, errors = await run(
                *command("bot"), folder=tmp_path, env=env, questions=asked
            )
            assert (code, COPPER_FACT in output) == (0, True), errors
            assert not (tmp_path / "library" / "chroma").exists()
            (reports / "tin.txt").write_text(TIN, encoding="utf-8")
            await wait_for(tmp_path, lambda status: status.reports == 3)
            code, output, errors = await run("bot", "ask", TIN_QUESTION, folder=tmp_path, env=env)
            assert (code, TIN_FACT in output) == (0, True), errors
            ingest.terminate()
            assert await ingest.ended() == 0
