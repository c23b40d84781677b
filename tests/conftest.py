"""What every folder of tests shares: where the sample reports are, how to start a real process, how hypothesis runs."""

from __future__ import annotations

import os
import signal
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import searchapp
from searchapp.web.http import limits

CHECKOUT = Path(__file__).resolve().parent.parent

# No deadline: machines that run tests are busy, and a slow example is no wrong one.
settings.register_profile(
    "default",
    max_examples=40,
    deadline=None,
    derandomize=os.environ.get("CI") == "true",
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("thorough", settings.get_profile("default"), max_examples=2_000, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

# A shell that starts a run in the background has it ignore Ctrl-C, and with it every process that a test sends one.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Machines that run tests are busy: an application in a test has a minute for what it answers in milliseconds.
limits.SECONDS = {"LIGHT_SECONDS": 60.0, "HEAVY_SECONDS": 600.0}


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The top of the checkout."""
    return CHECKOUT


@pytest.fixture(scope="session")
def sample_corpus() -> Path:
    """The sample reports that come with the project."""
    return CHECKOUT / "corpus"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared reports beside the checkout; a test that needs it is skipped where it is not."""
    folder = CHECKOUT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("no folder of shared reports beside the checkout")
    return folder


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """Environment variables for a real process that imports the very searchapp under test, wherever it is started."""
    package_parent = str(Path(searchapp.__file__).resolve().parent.parent)
    inherited = os.environ.get("PYTHONPATH")
    path = os.pathsep.join([package_parent, inherited] if inherited else [package_parent])
    return {**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1", "COLUMNS": "100"}


@pytest.fixture
def device(tmp_path: Path) -> Callable[[str], Path]:
    """Linux's ``null`` or ``full``: root gets one of its own, since a mistake of root's would replace the system's."""
    numbers = {"null": (1, 3), "full": (1, 7)}

    def made(name: str) -> Path:
        if not sys.platform.startswith("linux"):
            pytest.skip("devices of Linux")
        if os.geteuid() != 0:
            return Path("/dev", name)
        path = tmp_path / name
        try:
            os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(*numbers[name]))
            path.open("wb").close()
        except OSError:
            pytest.skip("no devices can be made here")
        return path

    return made
