"""bin/demo, bin/test, bin/serve: what they rely on, and that they leave nothing behind."""

import ast
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / "bin"
SCRIPTS = ["demo", "serve", "test"]
sys.path.insert(0, str(BIN))

import _setup  # noqa: E402 - the scripts are no package
import _web  # noqa: E402


@pytest.mark.parametrize("name", [*SCRIPTS, "_setup.py", "_web.py"])
def test_a_script_needs_nothing_installed_and_an_old_python_can_read_it(name):
    tree = ast.parse((BIN / name).read_text(), feature_version=(3, 6))

    wanted = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    wanted |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in wanted} - {"_setup", "_web"} <= sys.stdlib_module_names


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_started_by_name(name):
    assert (BIN / name).read_text().startswith("#!/usr/bin/env python3\n")
    assert stat.S_IMODE((BIN / name).stat().st_mode) & 0o111


def test_continuous_integration_calls_bin_test_and_nothing_else():
    lines = [
        line
        for line in (ROOT / ".ci" / "run").read_text().splitlines()
        if not line.startswith(("#", "set", "cd"))
    ]

    assert lines == ['exec python3 bin/test "$@"']


@pytest.mark.parametrize("name", ["run", "dev"])
def test_every_package_is_pinned_with_its_hash_and_comes_from_no_named_place(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    packages = re.split(r"\n(?=\S)", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).strip())

    assert len(packages) > 20
    assert [
        p for p in packages if not re.match(r"[\w.-]+==\S+.*?--hash=sha256:[0-9a-f]{64}", p, re.DOTALL)
    ] == []
    assert "http" not in text
    assert "file:" not in text


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout with two short lists and no environment yet."""
    (tmp_path / "requirements").mkdir()
    for name in ("run", "dev"):
        (tmp_path / "requirements" / f"{name}.txt").write_text(f"# {name}\n")
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    monkeypatch.setattr(_setup, "ROOT", tmp_path)
    monkeypatch.setattr(_setup, "VENV", venv)
    monkeypatch.setattr(_setup, "PYTHON", venv / "bin" / "python")
    return tmp_path


def _mark(name):
    _setup._mark(name).write_text(_setup._fingerprint(name))


def test_an_environment_without_its_python_does_not_count(checkout):
    _mark("run")
    _setup.PYTHON.symlink_to("/usr/bin/python-that-was-removed")

    assert not _setup._is_installed("run")


def test_the_list_for_development_serves_for_running_and_not_the_other_way_round(checkout, monkeypatch):
    monkeypatch.setattr(_setup, "_works", lambda: True)
    _mark("dev")
    assert _setup._is_installed("run")

    _setup._mark("dev").unlink()
    _mark("run")
    assert not _setup._is_installed("dev")


def test_a_changed_list_is_installed_again(checkout, monkeypatch):
    monkeypatch.setattr(_setup, "_works", lambda: True)
    _mark("run")
    assert _setup._is_installed("run")

    (checkout / "requirements" / "run.txt").write_text("# another\n")

    assert not _setup._is_installed("run")


def test_an_installation_that_was_killed_is_begun_from_scratch(checkout, monkeypatch):
    done: list[str] = []
    monkeypatch.setattr(_setup, "_works", lambda: True)
    monkeypatch.setattr(_setup, "_make", lambda: done.append("make"))
    monkeypatch.setattr(_setup, "_make_command", lambda: done.append("command"))
    monkeypatch.setattr(_setup.subprocess, "call", lambda *_, **__: done.append("pip") or 0)
    _setup._unfinished().touch()

    _setup.ensure_environment("run")
    _setup.ensure_environment("run")

    assert done == ["make", "pip", "command"]
    assert not _setup._unfinished().exists()


def test_a_folder_of_somebody_else_is_named(checkout, monkeypatch, capsys):
    monkeypatch.setattr(os, "access", lambda *_: False)

    with pytest.raises(SystemExit) as leaving:
        _setup.ensure_environment("run")

    assert leaving.value.code == 2
    assert capsys.readouterr().err.startswith(
        f"No se puede escribir en {checkout}: trabaje con el usuario dueño"
    )


def test_a_taken_port_gives_way_to_the_next_free_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert _setup.free_port(port, "127.0.0.1") > port


def test_only_a_server_open_to_the_network_answers_to_any_name():
    assert _web._hosts("127.0.0.1") == "localhost,127.0.0.1,[::1]"
    assert _web._hosts("0.0.0.0") == "*"


SERVE = """
import os, sys
sys.path.insert(0, {bin!r})
import _setup, _web
_setup.PYTHON = sys.executable
_setup.turn_signals_into_exit()
_web._granian = lambda host, port: ["-m", "http.server", str(port), "--bind", host, "--directory", {folder!r}]
_web.WORKER = ["-c", {worker!r}]
sys.exit(_web.serve("127.0.0.1", {port}, dict(os.environ)))
"""
WORKER = """
import os, pathlib, time
page = pathlib.Path("{folder}") / ("worker-" + str(os.getpid()))
page.touch()
time.sleep(60 if len(list(page.parent.glob("worker-*"))) > 1 else 0.1)
"""


def test_serving_mends_the_worker_and_leaves_nothing_running(tmp_path):
    worker = WORKER.format(folder=tmp_path)
    port = _setup.free_port(18_000, "127.0.0.1")
    script = SERVE.format(bin=str(BIN), folder=str(tmp_path), worker=worker, port=port)
    serving = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )
    deadline = time.monotonic() + 30
    while len(list(tmp_path.glob("worker-*"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)

    serving.send_signal(signal.SIGTERM)
    told, complained = serving.communicate(timeout=30)

    assert serving.returncode == 128 + signal.SIGTERM
    assert (
        told.splitlines()[-1] + "\n"
        == f"Caudal atiende en http://localhost:{port}/   (Ctrl-C para terminar)\n"
    )
    assert "El proceso de trabajos largos se detuvo; arrancándolo otra vez…" in complained
    workers = [int(path.name.split("-")[1]) for path in tmp_path.glob("worker-*")]
    assert len(workers) == 2
    assert [pid for pid in workers if Path(f"/proc/{pid}").exists()] == []
    assert _setup.free_port(port, "127.0.0.1") == port


def test_a_signal_waits_for_the_child_that_is_being_born():
    story = (
        f"import os, signal, sys\nsys.path.insert(0, {str(BIN)!r})\nimport _setup\n"
        "_setup.turn_signals_into_exit()\n"
        "with _setup.signals_wait():\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    print('the child is written down', flush=True)\n"
        "print('never said', flush=True)\n"
    )

    ended = subprocess.run(
        [sys.executable, "-c", story], capture_output=True, text=True, timeout=60, check=False
    )

    assert ended.stdout == "the child is written down\n"
    assert ended.returncode == 128 + signal.SIGTERM
