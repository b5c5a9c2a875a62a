"""The embedded server of one installation: made once, started when needed, stopped on request."""

import json
import os
import secrets
import shutil
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from caudal.kernel.server import account as accounts
from caudal.kernel.server import binaries, configuration, places, processes, sql
from caudal.kernel.server.account import Account
from caudal.kernel.server.binaries import Programs
from caudal.kernel.server.connections import DATABASE, OWNER, SUPERUSER, WEB, Connection
from caudal.kernel.server.diagnosis import DatabaseProblem, WrongVersion, explain, is_passing
from caudal.kernel.server.locking import only_one
from caudal.kernel.server.places import Place

LOGINS = {"app": WEB, "owner": OWNER, "superuser": SUPERUSER}
RETRY_SECONDS = 20
RECOVERY_SECONDS = 1800  # replaying the log after a power cut takes as long as it takes
PREPARED = "roles-1"  # change it when sql.ROLES changes: clusters made before are brought up to date


class NotThisUsersCluster(DatabaseProblem):
    """The cluster belongs to another user of the machine."""


@dataclass(frozen=True, slots=True)
class Status:
    """What `caudal db status` shows."""

    is_running: bool
    pid: int | None
    version: int | None
    home: str
    data: str
    log: str
    host: str
    port: int


def _quiet(_line: str) -> None:
    """Say nothing."""


class Cluster:
    """The PostgreSQL server under one home folder. Making the object touches nothing."""

    def __init__(
        self,
        home: Path,
        *,
        say: Callable[[str], None] = _quiet,
        is_throwaway: bool = False,
        debian: Path | None = None,
    ) -> None:
        self.home = Path(os.path.abspath(home))
        self.say = say
        self.is_throwaway = is_throwaway
        self.debian = debian or binaries.DEBIAN

    # -- what is known without starting anything

    @property
    def place(self) -> Place:
        return places.remembered(self.home)

    def connection(self, *, role: str = "app", database: str = DATABASE) -> Connection:
        """The login of `app`, `owner` or `superuser`; without a password before the first start."""
        place = self.place
        try:
            words = json.loads(place.passwords.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            words = {}
        login = LOGINS[role]
        return Connection(login, words.get(login, ""), database, place.host, str(place.port))

    def connection_url(self, *, role: str = "app", database: str = DATABASE) -> str:
        """The same as an address for DATABASE_URL."""
        return self.connection(role=role, database=database).url()

    def status(self) -> Status:
        """Whether it runs, and where everything is."""
        place = self.place
        pid = self._pid(place)
        return Status(
            is_running=pid is not None and processes.is_ready(place.data),
            pid=pid,
            version=_data_major(place.data),
            home=str(self.home),
            data=str(place.data),
            log=str(place.log),
            host=place.host,
            port=place.port,
        )

    # -- verbs

    def ensure_running(self) -> None:
        """Start the server unless it runs; make it first if there is none. Cheap when it already runs.

        :raises DatabaseProblem: what happened and what to do
        """
        if self._is_usable():
            return
        self._make_home()
        with only_one(self.home / "postgresql.lock"):
            if self._is_usable():
                return
            account = accounts.choose(self.home)
            place = self._settle(account)
            programs = binaries.choose(data_major=_data_major(place.data), debian=self.debian)
            programs = binaries.readable_by(account, programs, inside=place.folder)
            if not place.data.exists():
                self._initialize(place, account, programs)
            place = self._socket(place, account)
            self._start(place, account, programs)
            self._prepare(place, account, programs)

    def stop(self) -> bool:
        """Stop it in order (open transactions are undone) → whether it was running.

        :raises DatabaseProblem: it does not stop within two minutes
        """
        place = self.place
        if self._pid(place) is None:
            return False
        with only_one(self.home / "postgresql.lock"):
            return self._stop(place)

    def shell(self, *, role: str = "app", database: str = DATABASE) -> int:
        """Hand the terminal to psql → its exit code."""
        self.ensure_running()
        return interactive(self.connection(role=role, database=database), self._programs())

    def execute(self, script: str, *, role: str = "superuser", database: str = "postgres") -> str:
        """Run SQL through psql → what it printed."""
        return sql.execute(
            script, at=self.connection(role=role, database=database), programs=self._programs()
        )

    # -- steps

    def _programs(self) -> Programs:
        return binaries.choose(data_major=_data_major(self.place.data), debian=self.debian)

    def _pid(self, place: Place) -> int | None:
        try:
            return processes.postmaster_pid(place.data)
        except PermissionError as problem:
            raise self._not_mine(place) from problem

    def _is_usable(self) -> bool:
        place = self.place
        if self._pid(place) is None or not processes.is_ready(place.data):
            return False
        if not os.access(place.passwords, os.R_OK):
            raise self._not_mine(place)
        if place.host.startswith("/") and not Path(place.host, f".s.PGSQL.{place.port}").exists():
            return False  # somebody emptied the temporary folder: the server must open its socket again
        return _prepared(place)

    def _not_mine(self, place: Place) -> NotThisUsersCluster:
        return NotThisUsersCluster(
            f"La base de datos en {place.folder} es de otro usuario de esta computadora.",
            "Use ese mismo usuario (o root, si la creó root), o elija otra carpeta con CAUDAL_HOME.",
        )

    def _make_home(self) -> None:
        try:
            _make_folders(self.home)
        except OSError as problem:
            raise DatabaseProblem(
                f"No se puede crear la carpeta {self.home}.",
                "Trabaje con el usuario dueño de ese lugar, o elija otra carpeta con CAUDAL_HOME.",
            ) from problem

    def _settle(self, account: Account) -> Place:
        """The folder of the cluster, reachable by the server's user; decided once, then remembered."""
        account.give_if_owner(self.home)
        place = self.place
        if places.record(self.home).exists() and place.folder.exists():
            if not account.can_enter(place.folder):
                raise DatabaseProblem(
                    f"El usuario del servidor ya no puede entrar a {place.folder}.",
                    "Devuelva a sus carpetas el permiso de paso (chmod o+x).",
                )
            return place
        for folder in self._candidates():
            place = places.proposed(self.home, inside=folder)
            _make_folders(place.folder)
            if place.folder.stat().st_uid == os.geteuid() if os.name != "nt" else True:
                account.give_if_owner(place.folder)
                if account.can_enter(place.folder):
                    break
        else:
            raise DatabaseProblem(
                "No hay carpeta donde el usuario del servidor pueda trabajar.",
                "Elija en CAUDAL_HOME una carpeta a la que todos puedan pasar, como /srv/caudal.",
            )
        if place.folder.parent != self.home:
            self.say(f"La carpeta {self.home} es privada de root; los datos quedan en {place.folder}.")
        if os.name == "nt":
            place = replace(place, port=_free_port())
        places.write(self.home, place)
        account.give_if_owner(places.record(self.home))
        return place

    def _candidates(self) -> list[Path]:
        tag = places.tag(self.home)
        return [
            self.home / "postgresql",
            Path("/var/lib/caudal") / tag,
            Path(tempfile.gettempdir()) / f"caudal-data-{tag}",
        ]

    def _initialize(self, place: Place, account: Account, programs: Programs) -> None:
        """initdb in a draft folder that gets its name when whole: a power cut leaves no half cluster."""
        self.say("Creando la base de datos…")
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
            ["--locale-provider=builtin", "--locale=C.UTF-8"]
            if programs.major >= 17
            else ["--locale=C.UTF-8"]
        )
        command = [
            programs.path("initdb"),
            "-D",
            draft,
            "-U",
            SUPERUSER,
            "-E",
            "UTF8",
            *locale,
            "--data-checksums",
        ]
        command += [
            "--auth=scram-sha-256",
            f"--pwfile={password}",
            *(["--no-sync"] if self.is_throwaway else []),
        ]
        try:
            code, output = accounts.run(command, account=account)
        finally:
            password.unlink(missing_ok=True)
        if code:
            shutil.rmtree(draft, ignore_errors=True)
            raise explain(output, doing="No se pudo crear la base de datos")
        draft.rename(place.data)

    def _socket(self, place: Place, account: Account) -> Place:
        """A private folder for the socket; another one if a stranger took its name in the temporary folder."""
        if not place.host.startswith("/"):
            return place
        folder = Path(place.host)
        if not _is_private(folder, account):
            folder = folder.with_name(f"caudal-{places.tag(self.home)}-{secrets.token_hex(4)}")
            folder.mkdir(mode=0o700)
            account.give(folder)
        if len(os.fsencode(folder)) + len(f"/.s.PGSQL.{place.port}.lock") > places.SOCKET_BYTES_MAX:
            raise explain("Unix-domain socket path is too long", doing="")
        if str(folder) != place.host:
            place = replace(place, host=str(folder))
            places.write(self.home, place)
            account.give_if_owner(places.record(self.home))
        return place

    def _start(self, place: Place, account: Account, programs: Programs) -> None:
        """Start the server, or wait for one that is still waking up. Patient with the dead of the last one."""
        self._check_data(place, programs)
        deadline = time.monotonic() + RETRY_SECONDS
        while True:
            if self._pid(place) is not None:
                if processes.is_ready(place.data):
                    self._stop(place)  # it runs without its socket
                    continue
                if self._await_ready(place):
                    return
                continue
            if processes.wait_for_orphans(place.data, seconds=RETRY_SECONDS):
                processes.forget_dead(place.data, place.host)
            output = self._launch(place, account, programs)
            if output is None:
                return
            if not is_passing(output) or time.monotonic() > deadline:
                raise explain(output, doing="La base de datos no arrancó")
            time.sleep(0.5)

    def _launch(self, place: Place, account: Account, programs: Programs) -> str | None:
        """One try with pg_ctl → None, or what the server said when it failed."""
        place.settings.write_text(configuration.text(place, is_throwaway=self.is_throwaway), encoding="utf-8")
        place.settings.chmod(0o644)
        account.give_if_owner(place.settings)
        seen = _log_sizes(place.log)
        options = _shell_words(f"config_file={place.settings}")
        command = [
            programs.path("pg_ctl"),
            "start",
            "-D",
            place.data,
            "-l",
            place.log / "start.log",
            "-o",
            options,
        ]
        code, output = accounts.run([*command, "-w", "-t", str(RECOVERY_SECONDS)], account=account)
        if code == 0:
            return None
        return _log_since(place.log, seen) + output

    def _await_ready(self, place: Place) -> bool:
        """Wait for a server that another process is starting → whether it got ready (False: it died)."""
        deadline = time.monotonic() + RECOVERY_SECONDS
        while self._pid(place) is not None:
            if processes.is_ready(place.data):
                return True
            if time.monotonic() > deadline:
                raise DatabaseProblem(
                    "La base de datos lleva media hora recuperándose.", f"Revise su bitácora en {place.log}."
                )
            time.sleep(0.1)
        return False

    def _stop(self, place: Place) -> bool:
        if self._pid(place) is None:
            return False
        account = accounts.choose(self.home)
        programs = binaries.readable_by(account, self._programs(), inside=place.folder)
        command = [programs.path("pg_ctl"), "stop", "-D", place.data, "-m", "fast", "-w", "-t", "120"]
        code, output = accounts.run(command, account=account)
        if code and self._pid(place) is not None:
            raise explain(output, doing="La base de datos no se detuvo")
        return True

    def _prepare(self, place: Place, account: Account, programs: Programs) -> None:
        """Roles, passwords and the database; repeated after an update that changes them."""
        if _prepared(place):
            return
        words = json.loads(place.passwords.read_text(encoding="utf-8"))
        script = sql.ROLES + sql.set_passwords({login: words[login] for login in (OWNER, WEB)})
        script += sql.create_database(DATABASE, owner=OWNER)
        sql.execute(script, at=self.connection(role="superuser", database="postgres"), programs=programs)
        _marker(place).write_text(PREPARED)
        account.give_if_owner(_marker(place))

    def _check_data(self, place: Place, programs: Programs) -> None:
        if not place.passwords.exists():
            raise DatabaseProblem(
                f"Falta {place.passwords}, con las claves de la base de datos.",
                "Restáurelo del último respaldo.",
            )
        if _data_major(place.data) != programs.major:
            raise WrongVersion(
                f"La carpeta {place.data} no es de PostgreSQL {programs.major}.",
                "Restáurela del último respaldo.",
            )


def interactive(at: Connection, programs: Programs) -> int:
    """psql in this terminal; the system's own is preferred, it edits lines."""
    program = shutil.which("psql") or str(programs.path("psql"))
    environment = dict(os.environ) | at.libpq()
    if os.name != "nt":
        os.execve(program, [program], environment)
    return subprocess.run([program], env=environment, check=False).returncode


def as_dict(status: Status) -> dict[str, Any]:
    """For --json."""
    return asdict(status)


def _data_major(data: Path) -> int | None:
    try:
        return int((data / "PG_VERSION").read_text().strip())
    except FileNotFoundError:
        return None
    except PermissionError as problem:
        raise NotThisUsersCluster(
            f"La base de datos en {data.parent} es de otro usuario de esta computadora.",
            "Use ese mismo usuario (o root, si la creó root), o elija otra carpeta con CAUDAL_HOME.",
        ) from problem


def _marker(place: Place) -> Path:
    return place.folder / "prepared"


def _prepared(place: Place) -> bool:
    try:
        return _marker(place).read_text() == PREPARED
    except OSError:
        return False


def _make_folders(folder: Path) -> None:
    """Make a folder and its parents so that the server's user can pass, whatever the umask."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        path.chmod(0o755)


def _write_private(path: Path, text: str) -> None:
    draft = path.with_name(path.name + ".draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    os.replace(draft, path)


def _is_private(folder: Path, account: Account) -> bool:
    """Make the folder if missing → whether it is the server's own, closed to everybody else, and no link."""
    try:
        folder.mkdir(mode=0o700)
        account.give(folder)
    except FileExistsError:
        pass
    except OSError as problem:
        raise explain(str(problem), doing="No se pudo crear la carpeta del socket") from problem
    found = folder.lstat()
    owner = os.geteuid() if account.uid is None else account.uid
    return stat.S_ISDIR(found.st_mode) and found.st_uid == owner and not found.st_mode & 0o077


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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
