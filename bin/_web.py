"""The web server and the worker of long jobs, kept running until Ctrl-C or SIGTERM."""

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request

import _setup

PATIENCE_SECONDS = 20
WORKER_RESTARTS_MAX = 5
WORKER = ["-m", "caudal", "worker"]


def serve(host, port, environment):
    """Serve until told to stop; leave nothing running → exit code."""
    port = _setup.free_port(port, host)
    local = "localhost" if host in ("127.0.0.1", "0.0.0.0") else host
    environment = dict(environment, CAUDAL_HOSTS=environment.get("CAUDAL_HOSTS") or _hosts(host))
    children = []
    try:
        with _setup.signals_wait():  # a child that runs is a child we know of
            children.append(_start(_granian(host, port), environment))
            children.append(_start(WORKER, environment))
        if not _await(f"http://{local}:{port}/", children[0]):
            _setup.say("El servidor web no arrancó; el motivo está arriba.")
            return 1
        print(f"\nCaudal atiende en http://{local}:{port}/   (Ctrl-C para terminar)", flush=True)
        return _watch(children, environment)
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(children)


def _watch(children, environment):
    """Start the worker again when it falls, a few times; end when the web server falls → exit code."""
    restarts = 0
    while True:
        time.sleep(0.5)
        web, worker = children
        if web.poll() is not None:
            _setup.say(f"El servidor web se detuvo (código {web.returncode}).")
            return 1
        if worker.poll() is not None:
            restarts += 1
            if restarts > WORKER_RESTARTS_MAX:
                _setup.say("El proceso de trabajos largos no se sostiene en pie; el motivo está arriba.")
                return 1
            _setup.say("El proceso de trabajos largos se detuvo; arrancándolo otra vez…")
            time.sleep(restarts)
            with _setup.signals_wait():
                children[1] = _start(WORKER, environment)


def _hosts(host):
    """Names under which the office may ask for Caudal; a server open to the network answers to any."""
    return "localhost,127.0.0.1,[::1]" if host in ("127.0.0.1", "localhost") else "*"


def _granian(host, port):
    """One process per core, each with one thread: pages are short and Python does one thing at a time."""
    cores = 1 if _setup.IS_WINDOWS else max(2, min(os.cpu_count() or 1, 8))
    threads = 4 if _setup.IS_WINDOWS else 1
    return [
        *("-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(cores), "--blocking-threads", str(threads), "--log-level", "warning"),
        *("--respawn-failed-workers", "--workers-kill-timeout", "10", "caudal.config.wsgi:application"),
    ]


def _start(arguments, environment):
    """Start a child in a group of its own: Ctrl-C reaches this script, which then stops them in order."""
    apart = (
        {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        if _setup.IS_WINDOWS
        else {"start_new_session": True}
    )
    return subprocess.Popen([str(_setup.PYTHON), *arguments], cwd=str(_setup.ROOT), env=environment, **apart)


def _await(url, web):
    """Wait for the first answer, whatever it is → whether there was one."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and web.poll() is None:
        try:
            opener.open(url, timeout=5).close()
            return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.1)
    return False


def _stop(children):
    """Ask each to finish what it holds; after a while, insist."""
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.CTRL_BREAK_EVENT if _setup.IS_WINDOWS else signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            if _setup.IS_WINDOWS:
                child.kill()
            else:
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
