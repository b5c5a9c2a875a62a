"""What citizens report from August to October: written down, ordered, done and answered."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final
from uuid import UUID

from caudal.cases import commands as cases
from caudal.cases.models import Case
from caudal.fieldwork.models import FieldOrder
from caudal.intake.demo.stage import moment
from caudal.intake.demo.year import field
from caudal.intake.demo.year.phone import Phone
from caudal.intake.demo.year.town import Household, Town

# what they report, by where, in whose words
KINDS: Final = (
    ("street_leak", "phone", "Sale agua de la calle desde anoche."),
    ("no_water", "web", "No hay agua desde la mañana."),
    ("low_pressure", "window", "Casi no sube el agua al tinaco."),
    ("cloudy_water", "social", "Sale con tierra."),
    ("meter_check", "window", "El medidor da vueltas con todo cerrado."),
    ("blocked_drain", "phone", "El drenaje se regresa."),
)
ANSWER: Final = "Recibimos su reporte; hoy mismo pasa la cuadrilla."
DONE: Final = "La cuadrilla fue y quedó resuelto."


@dataclass(frozen=True, slots=True)
class Reported:
    """A report that waits for the crew."""

    case: Case
    order: FieldOrder


def report(*, town: Town, n: int, on: date, rng: Random) -> list[Reported]:
    """Some people report something; each gets an answer and an order."""
    people = sorted(town.households.values(), key=lambda each: each.account.number)
    opened = []
    for place, each in enumerate(rng.sample(people, min(n, len(people)))):
        code, channel, words = KINDS[place % len(KINDS)]
        opened.append(_open(each, code, channel, words, on, place, rng))
    return opened


def _open(
    each: Household, code: str, channel: str, words: str, on: date, place: int, rng: Random
) -> Reported:
    at = moment(on, 9, 5 + 7 * (place % 7))
    case = cases.open_case(
        type=code, channel=channel, description=words, account=each.account, at=at, by="marta",
        reporter_phone=f"3939{rng.randrange(100_000, 400_000)}", key=UUID(int=rng.getrandbits(128), version=4),
    )  # fmt: skip
    cases.answer_case(case=case, text=ANSWER, at=at + timedelta(minutes=25), by="marta")
    order = cases.order_for_case(case=case, at=at + timedelta(minutes=30), by="marta", instructions=words)
    return Reported(case, order)


def attend(*, opened: list[Reported], on: date, phone: Phone) -> int:
    """The crew goes, and Marta tells each person how it ended → how many."""
    field.walk(
        orders=[each.order for each in opened], name="Reportes del día", on=on, phone=phone, notes=DONE
    )
    for place, each in enumerate(opened):
        cases.resolve_case(
            case=each.case, text=DONE, at=moment(on, 16, 30) + timedelta(minutes=place), by="marta"
        )
    return len(opened)
