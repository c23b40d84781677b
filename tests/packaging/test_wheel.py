"""The wheel is built, installed into a fresh environment and used there, far from the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

RENDER = """
import json, pathlib, sys
import searchapp
from searchapp.config import Settings
from searchapp.web import create_app
from searchapp.wiring import library_handle

handle = library_handle(Settings(pathlib.Path(sys.argv[1])))
client = create_app(handle.current).test_client()
pages = {path: client.get(path) for path in sys.argv[2:]}
print(json.dumps({
    "package": searchapp.__file__,
    "pages": {path: [page.status_code, page.get_data(as_text=True)] for path, page in pages.items()},
}))
"""


def run(command: Sequence[str | Path], folder: Path) -> str:
    """Standard output of a process started in ``folder`` without any trace of the checkout in its environment."""
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    clean["PYTHONUTF8"] = "1"
    done = subprocess.run(
        [str(word) for word in command], cwd=folder, env=clean, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by the tools that are installed already."""
    folder = tmp_path_factory.mktemp("wheel")
    run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, checkout], folder)
    (built,) = folder.glob("searchapp-*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    """Every file of the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a fresh environment that holds the wheel.

    searchapp itself is installed from the wheel and nowhere else. Its dependencies are those of the environment that
    runs the tests, by a path file: that keeps the test quick and needs no network, and path files inside that
    environment (an editable searchapp among them) are not followed from here.
    """
    folder = tmp_path_factory.mktemp("fresh") / "env"
    venv.create(folder, with_pip=False)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    run([sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", wheel], folder)
    packages = run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], folder).strip()
    ours = dict.fromkeys([sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
    Path(packages, "dependencies.pth").write_text("\n".join(ours) + "\n", encoding="utf-8")
    return python


@pytest.mark.parametrize(
    ("folder", "inside"),
    [
        ("templates", "searchapp/templates"),
        ("searchapp/web/static", "searchapp/web/static"),
        ("searchapp/reports/cues", "searchapp/reports/cues"),
        ("searchapp/locales", "searchapp/locales"),
    ],
)
def test_every_data_file_is_in_the_wheel(checkout: Path, names: set[str], folder: str, inside: str) -> None:
    files = [path for path in (checkout / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert files
    assert {f"{inside}/{path.relative_to(checkout / folder).as_posix()}" for path in files} <= names


def test_every_module_is_in_the_wheel(checkout: Path, names: set[str]) -> None:
    modules = {path.relative_to(checkout).as_posix() for path in (checkout / "searchapp").rglob("*.py")}
    assert modules <= names


def test_the_licence_is_in_the_wheel(checkout: Path, wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (licence,) = (name for name in archive.namelist() if name.endswith("/licenses/LICENSE"))
        (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        assert archive.read(licence) == (checkout / "LICENSE").read_bytes()
        fields = archive.read(metadata).decode().partition("\n\n")[0].splitlines()
    assert {"License-Expression: MIT", "License-File: LICENSE"} <= set(fields)


def test_the_licence_is_in_the_source_archive(checkout: Path, tmp_path: Path) -> None:
    run([sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir", tmp_path, checkout], tmp_path)
    (built,) = tmp_path.glob("searchapp-*.tar.gz")
    with tarfile.open(built) as archive:
        top = built.name.removesuffix(".tar.gz")
        licence = archive.extractfile(f"{top}/LICENSE")
        assert licence is not None and licence.read() == (checkout / "LICENSE").read_bytes()


def test_extras_are_installed_from_the_checkout(checkout: Path) -> None:
    """No registry has the package by its name."""
    texts = [checkout / "README.md", *(checkout / "docs").rglob("*.md"), *(checkout / "searchapp").rglob("*.py")]
    assert [str(path) for path in texts if "searchapp[" in path.read_text("utf-8")] == []


def test_nothing_but_the_package_is_in_the_wheel(names: set[str]) -> None:
    assert {name.split("/")[0].split("-")[0] for name in names} == {"searchapp"}
    assert not [name for name in names if "__pycache__" in name]


def test_an_installed_searchapp_indexes_searches_and_renders_pages(
    installed: Path, checkout: Path, sample_corpus: Path, tmp_path: Path
) -> None:
    script = installed.with_name("searchapp")
    report = sorted(sample_corpus.glob("*.txt"))[0]
    run([script, "index", report, "--index", "ix"], tmp_path)
    assert "1 篇报告" in run([script, "stats", "--index", "ix"], tmp_path)
    paths = ["/", "/search?q=学习", "/reports", "/static/style.css", "/p/unknown"]
    told = json.loads(run([installed, "-c", RENDER, "ix", *paths], tmp_path))
    assert Path(told["package"]).is_relative_to(installed.parent.parent)
    assert not Path(told["package"]).is_relative_to(checkout)
    pages = told["pages"]
    assert {path: status for path, (status, _) in pages.items()} == {
        "/": 200,
        "/search?q=学习": 200,
        "/reports": 200,
        "/static/style.css": 200,
        "/p/unknown": 404,
    }
    assert "<mark>学习</mark>" in pages["/search?q=学习"][1]
    assert report.name in run([script, "search", "学习", "--index", "ix"], tmp_path)


def test_python_dash_m_is_the_same_command(installed: Path, tmp_path: Path) -> None:
    assert run([installed, "-m", "searchapp", "--version"], tmp_path).startswith("searchapp ")
