"""The server's settings, written at every start so that an update of Caudal reaches old clusters too."""

import os
from pathlib import Path

from caudal.kernel.server.places import Place

MEGABYTE = 1024 * 1024
MAX_CONNECTIONS = 100

# A printed receipt is an act that cannot be taken back: what was answered as saved must survive anything.
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
# For a cluster that is thrown away within the hour (tests), where a crash costs nothing.
THROWAWAY = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum_naptime": "10min",
}


def text(place: Place, *, is_throwaway: bool) -> str:
    """The whole of caudal.conf: what initdb found out about the machine, then what Caudal decides."""
    memory = _memory_bytes() // MEGABYTE
    shared = min(max(memory // 8, 128), 2048)
    is_socket = place.host.startswith("/")
    settings = {
        "listen_addresses": "" if is_socket else place.host,
        "unix_socket_directories": f'"{place.host}"' if is_socket else "",
        "unix_socket_permissions": "0700",
        "port": str(place.port),
        "max_connections": str(MAX_CONNECTIONS),
        "shared_buffers": f"{shared}MB",
        "effective_cache_size": f"{max(memory // 2, 256)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{min(max(memory // 16, 64), 512)}MB",
        "max_wal_size": "4GB",
        "min_wal_size": "256MB",
        "checkpoint_timeout": "15min",
        "wal_compression": "on",
        "random_page_cost": "1.1",
        "jit": "off",
        "password_encryption": "scram-sha-256",
        "lc_messages": "C",
        "logging_collector": "on",
        "log_directory": str(place.log),
        "log_filename": "server-%a.log",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_line_prefix": "%m [%p] %q%u@%d ",
        "log_lock_waits": "on",
    }
    settings |= THROWAWAY if is_throwaway else DURABLE
    lines = [f"include {quoted(str(place.data / 'postgresql.conf'))}"]
    lines += [f"{name} = {quoted(value)}" for name, value in settings.items()]
    return "\n".join(lines) + "\n"


def quoted(value: str) -> str:
    """A value of postgresql.conf; Windows paths are written with forward slashes."""
    return "'" + (value.replace("\\", "/") if os.name == "nt" else value).replace("'", "''") + "'"


def _memory_bytes() -> int:
    """Memory that this machine, or the container it is in, may use."""
    if os.name == "nt":
        return 2048 * MEGABYTE
    found = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for limit in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            found = min(found, int(Path(limit).read_text()))
        except (OSError, ValueError):
            continue
    return found
