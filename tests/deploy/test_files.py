"""The files of docs/operating/deploy that no test can run as they are: they can be read, and agree with the program."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from searchapp.cli import main
from searchapp.wiring import INDEXING_ENGINES

DEPLOY = Path(__file__).resolve().parents[2] / "docs" / "operating" / "deploy"


@pytest.fixture(scope="module")
def compose() -> dict[str, dict[str, dict[str, object]]]:
    """The compose file."""
    read: dict[str, dict[str, dict[str, object]]] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return read


def test_three_nodes_know_each_other_and_only_they_hold_the_data(
    compose: dict[str, dict[str, dict[str, object]]],
) -> None:
    nodes = {name: told for name, told in compose["services"].items() if name.startswith("opensearch")}
    assert len(nodes) == 3
    for name, told in nodes.items():
        environment = told["environment"]
        assert isinstance(environment, dict)
        assert environment["node.name"] == name
        assert set(environment["discovery.seed_hosts"].split(",")) == set(nodes)
        assert told["volumes"] == [f"{name}:/usr/share/opensearch/data"]
        assert "ports" not in told
    assert "volumes" not in compose["services"]["web"]
    assert compose["networks"]["cluster"]["internal"] is True


def test_every_volume_network_and_service_that_is_named_exists(
    compose: dict[str, dict[str, dict[str, object]]],
) -> None:
    for told in compose["services"].values():
        assert set(told["networks"]) <= set(compose["networks"])  # type: ignore[arg-type]
        assert set(told.get("depends_on", ())) <= set(compose["services"])  # type: ignore[arg-type]
        for volume in told.get("volumes", ()):  # type: ignore[attr-defined]
            source = re.sub(r"^\$\{[^}]*:-([^}]*)\}", r"\1", volume).partition(":")[0]
            assert source in compose["volumes"] or source == "./tls" or (DEPLOY / source).exists()


def _commands() -> list[list[str]]:
    told = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]
    units = [(DEPLOY / name).read_text("utf-8") for name in ("searchapp.service", "searchapp-index.service")]
    lines = [line for unit in units for line in re.findall(r"^ExecStart=\S+ (.*)$", unit, re.MULTILINE)]
    return [told["web"]["command"], told["index"]["command"], *map(shlex.split, lines)]


@pytest.mark.parametrize("command", _commands(), ids=" ".join)
def test_every_command_has_only_options_that_there_are(command: list[str]) -> None:
    if "opensearch" in command and "opensearch" not in INDEXING_ENGINES:
        pytest.skip("there is no opensearch engine")
    told = CliRunner().invoke(main, [command[0], "--help"]).output
    for option in filter(lambda word: word.startswith("--"), command):
        assert re.search(rf"{option}\b", told), f"{command[0]} has no {option}"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_the_units_are_valid(tmp_path: Path) -> None:
    paths = [shutil.copy(path, tmp_path) for path in sorted(DEPLOY.glob("searchapp*.*")) if path.suffix != ".md"]
    for path in map(Path, paths):
        path.write_text(path.read_text("utf-8").replace("/opt/searchapp/bin/searchapp", "/bin/true"), "utf-8")
    done = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_image_takes_in_what_the_wheel_is_made_of_and_runs_as_nobody_in_particular() -> None:
    taken = re.findall(r"^!(.*)$", (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8"), re.MULTILINE)
    assert {"pyproject.toml", "README.md", "searchapp", "templates"} == set(taken)
    dockerfile = (DEPLOY / "Dockerfile").read_text("utf-8")
    assert re.search(r"^USER searchapp$", dockerfile, re.MULTILINE)
    assert dockerfile.index("USER searchapp") < dockerfile.index("ENTRYPOINT")
