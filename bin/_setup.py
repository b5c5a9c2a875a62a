"""What every script of bin/ needs first: the virtual environment with its packages, and the database.

Standard library only, and syntax that Python 3.6 still reads: it may be the one that is found first.
"""

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

sys.dont_write_bytecode = True

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
IS_WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if IS_WINDOWS else "bin/python")
OLDEST = (3, 11)
REFUSED = 2


def say(line):
    """One short line about what goes on; results go to standard output, this does not."""
    print("· " + line, file=sys.stderr, flush=True)


def give_up(line):
    """Stop with what happened and what to do."""
    print(line, file=sys.stderr, flush=True)
    sys.exit(REFUSED)


def require_python():
    """Go on under Python 3.11 or newer: this one, or another that is on the PATH."""
    if sys.version_info >= OLDEST:
        return
    for minor in range(20, OLDEST[1] - 1, -1):
        other = shutil.which(f"python3.{minor}")
        if other:
            sys.exit(subprocess.call([other, *sys.argv]))
    give_up("Caudal necesita Python {}.{} o más nuevo: instálelo y repita la orden.".format(*OLDEST))


# -- the virtual environment


def ensure_environment(requirements):
    """Make or mend .venv and install requirements/<name>.txt into it; nothing to do when nothing changed."""
    if _is_installed(requirements):
        return
    if not os.access(str(ROOT), os.W_OK) or (VENV.exists() and not os.access(str(VENV), os.W_OK)):
        give_up(
            f"No se puede escribir en {ROOT}: trabaje con el usuario dueño de esa carpeta, o copie Caudal a una suya."
        )
    with _only_one(ROOT / ".venv.lock"):
        if _is_installed(requirements):
            return
        if not _works() or _unfinished().exists():
            _make()
        _install(requirements)
        _make_command()
        _mark(requirements).write_text(_fingerprint(requirements))


def _fingerprint(requirements):
    """What .venv was made from: another list, or a checkout that moved, means installing again."""
    digest = hashlib.sha256(str(ROOT).encode())
    digest.update((ROOT / "requirements" / (requirements + ".txt")).read_bytes())
    return digest.hexdigest()


def _mark(requirements):
    return VENV / (".installed-" + requirements)


def _is_installed(requirements):
    """Whether .venv holds the list as it is today; the list for development contains the one for running."""
    lists = ["run", "dev"] if requirements == "run" else [requirements]
    return any(_read(_mark(name)) == _fingerprint(name) for name in lists) and _works()


def _read(path):
    try:
        return path.read_text()
    except OSError:
        return None


def _works():
    """Whether .venv has a Python that is new enough and a pip: a moved or half-made one has not."""
    check = f"import sys, pip; sys.exit(sys.version_info < {OLDEST})"
    try:
        return (
            subprocess.call(
                [str(PYTHON), "-I", "-c", check], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            == 0
        )
    except OSError:
        return False


def _make():
    say("Creando el entorno de Python en .venv…")
    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()
    result = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=_environment(),
        check=False,
    )
    if result.returncode or not _works():
        shutil.rmtree(str(VENV), ignore_errors=True)
        print(result.stdout.decode(errors="replace").strip(), file=sys.stderr)
        give_up(
            "No se pudo crear .venv. En Debian o Ubuntu instale el módulo que falta: apt-get install python3-venv"
        )


def _unfinished():
    """Stands while pip works: a pip that was killed leaves packages that look whole and are not."""
    return VENV / ".installing"


def _install(requirements):
    say(f"Instalando los paquetes de requirements/{requirements}.txt (una sola vez, unos minutos)…")
    for mark in VENV.glob(".installed-*"):
        mark.unlink()
    _unfinished().touch()
    log = VENV / "install.log"
    command = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--no-input", "--quiet"]
    command += ["-r", str(ROOT / "requirements" / (requirements + ".txt"))]
    with log.open("wb") as output:
        code = subprocess.call(
            command, stdout=output, stderr=subprocess.STDOUT, env=_environment(), cwd=str(ROOT)
        )
    _unfinished().unlink()
    if code:
        lines = log.read_text(errors="replace").strip().splitlines()
        print("\n".join(lines[-15:]), file=sys.stderr)
        give_up(
            f"No se pudieron instalar los paquetes: revise la red y el espacio en disco ({log}). Si sigue igual, borre .venv."
        )


def _make_command():
    """`caudal` inside .venv, and `import caudal` for its Python: the package stays in src/."""
    site = subprocess.check_output(
        [str(PYTHON), "-I", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    ).decode()
    (Path(site.strip()) / "caudal.pth").write_text(str(ROOT / "src") + "\n", encoding="utf-8")
    if IS_WINDOWS:
        (PYTHON.parent / "caudal.cmd").write_text('@"%~dp0python.exe" -m caudal %*\n')
    else:
        command = PYTHON.parent / "caudal"
        command.write_text('#!/bin/sh\nexec "$(dirname "$(readlink -f "$0")")/python" -m caudal "$@"\n')
        command.chmod(0o755)


def _environment():
    """The environment for pip and venv, without what would send packages elsewhere."""
    kept = {name: value for name, value in os.environ.items() if name not in UNWANTED}
    return dict(kept, PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_USER="0", PYTHONNOUSERSITE="1")


UNWANTED = {
    "PYTHONHOME",
    "PYTHONPATH",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_REQUIRE_VIRTUALENV",
    "__PYVENV_LAUNCHER__",
}


@contextmanager
def _only_one(path):
    """Two scripts at once must not fill the same .venv; the system frees the lock of a killed one."""
    with path.open("w") as handle:
        told = False
        while not _try_lock(handle):
            if not told:
                say("Otro programa prepara el entorno; esperando…")
            told = True
            time.sleep(0.5)
        yield
    # the file stays: removing it would let a third process lock another one of the same name


def _try_lock(handle):
    try:
        if IS_WINDOWS:
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


# -- running Caudal


def caudal_environment(**extra):
    """The environment in which Caudal runs from this checkout."""
    kept = {name: value for name, value in os.environ.items() if name not in UNWANTED}
    return dict(kept, PYTHONPATH=str(ROOT / "src"), PYTHONUNBUFFERED="1", PYTHONUTF8="1", **extra)


def run(*arguments, **options):
    """Run a module of .venv to its end, in the checkout → exit code."""
    return subprocess.call([str(PYTHON), "-m", *arguments], cwd=str(ROOT), **options)


def start_database(environment, *options):
    """Start the database or stop here: the launcher has already said why."""
    code = run("caudal.kernel.server", "start", *options, env=environment, stdout=subprocess.DEVNULL)
    if code:
        sys.exit(code)


def free_port(wanted, host):
    """The wanted port, or the next one that nobody uses."""
    for port in range(wanted, min(wanted + 100, 65536)):
        with socket.socket() as probe:
            if not IS_WINDOWS:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
                return port
            except OSError:
                continue
    return give_up(f"No hay puerto libre entre {wanted} y {wanted + 99}: elija otro con --port.")


def turn_signals_into_exit():
    """SIGTERM and a closed terminal end a script as Ctrl-C does: through its `finally`."""

    def leave(number, _frame):
        raise SystemExit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), leave)


@contextmanager
def signals_wait():
    """Let what is inside happen whole: a signal that asks to end is heard when it is over, not in the middle."""
    heard = []
    before = {}
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            number = getattr(signal, name)
            before[number] = signal.signal(number, lambda number, _frame: heard.append(number))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for number in heard[:1]:
        signal.raise_signal(number)
