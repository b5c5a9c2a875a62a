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

from caudal.kernel.server import accounts, binaries, launching, making, places, processes, sql
from caudal.kernel.server.accounts import Account
from caudal.kernel.server.binaries import Programs
from caudal.kernel.server.connections import DATABASE, OWNER, WEB, Connection
from caudal.kernel.server.diagnosis import DatabaseProblem, explain, is_passing
from caudal.kernel.server.locking import only_one
from caudal.kernel.server.places import Place

RETRY_SECONDS = 20
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
    def lock(self) -> Path:
        """Held by the one process that makes, starts or stops the server."""
        return self.home / "postgresql.lock"

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
        with only_one(self.lock):
            if self._is_usable():
                return
            account = accounts.choose(home=self.home, data=self.place.data)
            account.give_if_owner(self.lock)
            place = making.settle(self.home, account=account, say=self.say)
            programs = binaries.choose(data_major=_data_major(place.data), debian=self.debian)
            programs = binaries.readable_by(account, programs, inside=place.folder)
            self._check_data(place)
            if not place.data.exists():
                self.say("Creando la base de datos…")
                making.initialize(place, account=account, programs=programs, is_throwaway=self.is_throwaway)
            if not _has_socket(place):
                self._stop(
                    place
                )  # somebody emptied the temporary folder: the server must open its socket again
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
        with only_one(self.lock):
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
        return _has_socket(place) and _prepared(place)

    def _not_mine(self, place: Place) -> NotThisUsersCluster:
        return NotThisUsersCluster(
            f"La base de datos en {place.folder} es de otro usuario de esta computadora.",
            "Use ese mismo usuario (o root, si la creó root), o elija otra carpeta con CAUDAL_HOME.",
        )

    def _start(self, place: Place, account: Account, programs: Programs) -> None:
        """Start the server, or wait for one that is still waking up. Patient with the dead of the last one."""
        deadline = time.monotonic() + RETRY_SECONDS
        while not self._await_ready(place):
            if processes.wait_for_orphans(place.data, seconds=RETRY_SECONDS):
                processes.forget_dead(place.data, place.host)
            output = launching.launch(
                place, account=account, programs=programs, is_throwaway=self.is_throwaway, say=self.say
            )
            if output is None:
                return
            if not is_passing(output) or time.monotonic() > deadline:
                raise explain(output, doing="La base de datos no arrancó")
            time.sleep(0.5)

    def _await_ready(self, place: Place) -> bool:
        """Wait for a server that is starting by itself → whether there is one and it got ready."""
        deadline = time.monotonic() + launching.RECOVERY_SECONDS
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
        account = accounts.choose(home=self.home, data=place.data)
        programs = binaries.readable_by(account, self._programs(), inside=place.folder)
        output = launching.halt(place, account=account, programs=programs)
        if self._pid(place) is not None:
            raise explain(output, doing="La base de datos no se detuvo")
        making.close_socket(place)
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

    def _check_data(self, place: Place) -> None:
        """Never make an empty database where there was one: a disk that is not mounted looks just so."""
        if _prepared(place) and not place.data.exists():
            raise DatabaseProblem(
                f"Falta la carpeta {place.data}, donde estaba la base de datos.",
                f"Conecte su disco o restaure el último respaldo; para empezar de cero, borre {place.folder}.",
            )
        if place.data.exists() and not place.passwords.exists():
            raise DatabaseProblem(
                f"Falta {place.passwords}, con las claves de la base de datos.",
                "Restáurelo del último respaldo.",
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
    except (FileNotFoundError, NotADirectoryError):
        return None
    except PermissionError as problem:
        raise NotThisUsersCluster(
            f"La base de datos en {data.parent} es de otro usuario de esta computadora.",
            "Use ese mismo usuario (o root, si la creó root), o elija otra carpeta con CAUDAL_HOME.",
        ) from problem


def _marker(place: Place) -> Path:
    return place.folder / "prepared"


def _has_socket(place: Place) -> bool:
    """Whether the door of a running server is there (a network port always is)."""
    return not place.host.startswith("/") or Path(place.host, f".s.PGSQL.{place.port}").exists()


def _prepared(place: Place) -> bool:
    try:
        return _marker(place).read_text() == PREPARED
    except OSError:
        return False
