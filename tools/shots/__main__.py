"""`python -m tools.shots`: writes instance/shots/*.png; with --picture the picture of the README instead."""

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
from PIL import Image
from psycopg import sql

from marketplace.core import embedded_postgres
from marketplace.core.config import ROOT
from marketplace.demo.people import ALAN
from tools.demo.children import StartFailed
from tools.shots.cast import WIDE, Cast, choose
from tools.shots.chromium import chromium
from tools.shots.scene import Scene
from tools.shots.scenes import CHAPTERS
from tools.shots.sheets import Photograph, photographs, set_view, whole, write_sheet
from tools.shots.stage import Stage, staged

SHOTS = ROOT / "instance" / "shots"
PICTURE = ROOT / "docs" / "picture.png"
COLOURS = 128
"""Of the picture: flat pages need no more, and it stays small."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.shots", description=__doc__)
    parser.add_argument("--picture", action="store_true", help=f"write {PICTURE.relative_to(ROOT)} and nothing else")
    parser.add_argument("--chapter", choices=[each.__name__ for each in CHAPTERS], help="walk only this one")
    told = parser.parse_args(arguments)
    began = time.monotonic()
    try:
        with opened() as stage, chromium() as running:
            cast = Cast(running.browser(), stage)
            written = [picture(cast)] if told.picture else sheets(cast, told.chapter)
    except StartFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    print(f"{len(written)} pictures in {time.monotonic() - began:.0f} s:", *written, sep="\n")
    return 0


@contextmanager
def opened() -> Iterator[Stage]:
    """A database of its own in a PostgreSQL of its own; nothing of either is left."""
    cluster = embedded_postgres.start(ROOT / "instance" / "pg-shots", durable=False)
    name = f"shots_{uuid4().hex[:8]}"
    url = cluster.url(name)
    try:
        cluster.create_database(name)
        with TemporaryDirectory(prefix="office-hours-shots-") as folder, staged(Path(folder), url) as stage:
            yield stage
    finally:
        with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        if cluster.started_here:
            cluster.stop()


def sheets(cast: Cast, only: str | None) -> list[Path]:
    rows: dict[str, list[list[Photograph]]] = defaultdict(list)
    for scene in walked(cast, only):
        rows[scene.sheet].append(photographs(scene.page, scene.state))
    SHOTS.mkdir(parents=True, exist_ok=True)
    for name, taken in rows.items():
        write_sheet(taken, SHOTS / f"{name}.png")
    return [SHOTS / f"{name}.png" for name in rows]


def walked(cast: Cast, only: str | None) -> Iterator[Scene]:
    for chapter in CHAPTERS:
        if only in {None, chapter.__name__}:
            yield from chapter(cast)
            cast.leave()


def picture(cast: Cast) -> Path:
    """Grace's page as Alan sees it in New York, with a time chosen."""
    page = cast.person(ALAN.email, ALAN.zone)
    page.goto(f"{cast.stage.url}/mentors/grace-example")
    choose(page, "Tuesday 8 December", "09:00")
    set_view(page, WIDE, "light")
    whole(page).quantize(COLOURS, dither=Image.Dither.NONE).save(PICTURE, optimize=True)
    cast.leave()
    return PICTURE


if __name__ == "__main__":
    sys.exit(main())
