"""Which user the server runs as, and how a program is run as that user.

PostgreSQL refuses to run as root, rightly: as root Caudal hands it to the owner of the folder, or to `nobody`.
"""

import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caudal.kernel.server.diagnosis import DatabaseProblem

UNPRIVILEGED = "nobody"


@dataclass(frozen=True, slots=True)
class Account:
    """The server's user. `uid` is None when it is simply the user of this process."""

    uid: int | None = None
    gid: int | None = None
    owns_home: bool = True

    def switch(self) -> dict[str, Any]:
        """Arguments of `subprocess` that run a program as this user."""
        if self.uid is None:
            return {} if os.name == "nt" else {"cwd": "/", "umask": 0o077}
        return {"user": self.uid, "group": self.gid, "extra_groups": [], "cwd": "/", "umask": 0o077}

    def give(self, path: Path) -> None:
        """Make this user the owner of a file or folder just made."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def give_if_owner(self, path: Path) -> None:
        """The same, for what belongs to the installation and not to the server."""
        if self.owns_home:
            self.give(path)

    def can_enter(self, folder: Path) -> bool:
        """Whether this user gets into a folder (a mode-700 parent is enough to stop it)."""
        if self.uid is None:
            return True
        try:
            script = ["/bin/sh", "-c", 'test -d "$1" && cd "$1"', "sh", str(folder)]
            return (
                subprocess.run(script, stderr=subprocess.DEVNULL, check=False, **self.switch()).returncode
                == 0
            )
        except PermissionError:
            return False


def choose(*, home: Path, data: Path) -> Account:
    """The server's user: this process's own, except under root.

    Then it is the owner of the data; for a new cluster the owner of the home or of the folder it stands in (who may
    have become root only for a moment), else `nobody`.

    :raises DatabaseProblem: root, and the machine has no unprivileged user
    """
    if os.name == "nt" or os.geteuid() != 0:
        return Account()
    import pwd  # only POSIX has it

    nobody = _nobody_uid()
    for owner in _owners(home=home, data=data):
        if owner in (0, nobody):
            continue
        try:
            found = pwd.getpwuid(owner)
            return Account(found.pw_uid, found.pw_gid, owns_home=True)
        except KeyError:
            continue  # a folder brought from another machine: nobody serves it as well
    try:
        found = pwd.getpwnam(UNPRIVILEGED)
    except KeyError as problem:
        raise DatabaseProblem(
            "PostgreSQL no puede correr como root y esta máquina no tiene el usuario «nobody».",
            "Ejecute Caudal con un usuario común.",
        ) from problem
    return Account(found.pw_uid, found.pw_gid, owns_home=False)


def _owners(*, home: Path, data: Path) -> list[int]:
    """Owners to consider, in order; those of the data decide alone."""
    if data.exists():
        return [data.stat().st_uid]
    above = next(path for path in home.parents if path.exists())
    return [path.stat().st_uid for path in (home, above) if path.exists()]


def _nobody_uid() -> int | None:
    import pwd

    try:
        return pwd.getpwnam(UNPRIVILEGED).pw_uid
    except KeyError:
        return None


def clean_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment without the PG… variables of the person at the keyboard, speaking English to us."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANGUAGE"))
    }
    return kept | {"LC_ALL": "C", "LANG": "C"} | dict(extra or {})


def run(
    command: Sequence[str | Path],
    *,
    account: Account,
    extra: Mapping[str, str] | None = None,
    stdin: str = "",
) -> tuple[int, str]:
    """Run a program as the account to its end → (exit code, everything it printed).

    Output goes to a file: a server started by the program would hold a pipe open for ever.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as entry:
        entry.write(stdin.encode())
        entry.seek(0)
        try:
            code = subprocess.run(
                [str(word) for word in command],
                stdin=entry,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=clean_environment(extra),
                check=False,
                **account.switch(),
            ).returncode
        except (PermissionError, FileNotFoundError) as problem:
            return 126, f"Permission denied: {problem.filename}"
        output.seek(0)
        return code, output.read().decode(errors="replace")
