"""Starting and stopping the server process itself, with pg_ctl as the server's user."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

from caudal.kernel.server import accounts, configuration
from caudal.kernel.server.accounts import Account
from caudal.kernel.server.binaries import Programs
from caudal.kernel.server.places import Place

RECOVERY_SECONDS = 1800  # replaying the log after a power cut takes as long as it takes
SILENCE_SECONDS = 5
STOP_SECONDS = 120


def launch(
    place: Place, *, account: Account, programs: Programs, is_throwaway: bool, say: Callable[[str], None]
) -> str | None:
    """One try; the server goes on when this process ends → None, or what it said when it failed."""
    place.settings.write_text(configuration.text(place, is_throwaway=is_throwaway), encoding="utf-8")
    place.settings.chmod(0o644)
    account.give_if_owner(place.settings)
    seen = _log_sizes(place.log)
    settings: list[str | Path] = [
        "-o",
        _shell_words(f"config_file={place.settings.as_posix()}"),
        "-l",
        place.log / "start.log",
    ]
    patience = ["-w", "-t", str(RECOVERY_SECONDS)]
    notice = threading.Timer(
        SILENCE_SECONDS, say, ["La base de datos se recupera de un apagón; puede tardar unos minutos…"]
    )
    notice.start()
    try:
        code, output = accounts.run(
            [*_pg_ctl(place, programs), "start", *settings, *patience], account=account
        )
    finally:
        notice.cancel()
    return _log_since(place.log, seen) + output if code else None


def halt(place: Place, *, account: Account, programs: Programs) -> str:
    """Stop in order: open transactions are undone, everything saved stays → what pg_ctl said."""
    patience = ["-m", "fast", "-w", "-t", str(STOP_SECONDS)]
    return accounts.run([*_pg_ctl(place, programs), "stop", *patience], account=account)[1]


def _pg_ctl(place: Place, programs: Programs) -> list[str | Path]:
    return [programs.path("pg_ctl"), "-D", place.data]


def _shell_words(setting: str) -> str:
    """`-c setting` as pg_ctl hands it to the shell."""
    if os.name == "nt":
        return f'-c "{setting}"'
    return "-c '" + setting.replace("'", "'\\''") + "'"


def _log_sizes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in folder.glob("*.log")}


def _log_since(folder: Path, seen: dict[str, int]) -> str:
    """What the server logged since the sizes were taken."""
    told = ""
    for path in sorted(folder.glob("*.log")):
        with path.open("rb") as file:
            file.seek(min(seen.get(path.name, 0), path.stat().st_size))
            told += file.read().decode(errors="replace")
    return told
