"""What PostgreSQL complains about, told to a clerk: what happened and what to do."""

import re

from caudal.kernel.refusals import Refusal


class DatabaseProblem(Refusal):
    """The database cannot be started, reached or used."""


class WrongVersion(DatabaseProblem):
    """A PostgreSQL that Caudal does not work with, or data written by another major version."""


# (what PostgreSQL says, in English or in a Spanish server's words; what happened; what to do)
COMPLAINTS: list[tuple[str, str, str]] = [
    (
        r"No space left on device|disk full|No queda espacio|could not extend file|could not resize shared memory",
        "El disco de la base de datos está lleno.",
        "Libere espacio y repita la orden; lo ya guardado está a salvo.",
    ),
    (
        r"password authentication failed|no password supplied|autenti(fi)?caci[oó]n.*fall",
        "PostgreSQL no aceptó el usuario o la clave.",
        "Revise DATABASE_URL, o pida claves nuevas con `caudal db prepare --renew-passwords`.",
    ),
    (
        r"no pg_hba\.conf entry|no hay una l[ií]nea en pg_hba",
        "El servidor de PostgreSQL no admite conexiones desde esta máquina.",
        "Pida a quien lo administra que agregue esta máquina y este usuario a pg_hba.conf.",
    ),
    (
        r'database "[^"]*" does not exist|no existe la base de datos',
        "La base de datos no existe en ese servidor.",
        "Créela con `caudal db prepare` o corrija el nombre en DATABASE_URL.",
    ),
    (
        r'role "[^"]*" does not exist|no existe el rol',
        "El usuario no existe en ese servidor.",
        "Créelo con `caudal db prepare` o corrija el usuario en DATABASE_URL.",
    ),
    (
        r"could not translate host name|Name or service not known",
        "No se encuentra el servidor de la base de datos.",
        "Revise el nombre del servidor en DATABASE_URL y que la red funcione.",
    ),
    (
        r"too many clients|remaining connection slots|demasiados clientes",
        "El servidor de la base de datos no acepta más conexiones.",
        "Cierre programas que no use, o suba max_connections.",
    ),
    (
        r"timeout expired|No route to host|Network is unreachable|Connection timed out",
        "El servidor de la base de datos no contesta.",
        "Revise que esté encendido y que la red y el cortafuegos dejen pasar.",
    ),
    (
        r"Connection refused|on socket .*No such file or directory|server closed the connection",
        "La base de datos está apagada.",
        "Enciéndala (`caudal db start` si es la de Caudal) y repita la orden.",
    ),
    (
        r"Unix-domain socket path .* is too long",
        "La ruta del socket de la base de datos es demasiado larga.",
        "Ponga en TMPDIR una carpeta de ruta corta, como /tmp.",
    ),
    (
        r"Address already in use|could not bind",
        "Otro programa ocupa la dirección de la base de datos.",
        "Cierre ese programa y repita la orden.",
    ),
    (
        r"lock file .* already exists|pre-existing shared memory block",
        "Quedan procesos de la base de datos de antes que no terminan.",
        "Espere un minuto y repita la orden; si sigue igual, reinicie la computadora.",
    ),
    (
        r"permission denied to create (database|role)|se ha denegado el permiso para crear",
        "El usuario no tiene permiso para crear bases de datos o usuarios.",
        "Use un usuario con ese permiso (CREATEDB para las migraciones, superusuario para `db prepare`).",
    ),
    (
        r"Permission denied|permission denied|Permiso denegado",
        "El usuario no tiene permiso para entrar a la carpeta o a la base de datos.",
        "Trabaje con el mismo usuario que la creó, o elija otra carpeta con CAUDAL_HOME.",
    ),
    (
        r"invalid (primary )?checkpoint|page verification failed|invalid page|locate a valid checkpoint record|not a (database cluster|valid data) directory",
        "Los archivos de la base de datos están dañados.",
        "No los toque: haga una copia de la carpeta y restaure el último respaldo.",
    ),
    (
        r"could not map anonymous shared memory|Cannot allocate memory|out of memory",
        "No alcanza la memoria para la base de datos.",
        "Cierre otros programas y repita la orden.",
    ),
]


def explain(output: str, *, doing: str) -> DatabaseProblem:
    """The refusal for what a PostgreSQL program printed; `doing` begins the sentence when it is not known."""
    for pattern, what, remedy in COMPLAINTS:
        if re.search(pattern, output, re.IGNORECASE):
            return DatabaseProblem(what, remedy)
    told = [line for line in output.splitlines() if re.search(r"FATAL|PANIC|ERROR|error:", line)]
    last = (told or output.strip().splitlines() or ["sin mensaje"])[-1].strip()
    return DatabaseProblem(
        f"{doing} y PostgreSQL contestó: {last}.", "Si no sabe qué hacer, guarde este mensaje para soporte."
    )


def is_passing(output: str) -> bool:
    """Whether waiting a moment is enough: dead processes not yet gone, or a server still waking up."""
    return bool(
        re.search(
            r"lock file .* already exists|pre-existing shared memory block|system is (starting up|in recovery|shutting)"
            r"|not yet accepting connections",
            output,
        )
    )
