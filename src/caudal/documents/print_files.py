"""Print files of a billing run: bills in route order, cut into files that a printer and a person can handle.

A file keeps whole routes while they fit: whoever delivers a route carries one pile. Beside the files stands
their list (`lista-<run>.json`), rewritten after each file: what a second run, or one that was interrupted, looks
at to know what is already on disk and still true.
"""

import hashlib
import json
import multiprocessing
import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib import metadata
from pathlib import Path

from caudal.documents import typesetting
from caudal.documents.layouts import BillSheet
from caudal.kernel.refusals import Refusal

PAGES_PER_FILE_MAX = 1000
# Half of the limit: the first file is ready in two seconds, and a worker stays under 400 MB.
PAGES_PER_FILE = 500


class CannotWritePrintFiles(Refusal):
    """The sheets are not in route order, or the file size asked for is outside 1 to 1,000 pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintFile:
    """One file on disk. `content_hash` is of what its pages say, `pdf_hash` of its bytes (both SHA-256).

    `was_kept` tells a file found complete from one written now; amounts in centavos.
    """

    name: str
    first_route: str
    last_route: str
    pages: int
    total_cents: int
    content_hash: str
    pdf_hash: str
    was_kept: bool = False


def write_print_files(
    *,
    sheets: Iterable[BillSheet],
    directory: Path,
    run: str,
    pages_per_file: int = PAGES_PER_FILE,
    workers: int = 2,
    on_file: Callable[[PrintFile], None] | None = None,
) -> list[PrintFile]:
    """Write the run's bills as `recibos-<run>-001-ruta-<first>-a-<last>.pdf`, … into `directory`.

    `sheets` may be a generator and must come in route order; only a few files' worth are held at a time. A file
    that is already there with the same content and intact bytes is kept. Files of an earlier, different cut of
    the same run are removed, so that no bill lies in two of them. `on_file` is told of each file in order; what it
    raises (a cancellation) stops the work and leaves only whole files. `workers=1` stays in this process.

    :raises CannotWritePrintFiles: if a sheet comes before its place in the route, or on a size outside 1 to 1,000
    :raises CannotPrintBill: naming the account whose bill does not fit on a page; earlier files stay
    :raises CannotEncodePayment: naming the account or total that does not fit in the bars
    """
    if not 1 <= pages_per_file <= PAGES_PER_FILE_MAX:
        raise CannotWritePrintFiles(
            f"Un archivo de {pages_per_file} páginas no es posible.",
            f"Pide entre 1 y {PAGES_PER_FILE_MAX:,} páginas por archivo.",
            field="pages_per_file",
            value=str(pages_per_file),
        )
    directory.mkdir(parents=True, exist_ok=True)
    slug = _slug(run)
    before = _read_list(directory, slug)
    written: list[PrintFile] = []
    piles = enumerate(_piles(sheets, pages_per_file), start=1)
    named = ((f"recibos-{slug}-{number:03d}", pile) for number, pile in piles)
    for print_file in _print_piles(named, directory, before, workers):
        written.append(print_file)
        # Until the end the list also names what an earlier run left, so that an interrupted run loses track of nothing.
        _write_list(directory, slug, {**before, **{done.name: done for done in written}})
        if on_file:
            on_file(print_file)
    names = {done.name for done in written}
    for stale in before.keys() - names:
        (directory / stale).unlink(missing_ok=True)
    _write_list(directory, slug, {done.name: done for done in written})
    return written


def _piles(sheets: Iterable[BillSheet], pages_per_file: int) -> Iterator[list[BillSheet]]:
    """Cut at the last change of route that fits; a route longer than a file is cut where it must."""
    pile: list[BillSheet] = []
    for sheet in sheets:
        if pile and sheet.route_order < pile[-1].route_order:
            raise CannotWritePrintFiles(
                f"La cuenta {sheet.account_number} viene antes de su lugar en la ruta.",
                "Ordena los recibos por ruta y secuencia.",
                value=sheet.account_number,
            )
        if len(pile) == pages_per_file:
            cut = _last_whole_route(pile, sheet)
            yield pile[:cut]
            pile = pile[cut:]
        pile.append(sheet)
    if pile:
        yield pile


def _last_whole_route(pile: list[BillSheet], following: BillSheet) -> int:
    """How many sheets to let go: all if a route ends here, else up to where the unfinished one begins."""
    for place in range(len(pile), 0, -1):
        if pile[place - 1].route != following.route:
            return place
    return len(pile)


def _print_piles(
    piles: Iterator[tuple[str, list[BillSheet]]], directory: Path, before: dict[str, PrintFile], workers: int
) -> Iterator[PrintFile]:
    """Each pile typeset in a process of its own; a pile waits in hand for every worker, no more."""
    if workers == 1:
        for name, pile in piles:
            yield _write_pile(name, pile, directory, before)
        return
    # Spawned, not forked: a child must not inherit the parent's database connections.
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _use_one_thread) as pool:
        waiting: deque[Future[PrintFile]] = deque()
        try:
            for name, pile in piles:
                waiting.append(pool.submit(_write_pile, name, pile, directory, before))
                if len(waiting) > workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _write_pile(
    name: str, pile: Sequence[BillSheet], directory: Path, before: dict[str, PrintFile]
) -> PrintFile:
    """Write one file, or keep the one that is there."""
    first, last = pile[0].route, pile[-1].route
    name = f"{name}-ruta-{_slug(first)}-a-{_slug(last)}.pdf"
    path = directory / name
    job = typesetting.bills_job(sheets=pile)
    content_hash = hashlib.sha256(_look_hash() + json.dumps(job).encode()).hexdigest()
    known = before.get(name)
    if known and known.content_hash == content_hash and _is_intact(path, known.pdf_hash):
        return replace(known, was_kept=True)
    pdf = typesetting.typeset_bills(job=job, sheets=pile, accessible=False)
    typesetting.forget_layouts()
    _replace(path, pdf)
    return PrintFile(
        name=name,
        first_route=first,
        last_route=last,
        pages=len(pile),
        total_cents=sum(sheet.total_cents for sheet in pile),
        content_hash=content_hash,
        pdf_hash=_hash(pdf),
    )


def _is_intact(path: Path, pdf_hash: str) -> bool:
    return path.exists() and _hash(path.read_bytes()) == pdf_hash


def _use_one_thread() -> None:
    """Typst would start a thread per core in every worker; the workers are already one per core."""
    os.environ["RAYON_NUM_THREADS"] = "1"


@cache
def _look_hash() -> bytes:
    """Of the templates, the fonts and the typesetter: a new look is a new file even if no amount changed."""
    digest = hashlib.sha256(metadata.version("typst").encode())
    for folder in (typesetting.TEMPLATES, typesetting.FONTS):
        for path in sorted(folder.iterdir()):
            digest.update(path.read_bytes())
    return digest.digest()


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")


def _read_list(directory: Path, slug: str) -> dict[str, PrintFile]:
    path = directory / f"lista-{slug}.json"
    if not path.exists():
        return {}
    return {row["name"]: PrintFile(**row) for row in json.loads(path.read_text("utf-8"))["files"]}


def _write_list(directory: Path, slug: str, files: dict[str, PrintFile]) -> None:
    rows = [{**asdict(files[name]), "was_kept": False} for name in sorted(files)]
    content = json.dumps({"run": slug, "files": rows}, ensure_ascii=False, indent=1)
    _replace(directory / f"lista-{slug}.json", content.encode("utf-8"))


def _replace(path: Path, content: bytes) -> None:
    """Whole or not at all: a reader never sees half a file, whatever happens while it is written."""
    partial = path.with_name(f".{path.name}.partial")
    partial.write_bytes(content)
    partial.replace(path)
