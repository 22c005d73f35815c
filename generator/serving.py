"""Show the site while it is edited: after each change it is built, and the preview is told."""

from __future__ import annotations

import time
from pathlib import Path

import click

from generator.diagnostics import summary
from generator.editors import editor_link
from generator.runs import Follower, Settings
from generator.served import Preview, ProblemView
from generator.server import serve as run
from generator.terminal import excerpt_of, named, say, show
from generator.watch import watch


def serve(settings: Settings, port: int, editor_url: str) -> None:
    """Show the site until Ctrl-C; problems link to the editor that *editor_url* opens."""
    preview, follower = Preview(), Follower(settings)

    def rebuild(changed: tuple[Path, ...] = ()) -> str:
        started = time.monotonic()
        preview.rebuilding()
        made = follower.build(changed)
        show(made.problems, settings.root)
        views = tuple(ProblemView(str(p.at), p.severity.value, p.code, p.message, excerpt_of(p, settings.root), p.hint,
                                  editor_link(editor_url, settings.root, p.at))
                      for p in made.problems)  # fmt: skip
        preview.publish(made.files, views, failed=made.has_errors)
        click.echo(f"{named(changed)}{summary(made.problems)}, {time.monotonic() - started:.2f} s")
        return str(made.base_path)

    base_path = rebuild()
    folders = (settings.root / "content", settings.root / "templates")
    stop = watch(folders, (settings.output,), rebuild, say=say)
    try:
        run(preview, port, lambda url: click.echo(f"The site is at {url} (Ctrl-C ends)"), base_path=base_path)
    finally:
        stop()
        follower.close()
