"""What the notices brought: by stage and by age of the debt, and what the next one may bring."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from caudal.dunning import loading, policy
from caudal.dunning.loading import Recovered
from caudal.dunning.models import DunningLadder, DunningStage
from caudal.dunning.policy import BUCKETS, PPM


@dataclass(frozen=True, slots=True)
class StageRecovery:
    """What the notices of a stage that were served brought within 30 and 90 days (centavos)."""

    code: str
    name: str
    n_served: int
    asked_cents: int
    within_30_cents: int
    within_90_cents: int

    @property
    def within_30_ppm(self) -> int:
        return self.within_30_cents * PPM // self.asked_cents if self.asked_cents else 0

    @property
    def within_90_ppm(self) -> int:
        return self.within_90_cents * PPM // self.asked_cents if self.asked_cents else 0


def recovered_by_stage(*, on: date) -> list[StageRecovery]:
    """What each stage brought, up to a day; those that served nothing are not there.

    A payment counts for the last notice served before it, and never more than that notice asked for.
    """
    found = loading.recovered(on=on)
    told = []
    for code, name in DunningStage.Code.choices:
        mine = [each for each in found if each.stage == code]
        if mine:
            told.append(_sum(str(code), str(name), mine))
    return told


def recovered_by_batch(*, on: date) -> dict[int, StageRecovery]:
    """What the served notices of each batch brought, up to a day, by batch."""
    found = loading.recovered(on=on)
    return {
        batch: _sum("", "", [each for each in found if each.batch_id == batch])
        for batch in {each.batch_id for each in found}
    }


def rates(*, ladder: DunningLadder, on: date, stage: str = "") -> tuple[int, ...]:
    """Of each peso notified, the parts per million that come back within 90 days, by bucket of age.

    From the notices of a stage (of any, if none is said) whose 90 days have passed; while they are few, what the
    ladder assumes.
    """
    ripe = [
        each for each in loading.recovered(on=on)
        if (on - each.served_on).days >= policy.RECOVERY_DAYS[1] and stage in ("", each.stage)
    ]  # fmt: skip
    buckets = policy.bucket_of(age_days=np.array([each.age_days for each in ripe], dtype=np.int64)).tolist()
    notified = []
    for bucket in range(len(BUCKETS)):
        mine = [each for each, place in zip(ripe, buckets, strict=True) if place == bucket]
        notified.append(
            (len(mine), sum(each.total_cents for each in mine), sum(each.within_90_cents for each in mine))
        )
    return policy.recovery_rates(notified=notified, assumed_ppm=ladder.assumed_recovery_ppm)


def _sum(code: str, name: str, mine: list[Recovered]) -> StageRecovery:
    return StageRecovery(
        code, name, len(mine), sum(each.total_cents for each in mine),
        sum(each.within_30_cents for each in mine), sum(each.within_90_cents for each in mine),
    )  # fmt: skip
