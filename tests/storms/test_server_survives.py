"""Power cuts, recycled pids, full disks, meddling: what the embedded server comes back from, losing nothing."""

import os
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import psycopg
import pytest
from tests.storms.server_rooms import enter, office, pull_the_plug

from caudal.kernel.server import Cluster, accounts, processes
from caudal.kernel.server.diagnosis import DatabaseProblem

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def la_barca():
    """A durable cluster, as an office has it."""
    with office("La Barca") as home:
        cluster = Cluster(home)
        cluster.ensure_running()
        yield cluster


def _pay_until_the_lights_go_out(cluster: Cluster, *, cashier: int, answered: list[tuple[int, int]]) -> None:
    try:
        with enter(cluster, role="owner") as session:
            for number in range(1_000_000):
                session.execute("INSERT INTO payments VALUES (%s, %s)", (cashier, number))
                answered.append((cashier, number))
    except psycopg.OperationalError:
        return


def test_every_payment_that_was_answered_survives_three_power_cuts(la_barca):
    enter(la_barca, role="owner").execute("CREATE TABLE payments (cashier int, number int)")
    answered: list[tuple[int, int]] = []
    for cut in range(3):
        cashiers = [
            threading.Thread(
                target=_pay_until_the_lights_go_out,
                args=[la_barca],
                kwargs={"cashier": c, "answered": answered},
            )
            for c in range(4 * cut, 4 * cut + 4)
        ]
        for cashier in cashiers:
            cashier.start()
        enough = len(answered) + 12
        while len(answered) < enough and any(cashier.is_alive() for cashier in cashiers):
            time.sleep(0.01)
        pull_the_plug(la_barca)
        for cashier in cashiers:
            cashier.join()

        la_barca.ensure_running()

    with enter(la_barca, role="owner") as session:
        saved = session.execute("SELECT cashier, number FROM payments").fetchall()
    assert len(answered) >= 3 * 12
    assert set(answered) <= set(saved)
    assert len(saved) == len(set(saved))
    assert len(saved) - len(answered) <= 12  # at most the one in flight of each cashier


def test_only_the_first_process_dies_and_its_children_linger(la_barca):
    pid = la_barca.status().pid
    os.kill(pid, 9)
    while processes.is_postmaster(pid, la_barca.place.data):  # the kernel takes a moment to bury it
        time.sleep(0.01)

    la_barca.ensure_running()

    assert enter(la_barca).execute("SELECT 1").fetchone() == (1,)


def test_a_pid_that_another_program_took_over_does_not_stop_the_start(la_barca):
    pull_the_plug(la_barca)
    account = accounts.choose(home=la_barca.home, data=la_barca.place.data)
    stranger = subprocess.Popen(["/bin/sleep", "60"], **account.switch())  # the server's own user
    try:
        for name in (
            la_barca.place.data / "postmaster.pid",
            Path(la_barca.place.host) / ".s.PGSQL.5432.lock",
        ):
            lines = name.read_text().split("\n")
            name.write_text("\n".join([str(stranger.pid), *lines[1:]]))
        assert not la_barca.status().is_running

        la_barca.ensure_running()

        assert la_barca.status().pid != stranger.pid
        assert stranger.poll() is None  # the stranger was left in peace
    finally:
        stranger.kill()
        stranger.wait()


def test_a_zombie_is_not_a_server(la_barca):
    pull_the_plug(la_barca)
    account = accounts.choose(home=la_barca.home, data=la_barca.place.data)
    zombie = subprocess.Popen(["/bin/true"], **account.switch())
    time.sleep(0.2)  # dead, and nobody has asked for its exit code: kill(pid, 0) still finds it
    record = la_barca.place.data / "postmaster.pid"
    record.write_text("\n".join([str(zombie.pid), *record.read_text().split("\n")[1:]]))

    la_barca.ensure_running()

    assert la_barca.status().is_running
    zombie.wait()


def test_an_emptied_temporary_folder_is_mended(la_barca):
    shutil.rmtree(la_barca.place.host)

    la_barca.ensure_running()

    assert enter(la_barca).execute("SELECT 1").fetchone() == (1,)


def test_a_stranger_who_took_the_sockets_name_gets_nothing(la_barca):
    la_barca.stop()
    taken = Path(la_barca.place.host)
    taken.mkdir()
    taken.chmod(0o777)

    la_barca.ensure_running()

    assert la_barca.place.host != str(taken)
    assert list(taken.iterdir()) == []
    assert enter(Cluster(la_barca.home)).execute("SELECT 1").fetchone() == (1,)
    taken.rmdir()


def test_a_start_killed_before_the_roles_were_made_is_finished_by_the_next(la_barca):
    pid = la_barca.status().pid
    (la_barca.place.folder / "prepared").unlink()

    la_barca.ensure_running()

    assert la_barca.status().pid == pid
    assert enter(la_barca).execute("SELECT 1").fetchone() == (1,)


def test_an_initdb_cut_in_half_is_begun_again():
    with office("Degollado") as home:
        half = Cluster(home).place.folder / "data.new"
        (half / "base").mkdir(parents=True)
        (half / "PG_VERSION").write_text("18\n")

        cluster = Cluster(home, is_throwaway=True)
        cluster.ensure_running()

        assert not half.exists()
        assert enter(cluster).execute("SELECT 1").fetchone() == (1,)


def test_lost_passwords_are_not_made_up():
    with office("Ayotlán") as home:
        cluster = Cluster(home, is_throwaway=True)
        cluster.ensure_running()
        cluster.stop()
        cluster.place.passwords.unlink()

        with pytest.raises(
            DatabaseProblem, match="passwords.json, con las claves .* Restáurelo del último respaldo"
        ):
            cluster.ensure_running()

        assert not cluster.status().is_running


@pytest.fixture
def small_disk():
    """A disk of 30 MB, where a new cluster does not fit."""
    folder = Path(tempfile.mkdtemp(prefix="caudal-disk-"))
    folder.chmod(0o755)
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=30m,mode=755", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if not mounted or mounted.returncode:
        folder.rmdir()
        pytest.skip("only root can mount a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)
    folder.rmdir()


def test_a_full_disk_is_named_and_nothing_half_made_stays(small_disk):
    cluster = Cluster(small_disk / "var", is_throwaway=True)

    with pytest.raises(DatabaseProblem, match="El disco de la base de datos está lleno. Libere espacio"):
        cluster.ensure_running()

    assert not cluster.place.data.exists()
    assert not (cluster.place.folder / "data.new").exists()
    assert processes.orphans(cluster.place.data) == []

    subprocess.run(["mount", "-o", "remount,size=200m", str(small_disk)], check=True)
    cluster.ensure_running()
    assert enter(cluster).execute("SELECT 1").fetchone() == (1,)
    cluster.stop()
