"""What a host is told and what another council installs: headers, caching, and templates inside the package."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from base64 import b64encode
from pathlib import Path

import pytest

from generator.charts.poster import font_style
from generator.charts.theme import WEB_FONTS
from generator.headers import SECURITY_HEADERS
from tests.command import environment

REPOSITORY = Path(__file__).parents[2]


STARTER = REPOSITORY / "generator" / "starter"


def headers_for(pattern: str) -> dict[str, str]:
    """Return the headers that the host sends for *pattern*."""
    settings = tomllib.loads((REPOSITORY / "netlify.toml").read_text(encoding="utf-8"))
    return next(rule["values"] for rule in settings["headers"] if rule["for"] == pattern)


def test_host_sends_the_headers_of_the_preview_and_asks_for_encryption() -> None:
    sent = headers_for("/*")
    assert {name: sent.pop(name) for name in SECURITY_HEADERS} == dict(SECURITY_HEADERS)
    assert list(sent) == ["Strict-Transport-Security"]


def test_policy_lets_a_picture_that_is_opened_in_place_bring_its_font() -> None:
    assets = REPOSITORY / "templates" / "assets"
    style = font_style({weight: (assets / name).read_bytes() for weight, name in WEB_FONTS.items()})
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'self' 'sha256-{digest}';" in SECURITY_HEADERS["Content-Security-Policy"]
    assert "font-src 'self' data:;" in SECURITY_HEADERS["Content-Security-Policy"]


def test_fingerprinted_files_are_kept_and_downloads_are_open() -> None:
    assert headers_for("/assets/*")["Cache-Control"] == "public, max-age=31536000, immutable"
    assert headers_for("/data/*")["Access-Control-Allow-Origin"] == "*"
    assert headers_for("/data/*.csv")["Content-Type"] == "text/csv; charset=utf-8"


def test_new_site_sends_the_same_headers_and_publishes_what_it_builds() -> None:
    begun = tomllib.loads((STARTER / "netlify.toml").read_text(encoding="utf-8"))
    assert begun["headers"] == tomllib.loads((REPOSITORY / "netlify.toml").read_text(encoding="utf-8"))["headers"]
    assert begun["build"]["command"].endswith("transparency build --strict")
    assert begun["build"]["publish"] == "site"


def test_host_builds_with_the_one_command_and_publishes_its_folder() -> None:
    build = tomllib.loads((REPOSITORY / "netlify.toml").read_text(encoding="utf-8"))["build"]
    assert (build["command"], build["publish"]) == ("make site", "site")
    assert build["environment"]["PYTHON_VERSION"]


def test_lock_pins_everything_with_hashes_and_names_no_registry() -> None:
    lock = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
    pins = [line for line in lock.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(pins) > 20
    assert all("==" in pin for pin in pins)
    assert lock.count("==") <= lock.count("--hash=sha256:")
    assert "://" not in lock
    assert "--index-url" not in lock


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-build-isolation", "--wheel-dir", folder, REPOSITORY)
    return next(folder.glob("*.whl"))


def pip(*words: str | Path) -> None:
    """Run the pip of this environment, which fetches nothing."""
    options = ["--quiet", "--no-deps", "--no-index", "--disable-pip-version-check"]
    subprocess.run([sys.executable, "-m", "pip", *map(str, words), *options], check=True, capture_output=True)


def test_wheel_holds_every_template_and_asset_and_the_files_of_a_new_site(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    templates = REPOSITORY / "templates"
    expected = {
        f"generator/_templates/{p.relative_to(templates).as_posix()}" for p in templates.rglob("*") if p.is_file()
    }
    assert expected <= names
    begun = {f"generator/starter/{p.relative_to(STARTER).as_posix()}" for p in STARTER.rglob("*") if p.is_file()}
    assert len(begun) > 10
    assert begun <= names
    assert not [name for name in names if name.startswith(("site/", "content/", "tests/"))]


def test_new_site_is_built_by_the_wheel_in_an_environment_of_its_own(wheel: Path, tmp_path: Path) -> None:
    """The libraries are those of this environment, found through a path file; the program is the installed one."""
    own = tmp_path / "environment"
    venv.create(own, symlinks=True)
    (libraries,) = own.glob("lib/python*/site-packages")
    pip("--python", own / "bin" / "python", "install", wheel)
    (libraries / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    program = own / "bin" / "transparency"
    assert program.read_text("utf-8").startswith(f"#!{own}/bin/python"), "it would run another environment's program"

    def run(*words: str, root: Path) -> subprocess.CompletedProcess[str]:
        env = environment({"PYTHONPATH": None})
        return subprocess.run(
            [str(program), *words], cwd=root, env=env, capture_output=True, encoding="utf-8", check=False
        )

    made = run("new", "site", "ours", root=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    root = tmp_path / "ours"
    assert {place.name for place in root.iterdir()} == {"content", "netlify.toml", ".gitignore"}
    first = ("--polarity", "higher", "--item", "Item 8", "--period", "Quarter 1 2024/25")
    assert run("new", "indicator", "potholes", "--title", "Potholes", *first, root=root).returncode == 0
    built = run("build", "--strict", root=root)
    assert (built.returncode, built.stderr) == (0, "Drawing charts: 2\n")
    pages = [place.read_text("utf-8") for place in sorted((root / "site").rglob("*.html"))]
    assert len(pages) > 8
    assert [page for page in pages if "All its figures are made up" not in page] == []
    assert "made up" in (root / "site/data/example-library-visits/datapackage.json").read_text("utf-8").lower()
