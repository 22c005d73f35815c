"""What the contracts of the built site share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import PROJECT, build_site


@pytest.fixture(scope="session")
def real_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the real site, built by the real command."""
    return build_site(PROJECT, tmp_path_factory.mktemp("real") / "site")
