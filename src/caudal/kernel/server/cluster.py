"""The embedded server of one installation: made once, started when needed, stopped on request."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from caudal.kernel.server import accounts, binaries, configuration, making, places, processes, sql
from caudal.kernel.server.accounts import Account
from caudal.kernel.server.binaries import Programs
from caudal.kernel.server.connections import DATABASE, OWNER, WEB, Connection
from caudal.kernel.server.diagnosis import DatabaseProblem, WrongVersion, explain, is_passing
from caudal.kernel.server.locking import only_one
from caudal.kernel.server.places import Place

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
        login = making.LOGINS[role]
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
        making.make_home(self.home)
        with only_one(self.home / "postgresql.lock"):
            if self._is_usable():
                return
            account = accounts.choose(self.home)
            place = making.settle(self.home, account=account, say=self.say)
            programs = binaries.choose(data_major=_data_major(place.data), debian=self.debian)
            programs = binaries.readable_by(account, programs, inside=place.folder)
            if not place.data.exists():
                self.say("Creando la base de datos…")
                making.initialize(place, account=account, programs=programs, is_throwaway=self.is_throwaway)
            place = making.open_socket(self.home, place, account=account)
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
        command: list[str | Path] = [
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
        command: list[str | Path] = [
            programs.path("pg_ctl"),
            "stop",
            "-D",
            place.data,
            "-m",
            "fast",
            "-w",
            "-t",
            "120",
        ]
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
