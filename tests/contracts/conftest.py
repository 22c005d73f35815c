"""What the contracts of the built site share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import command


@pytest.fixture(scope="session")
def real_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the real site, built by the real command."""
    return command.real_site(tmp_path_factory)
