"""Making a cluster: a place that the server's user can reach, passwords, initdb, a private socket folder."""

import contextlib
import json
import os
import secrets
import shutil
import socket
import stat
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from caudal.kernel.server import accounts, places
from caudal.kernel.server.accounts import Account
from caudal.kernel.server.binaries import Programs
from caudal.kernel.server.connections import OWNER, SUPERUSER, WEB
from caudal.kernel.server.diagnosis import DatabaseProblem, explain
from caudal.kernel.server.places import Place

LOGINS = {"app": WEB, "owner": OWNER, "superuser": SUPERUSER}


def make_home(home: Path) -> None:
    """Make the home folder.

    :raises DatabaseProblem: this user may not
    """
    try:
        _make_folders(home)
    except OSError as problem:
        raise DatabaseProblem(
            f"No se puede crear la carpeta {home}.",
            "Trabaje con el usuario dueño de ese lugar, o elija otra carpeta con CAUDAL_HOME.",
        ) from problem


def settle(home: Path, *, account: Account, say: Callable[[str], None]) -> Place:
    """The folder of the cluster, reachable by the server's user; decided once, then remembered.

    :raises DatabaseProblem: there is no such folder
    """
    account.give_if_owner(home)
    place = places.remembered(home)
    if places.record(home).exists() and place.folder.exists():
        if not account.can_enter(place.folder):
            raise DatabaseProblem(
                f"El usuario del servidor ya no puede entrar a {place.folder}.",
                "Devuelva a sus carpetas el permiso de paso (chmod o+x).",
            )
        return place
    place = places.proposed(home, inside=_reachable(home, account=account))
    if place.folder.parent != home:
        say(f"La carpeta {home} es privada de root; los datos quedan en {place.folder}.")
    if os.name == "nt":
        place = replace(place, port=_free_port())
    _remember(home, place, account=account)
    return place


def initialize(place: Place, *, account: Account, programs: Programs, is_throwaway: bool) -> None:
    """initdb in a draft folder that gets its name when whole: a power cut leaves no half cluster.

    :raises DatabaseProblem: the disk is full, the folder is closed…
    """
    draft = place.folder / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    words = {login: secrets.token_urlsafe(24) for login in LOGINS.values()}
    _write_private(place.passwords, json.dumps(words, indent=2))
    account.give_if_owner(place.passwords)
    for folder in (draft, place.log):
        folder.mkdir(exist_ok=True, mode=0o700)
        account.give(folder)
    password = place.folder / "password.new"
    _write_private(password, words[SUPERUSER] + "\n")
    account.give(password)
    locale = (
        ["--locale-provider=builtin", "--locale=C.UTF-8"] if programs.major >= 17 else ["--locale=C.UTF-8"]
    )
    command: list[str | Path] = [programs.path("initdb"), "-D", draft, "-U", SUPERUSER, "-E", "UTF8", *locale]
    command += ["--data-checksums", "--auth=scram-sha-256", f"--pwfile={password}"]
    command += ["--no-sync"] if is_throwaway else []
    try:
        code, output = accounts.run(command, account=account)
    finally:
        password.unlink(missing_ok=True)
    if code:
        shutil.rmtree(draft, ignore_errors=True)
        raise explain(output, doing="No se pudo crear la base de datos")
    draft.rename(place.data)


def open_socket(home: Path, place: Place, *, account: Account) -> Place:
    """A private folder for the socket; another one if a stranger took its name in the temporary folder.

    :raises DatabaseProblem: its path is longer than the system allows
    """
    if not place.host.startswith("/"):
        return place
    folder = Path(place.host)
    if len(os.fsencode(folder)) + len(f"/.s.PGSQL.{place.port}.lock") > places.SOCKET_BYTES_MAX:
        raise explain("Unix-domain socket path is too long", doing="No se pudo abrir el socket")
    if not _is_private(folder, account=account):
        folder = folder.with_name(f"{folder.name[:19]}-{secrets.token_hex(4)}")
        folder.mkdir(mode=0o700)
        account.give(folder)
        place = replace(place, host=str(folder))
        _remember(home, place, account=account)
    return place


def close_socket(place: Place) -> None:
    """Leave no empty folder behind in the temporary one."""
    if place.host.startswith("/"):
        with contextlib.suppress(OSError):
            Path(place.host).rmdir()


def _remember(home: Path, place: Place, *, account: Account) -> None:
    places.write(home, place)
    account.give_if_owner(places.record(home))


def _reachable(home: Path, *, account: Account) -> Path:
    """The first folder that can be made and that the server's user can enter: it may not pass a private home."""
    tag = places.tag(home)
    for folder in (
        home / "postgresql",
        Path("/var/lib/caudal") / tag,
        Path(tempfile.gettempdir()) / f"caudal-data-{tag}",
    ):
        try:
            _make_folders(folder)
        except OSError:
            continue
        if not _is_own(folder, account=account):
            continue
        account.give_if_owner(folder)
        if account.can_enter(folder):
            return folder
        if not any(folder.iterdir()):
            folder.rmdir()
    raise DatabaseProblem(
        "No hay carpeta donde el usuario del servidor pueda trabajar.",
        "Elija en CAUDAL_HOME una carpeta a la que todos puedan pasar, como /srv/caudal.",
    )


def _is_own(folder: Path, *, account: Account) -> bool:
    """Whether a folder is ours and not one that a stranger left under a name easy to guess."""
    if os.name == "nt":
        return True
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid in (
        os.geteuid(),
        account.uid if account.owns_home else -1,
    )


def _make_folders(folder: Path) -> None:
    """Make a folder and its parents so that the server's user can pass, whatever the umask."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        path.chmod(0o755)


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads: whole or not at all."""
    draft = path.with_name(path.name + ".draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    os.replace(draft, path)


def _is_private(folder: Path, *, account: Account) -> bool:
    """Make the folder if missing → whether it is the server's own, closed to everybody else, and no link."""
    try:
        folder.mkdir(mode=0o700)
        account.give(folder)
    except FileExistsError:
        pass  # ours from before, or a stranger's: looked at below
    except OSError as problem:
        raise explain(str(problem), doing="No se pudo crear la carpeta del socket") from problem
    found = folder.lstat()
    owner = os.geteuid() if account.uid is None else account.uid
    return stat.S_ISDIR(found.st_mode) and found.st_uid == owner and not found.st_mode & 0o077


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
