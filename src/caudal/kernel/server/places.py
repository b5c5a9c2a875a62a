"""Where an installation keeps its things, and where its server's socket fits."""

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[4]
SOCKET_BYTES_MAX = 107  # sun_path of Linux, without its final zero; BSD and macOS take 103
PORT = 5432  # in a socket folder of our own the number only names the file


def home(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of this installation's data: CAUDAL_HOME, `var` of a checkout, or the system's place for data."""
    if configured := environ.get("CAUDAL_HOME"):
        return Path(configured).expanduser().resolve()
    if (CHECKOUT / "pyproject.toml").is_file() and (CHECKOUT / "bin").is_dir():
        return CHECKOUT / "var"
    return _platform_home(environ)


def _platform_home(environ: Mapping[str, str]) -> Path:
    user = Path(environ.get("HOME") or Path.home())
    if os.name == "nt":
        return Path(environ.get("LOCALAPPDATA") or user / "AppData" / "Local") / "Caudal"
    if sys.platform == "darwin":
        return user / "Library" / "Application Support" / "Caudal"
    if os.geteuid() == 0:
        return Path("/var/lib/caudal")
    return Path(environ.get("XDG_DATA_HOME") or user / ".local" / "share") / "caudal"


@dataclass(frozen=True, slots=True)
class Place:
    """What was decided when the cluster was made; later starts must not decide otherwise.

    folder: data, passwords, configuration and log of the server; host: socket folder, or 127.0.0.1 on Windows.
    """

    folder: Path
    host: str
    port: int

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def settings(self) -> Path:
        return self.folder / "caudal.conf"

    @property
    def passwords(self) -> Path:
        return self.folder / "passwords.json"


def tag(folder: Path) -> str:
    """Twelve letters that tell this installation from every other one on the machine."""
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]


def record(folder: Path) -> Path:
    """The file that remembers the place."""
    return folder / "postgresql.json"


def remembered(folder: Path) -> Place:
    """The place recorded for this home, or the one that would be chosen today."""
    try:
        words = json.loads(record(folder).read_text(encoding="utf-8"))
        return Place(Path(words["folder"]), words["host"], int(words["port"]))
    except (OSError, ValueError, KeyError):
        return proposed(folder)


def proposed(folder: Path, *, inside: Path | None = None) -> Place:
    """Where a new cluster of this home goes; `inside` replaces a folder the server's user cannot reach."""
    host = "127.0.0.1" if os.name == "nt" else str(_socket_root() / f"caudal-{tag(folder)}")
    return Place(inside or folder / "postgresql", host, PORT)


def write(folder: Path, place: Place) -> None:
    """Remember the place: whole or not at all."""
    words = asdict(place) | {"folder": str(place.folder)}
    draft = record(folder).with_suffix(".new")
    draft.write_text(json.dumps(words, indent=2), encoding="utf-8")
    os.replace(draft, record(folder))


def _socket_root() -> Path:
    """A temporary folder short enough for a socket inside it."""
    root = Path(tempfile.gettempdir())
    longest = len(os.fsencode(root)) + len("/caudal-0123456789ab/.s.PGSQL.5432.lock")
    return root if longest <= SOCKET_BYTES_MAX - 4 else Path("/tmp")
