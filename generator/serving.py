"""Show the site while it is edited: after each change it is built, and the preview is told.

Who works on the program itself in a checkout sees it start anew when a file of it changes.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path

import click

from generator.build import Options
from generator.diagnostics import Location, summary
from generator.digest import digest
from generator.editors import editor_link
from generator.facts import Memo
from generator.pending import FILE as UPDATE
from generator.pending import from_json
from generator.restarts import failure, program, refusal, restart
from generator.review_page import review_page
from generator.runs import Follower, Settings
from generator.served import Preview, ProblemView
from generator.server import REVIEW_URL, Server, application
from generator.sources import Snapshot
from generator.terminal import excerpt_of, named, say, show
from generator.watch import watch


def serve(settings: Settings, port: int, editor_url: str) -> None:
    """Show the site until Ctrl-C; problems link to the editor that *editor_url* opens."""
    own = program()  # before anything is built, so that no change of it is missed
    preview, follower, update = Preview(), Follower(settings), _Update(settings, editor_url)

    def rebuild(changed: tuple[Path, ...] = ()) -> str:
        started = time.monotonic()
        preview.rebuilding()
        made = follower.build(changed)
        show(made.problems, settings.root)
        views = tuple(ProblemView(str(p.at), p.severity.value, p.code, p.message, excerpt_of(p, settings.root), p.hint,
                                  editor_link(editor_url, settings.root, p.at))
                      for p in made.problems)  # fmt: skip
        review = update.look(follower.snapshot)
        preview.publish(made.files, views, failed=made.has_errors, review=review)
        click.echo(f"{named(changed)}{summary(made.problems)}, {time.monotonic() - started:.2f} s")
        update.tell()
        return str(made.base_path)

    base_path = rebuild()
    app = application(preview, base_path=base_path, review_page=update.page)
    server, changing = Server(preview, port, app=app), threading.Lock()
    is_new = False

    def on_change(changed: tuple[Path, ...]) -> None:
        with changing:
            if not is_new:
                follow(changed)

    def follow(changed: tuple[Path, ...]) -> None:
        nonlocal is_new
        sources = tuple(path for path in changed if not (own and path.is_relative_to(own.folder)))
        if own and len(sources) < len(changed) and (new := own.changed()):
            names = named(tuple(new))
            if reason := refusal(new) or failure():
                say(f"{names}the program goes on as it was, because of {reason}")
            else:
                say(f"{names}the program has changed and starts anew")
                is_new = True
                server.stop()
                return
        if sources and not (set(sources) <= set(folders) and follower.is_current() and not update.has_changed()):
            rebuild(sources)

    def on_ready(url: str) -> None:
        click.echo(f"The site is at {url} (Ctrl-C ends)")
        update.tell(url)

    folders = [settings.root / "content", settings.root / "templates"]
    folders += [own.folder] if own else []
    folders = [folder.absolute() for folder in folders]
    stop = watch(folders, (settings.output,), on_change, files=(settings.root / UPDATE,), say=say)
    try:
        on_change(tuple(folders))  # what changed while the first build ran, before anything was watched
        server.run(on_ready)
    finally:
        stop()
        follower.close()
    if is_new:
        restart(server.port)


class _Update:
    """The update that waits, if any; its page is made when it is asked for."""

    def __init__(self, settings: Settings, editor_url: str) -> None:
        self._root, self._editor_url = settings.root, editor_url
        self._options, self._memo = Options(today=settings.today), Memo()
        self._seen: tuple[Snapshot, bytes] | None = None
        self._made: tuple[tuple[Snapshot, bytes] | None, bytes] = (None, b"")
        self._making = threading.Lock()
        self._url, self._is_told = "", False

    def _kept(self) -> bytes:
        try:
            return (self._root / UPDATE).read_bytes()
        except OSError:
            return b""

    def has_changed(self) -> bool:
        """Tell whether the update is another one than that which was last seen."""
        return self._seen is None or self._seen[1] != self._kept()

    def look(self, snapshot: Snapshot) -> str:
        """See whether an update waits; return another text for whatever its review rests on, or an empty one."""
        kept = self._kept()
        self._seen = snapshot, kept
        return digest(kept, *(part for s in snapshot.sources.values() for part in (s.path, s.digest))) if kept else ""

    def tell(self, url: str = "") -> None:
        """Say once of each update where it is shown, as soon as the address of the preview is known."""
        self._url = url or self._url
        waits = bool(self._seen and self._seen[1])
        if self._seen and waits and self._url and not self._is_told:
            is_whole = from_json(self._seen[1].decode(errors="replace")) is not None
            words = "An update waits; what it changes" if is_whole else "The file of an update is damaged; what to do"
            click.echo(f"{words} is at {self._url}{REVIEW_URL}")
        self._is_told = waits and bool(self._url)

    def page(self) -> bytes:
        """Return the page of the review, for what was last seen."""
        with self._making:
            seen = self._seen
            if seen and self._made[0] is not seen:
                self._made = seen, review_page(*seen, self._options, self._memo, self._link)
            return self._made[1]

    def _link(self, at: Location) -> str:
        return editor_link(self._editor_url, self._root, at)
