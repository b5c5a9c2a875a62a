"""Is the server of this folder alive? A pid file alone cannot say: pids are recycled and zombies linger."""

import os
import subprocess
import time
from pathlib import Path

PROC = Path("/proc")


def postmaster_pid(data: Path) -> int | None:
    """The pid of the live server of this data folder, or None.

    Dead, a zombie, or a pid that another program took over: all None.

    :raises PermissionError: the folder belongs to another user
    """
    pid = _recorded_pid(data)
    return pid if pid is not None and is_postmaster(pid, data) else None


def is_ready(data: Path) -> bool:
    """Whether the server wrote that it accepts connections."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return len(lines) >= 8 and lines[7].strip() == "ready"


def is_postmaster(pid: int, data: Path) -> bool:
    """Whether `pid` runs `postgres -D data`."""
    command = _command_of(pid)
    if os.name == "nt":
        command = command.replace("\\", "/")
    return "postgres" in command and data.as_posix() in command


def forget_dead(data: Path, host: str) -> None:
    """Remove the pid and socket files of a server known to be dead, or the next one would refuse to start.

    The new server still looks for living children of the old one, by the shared memory of the data folder.
    """
    (data / "postmaster.pid").unlink(missing_ok=True)
    if host.startswith("/"):
        for leftover in Path(host).glob(".s.PGSQL.*"):
            leftover.unlink(missing_ok=True)


def wait_for_orphans(data: Path, *, seconds: float) -> bool:
    """Wait until no process works in the data folder → whether it is empty. Only Linux can look."""
    deadline = time.monotonic() + seconds
    while orphans(data):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def orphans(data: Path) -> list[int]:
    """Pids of processes whose working folder is the data folder: children of a killed server."""
    found = []
    for entry in PROC.glob("[0-9]*"):
        try:
            if os.readlink(entry / "cwd") == str(data):
                found.append(int(entry.name))
        except OSError:  # gone meanwhile, or another user's
            continue
    return found


def _recorded_pid(data: Path) -> int | None:
    try:
        first = (data / "postmaster.pid").read_text().split("\n", 1)[0].strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return int(first) if first.isdigit() and int(first) > 0 else None


def _command_of(pid: int) -> str:
    """The command line of a process; empty if it is gone or a zombie."""
    if PROC.is_dir():
        try:
            return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    if os.name == "nt":
        query = f"(Get-CimInstance Win32_Process -Filter 'ProcessId={pid}').CommandLine"
        command = ["powershell", "-NoProfile", "-Command", query]
    else:
        command = ["ps", "-ww", "-o", "args=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
