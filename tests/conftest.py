"""What every folder of tests shares: where the sample reports are, how to start a real process, how hypothesis runs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import searchapp

CHECKOUT = Path(__file__).resolve().parent.parent

# No deadline: machines that run tests are busy, and a slow example is no wrong one.
settings.register_profile(
    "default",
    deadline=None,
    derandomize=os.environ.get("CI") == "true",
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("thorough", settings.get_profile("default"), max_examples=2_000, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


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
