"""The page of commands says what each command says of itself, and its lines for the shell work.

``--update-golden`` writes the commands anew; what stands above the first of them is written by hand.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from generator.cli import cli
from tests.command import CHECKOUT, environment

PAGE = Path(__file__).parents[2] / "content" / "help" / "commands.md"
FIRST = "## transparency\n"
WIDTH = 90


def commands(command: click.Command, name: str = "transparency") -> Iterator[tuple[str, click.Command]]:
    """Yield *command* and all below it, each with its whole name."""
    yield name, command
    if isinstance(command, click.Group):
        for word, below in sorted(command.commands.items()):
            yield from commands(below, f"{name} {word}")


COMMANDS = dict(commands(cli))


def help_of(name: str) -> str:
    """Return what a command says when it is asked with ``--help``."""
    settings = {**cli.context_settings, "terminal_width": WIDTH, "max_content_width": WIDTH}
    return COMMANDS[name].get_help(click.Context(COMMANDS[name], info_name=name, **settings))


def written() -> str:
    """Return the part of the page that is made from the commands."""
    return "\n".join(f"## {name}\n\n```\n{help_of(name)}\n```\n" for name in COMMANDS)


def test_page_has_the_help_of_every_command(request: pytest.FixtureRequest) -> None:
    by_hand, _, found = PAGE.read_text(encoding="utf-8").partition(FIRST)
    if request.config.getoption("--update-golden"):
        PAGE.write_text(by_hand + written(), encoding="utf-8", newline="\n")
        return
    assert FIRST + found == written(), "the page is out of step: run this test with --update-golden"


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "transparency"])
def test_every_command_has_an_example_and_says_what_it_does_in_one_line(name: str) -> None:
    said = help_of(name)
    assert f"\n  Example: {name}" in said
    assert not COMMANDS[name].get_short_help_str(limit=77).endswith("...")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_line_of_the_page_makes_the_shell_complete_commands(shell: str) -> None:
    assert re.search(rf"_TRANSPARENCY_COMPLETE={shell}_source transparency\b", PAGE.read_text(encoding="utf-8"))
    told = completion(f"{shell}_source")
    assert f"_TRANSPARENCY_COMPLETE={shell}_complete" in told
    words = {"COMP_WORDS": "transparency che" if shell != "fish" else "transparency", "COMP_CWORD": "1"}
    if shell == "fish":
        words["COMP_CWORD"] = "che"
    assert "check" in completion(f"{shell}_complete", **words)


def completion(instruction: str, **words: str) -> str:
    """Run the installed command as a shell does that wants to complete a line."""
    program = "import sys; sys.argv = ['transparency']; from generator.cli import main; main()"
    made = subprocess.run(
        [sys.executable, "-c", program],
        cwd=CHECKOUT,
        env=environment({"_TRANSPARENCY_COMPLETE": instruction, **words}),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    return made.stdout
