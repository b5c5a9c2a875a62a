"""R1: the light goes again and again while eight cashiers charge: nothing lost, nothing twice, no gap, the chain whole.

`CAUDAL_STORM_KILLS` asks for more power cuts, `CAUDAL_STORM_SEED` for the same asks again.
"""

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from tests.storms import payment_storm
from tests.storms.server_rooms import enter, office, working_at

from caudal.kernel.server import Cluster

pytestmark = [pytest.mark.server, pytest.mark.slow]

KILLS = int(os.environ.get("CAUDAL_STORM_KILLS", "40"))
SEED = int(os.environ.get("CAUDAL_STORM_SEED", str(random.SystemRandom().randrange(10**6))))
WINDOWS = 4


def test_forty_power_cuts_lose_nothing_and_take_nothing_twice(
    tmp_path: Path, django_db_blocker: Any, record_property: Callable[[str, object], None]
) -> None:
    print(f"seed {SEED}")
    with office("La Barca") as home:
        cluster = Cluster(home)
        cluster.ensure_running()
        with working_at(cluster, django_db_blocker):
            call_command("migrate", database="owner", interactive=False, verbosity=0)
            payment_storm.settle(windows=WINDOWS)
            connections.close_all()

            told = payment_storm.blow(
                cluster=cluster, kills=KILLS, seed=SEED, windows=WINDOWS, folder=tmp_path, say=print
            )

            figures = payment_storm.require_nothing_lost(told)
            record_property("storm", figures)
            print(f"{KILLS} kills: {figures}")
            assert len(told.folios) >= KILLS and told.n_resent > 0
        with enter(cluster) as session:
            durable = [
                session.execute(f"SHOW {name}").fetchone()
                for name in ("fsync", "synchronous_commit", "full_page_writes")
            ]
        assert durable == [("on",)] * 3  # what this proves counts only if nothing was made faster for it
