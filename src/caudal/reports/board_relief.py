"""What helps who owes, as the board tells it: the cost of campaigns, what was forgiven, how far agreements live."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from caudal.access import queries as access
from caudal.arrangements import queries as arrangements
from caudal.reports import measuring
from caudal.reports.figures import Figure, Named, figure, narrowed
from caudal.reports.measuring import Measure
from caudal.rules.periods import Period

# agreements older than this say little of those signed today
AGREEMENTS_DAYS: Final = 730
FORGIVEN: Final = Measure("forgiven", of="amount_cents")
SIGNED: Final = Measure("arrangements")
PAYMENTS: Final = Measure("arrangement_payments")
# which of its payments each count of the survival takes: a column of their list and its value
FATES: Final = {
    "reached": ("has_arrived", "yes"), "on_time": ("fate", "on_time"), "paid_late": ("fate", "paid_late"),
    "late": ("fate", "late"), "broke": ("fate", "broke"), "stands": ("stands", "yes"),
}  # fmt: skip
# how an agreement is, in the order in which people ask
STATES: Final = (("live", "Vigentes"), ("finished", "Cumplidos"), ("defaulted", "Incumplidos"))
CAMPAIGN_PARTS: Final = ("owed_cents", "reduced_cents", "collected_cents")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one campaign took: owed = reduced + collected. What is of all of them has no code."""

    code: str
    name: str
    owed: Figure
    reduced: Figure
    collected: Figure


def campaign_costs(*, today: date) -> tuple[Cost, ...]:
    """What each campaign took this year: what was owed, what was reduced, what came in."""
    since, until = date(today.year, 1, 1), today + timedelta(days=1)
    sums: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for part in CAMPAIGN_PARTS:
        measure = Measure("campaign_money", of=part)
        for (code, name), cents in measuring.by_values(
            measure=measure, columns=("campaign", "campaign_name"), since=since, until=until
        ):
            sums[code, name][part] = cents
    return tuple(
        Cost(
            code,
            name,
            *(
                figure(
                    narrowed(Measure("campaign_money", of=part), "campaign", code),
                    parts.get(part, 0),
                    since,
                    until,
                )
                for part in CAMPAIGN_PARTS
            ),
        )
        for (code, name), parts in sums.items()
        if any(parts.values())
    )


def campaigns_whole(*, costs: Sequence[Cost], today: date) -> Cost | None:
    """The campaigns of the year together; None if there is none."""
    if not costs:
        return None
    since, until = date(today.year, 1, 1), today + timedelta(days=1)
    owed, reduced, collected = (
        figure(
            Measure("campaign_money", of=f"{part}_cents"),
            sum(getattr(each, part).value for each in costs), since, until,
        )
        for part in ("owed", "reduced", "collected")
    )  # fmt: skip
    return Cost("", "Todas", owed, reduced, collected)


def reductions_by_clerk(*, today: date) -> tuple[Named, ...]:
    """What each person forgave this month, the most first."""
    first, until = Period.of(today).first_day, today + timedelta(days=1)
    found = measuring.by_values(measure=FORGIVEN, columns=("clerk",), since=first, until=until)
    names = access.names_of(usernames={clerk for (clerk,), _ in found}) if found else {}
    return tuple(
        Named(names.get(clerk, clerk), figure(narrowed(FORGIVEN, "clerk", clerk), cents, first, until))
        for (clerk,), cents in found
        if cents
    )


@dataclass(frozen=True, slots=True)
class Reached:
    """What became of one payment of the agreements; number 0 is the down payment.

    `reached` = on time + paid late + late + broke there. `kept_ppm` is the share, of all the agreements that came to
    it or broke before, that did not break up to it (`stands`).
    """

    number: int
    reached: Figure
    on_time: Figure
    paid_late: Figure
    late: Figure
    broke: Figure
    stands: Figure
    decided: int
    kept_ppm: int

    @property
    def percent(self) -> int:
        """`kept_ppm` in whole percent, half up."""
        return (self.kept_ppm + 5_000) // 10_000


@dataclass(frozen=True, slots=True)
class Agreements:
    """The agreements signed in the last two years: how they are, and how far they live."""

    states: tuple[Named, ...]
    payments: tuple[Reached, ...]


def survival(*, today: date) -> Agreements:
    """How the agreements of the last two years are, and how many make it to each payment that some came to."""
    since, until = today - timedelta(days=AGREEMENTS_DAYS), today + timedelta(days=1)
    signed = dict(measuring.by_values(measure=SIGNED, columns=("state",), since=since, until=until))
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for (number, fate), n in measuring.by_values(
        measure=PAYMENTS, columns=("number", "fate"), since=since, until=until
    ):
        counts[number][fate] = n
    return Agreements(
        tuple(
            Named(words, figure(narrowed(SIGNED, "state", code), signed.get((code,), 0), since, until))
            for code, words in STATES
        ),
        tuple(
            row
            for number in sorted(counts)
            if (row := _reached(number, counts[number], since, until)).reached.value
        ),
    )


def _reached(number: int, fates: Counter[str], since: date, until: date) -> Reached:
    """The counts of one payment, each with the rows that it counts."""
    stands = fates["on_time"] + fates["paid_late"] + fates["late"]
    broken = fates["broke"] + fates["broke_before"]
    sums = {**fates, "reached": stands + fates["broke"], "stands": stands}
    figures = {
        name: figure(
            narrowed(narrowed(PAYMENTS, "number", str(number)), *asked), sums.get(name, 0), since, until
        )
        for name, asked in FATES.items()
    }
    decided = stands + broken
    kept = arrangements.kept_ppm(decided=decided, broken=broken)
    return Reached(number, **figures, decided=decided, kept_ppm=kept)
