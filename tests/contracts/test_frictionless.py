"""Every sidecar is a Data Resource that other tools of the Frictionless standard can read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from frictionless import Resource, system

DATA = Path(__file__).parents[2] / "content" / "data"
SIDECARS = sorted(DATA.rglob("*.yaml"))


@pytest.mark.parametrize("sidecar", SIDECARS, ids=lambda path: path.stem)
def test_every_sidecar_is_a_valid_data_resource(sidecar: Path) -> None:
    loaded = yaml.safe_load(sidecar.read_text(encoding="utf-8"))
    descriptor = json.loads(json.dumps(loaded, default=str))  # YAML reads dates as dates; the standard has text
    with system.use_context(trusted=True):
        report = Resource.validate_descriptor(descriptor, basepath=str(sidecar.parent))
    assert report.valid, "\n".join(str(error) for error in report.errors)
