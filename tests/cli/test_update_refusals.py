"""What the commands of an update refuse, they say with a remedy, and they leave every file as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_handbook import QUARTER, ROWS
from tests.command import run, tree, write_project
from tests.workbook import xlsx

RECEIVE = ("receive", "parks.xlsx", "--paper", "parks-2024-06", "--title", "Parks", "--date", "2024-06-06",
           "--description", "Visits.")  # fmt: skip
IMPORT = ("import", "parks.xlsx", "--dataset", "parks")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = write_project(tmp_path_factory.mktemp("refused"), QUARTER)
    (place / "parks.xlsx").write_bytes(xlsx({"Q": [*ROWS, ["North", 1310.0]]}))
    (place / "locked.xlsx").write_bytes(b"PK\x03\x04")
    return place


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("receive", "parks.xlsx", "--paper", "report"), 1, "'report' is in content/sources.yaml already; choose"),
        (("receive", "parks.xlsx", "--paper", "Parks 2024"), 2, "'Parks 2024' cannot stand in an address"),
        (("receive", "parks.xlsx", "--paper", "parks-2024-06"), 2, "give --date"),
        ((*RECEIVE[:-3], "6 June", *RECEIVE[-2:]), 1, "error[wrong-type]: '6 June' is not a date"),
        (("import", "parks.xlsx", "--dataset", "park"), 2, "there is no dataset 'park'; did you mean 'parks'?"),
        (IMPORT, 2, "say with --paper which paper published it; papers are: report"),
        ((*IMPORT, "--paper", "reprot"), 2, "there is no paper 'reprot'; did you mean 'report'?"),
        ((*IMPORT, "--paper", "report", "--columns", "visits=Visits"), 1, "error[unknown-column]"),
        ((*IMPORT, "--paper", "report", "--multiply", "visits=ten"), 1, "error[wrong-type]: 'ten' is no number"),
        (("import", "locked.xlsx", "--dataset", "parks", "--paper", "report"), 1, "error[bad-workbook]"),
        (
            (*IMPORT, "--paper", "report", "--columns", "park=Park, visits=Visits this quarter"),
            1,
            "error[row-exists]: a row for report, North is there already",
        ),
        (("review", "--accept", "*"), 0, "no update waits; 'transparency import' brings one"),
        (("correct", "parks", "park=Nrth", "visits", "5"), 2, "no row has 'Nrth' in 'park'; did you mean 'North'?"),
        (("correct", "parks", "park=North", "vists", "5"), 2, "has no column 'vists'; did you mean 'visits'?"),
        (("correct", "parks", "park=North", "visits", "5"), 2, "give --kind"),
        (("correct", "parks", "park=North", "visits", "5", "--kind", "ours"), 2, "give --because"),
        (
            ("correct", "parks", "park=North", "visits", "many", "--kind", "ours", "--because", "Typed."),
            1,
            "error[bad-number]",
        ),
    ],
)  # fmt: skip
def test_command_refuses_with_a_remedy_and_writes_nothing(
    root: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    before = tree(root)
    made = run(*words, cwd=root)
    assert said in " ".join((made.stdout + made.stderr).split()), made.stderr
    assert made.returncode == code
    assert tree(root) == before
