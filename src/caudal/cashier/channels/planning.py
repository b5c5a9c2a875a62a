"""What each movement of a file is, decided before anything is written: the rehearsal and the loading read it.

Each movement ends in one place: it was known, it is applied, it takes back, it is taken back before anybody saw it,
or it waits. So what a file adds up to is what these add up to.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from caudal.cashier.channels import loading, reading
from caudal.cashier.channels.layout import Layout
from caudal.cashier.channels.loading import LineState
from caudal.cashier.channels.movements import Movement, Reading
from caudal.cashier.channels.references import Recognized, UnreadableReference
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import pesos
from caudal.tariffs import queries as tariffs

NO_ACCOUNT: Final = "No existe la cuenta {number}."
TWO_ACCOUNTS: Final = "Hay más de una cuenta con el número {number}."
OTHER_AMOUNT: Final = "Pagó {paid} y su referencia es de otro importe."
NOBODY_SAW_IT: Final = "No se conoce el movimiento que devuelve."
WHICH_OF_THEM: Final = "Hay {n} movimientos iguales; diga cuál devuelve."


@dataclass(frozen=True, slots=True)
class Application:
    """A movement that pays an account."""

    movement: Movement
    account_id: int


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A reversal and the receipt of an earlier line that it takes back."""

    movement: Movement
    receipt_id: int


@dataclass(frozen=True, slots=True)
class Ended:
    """A movement that ends a line that waited, or another movement of its own file (then `line_id` is 0)."""

    movement: Movement
    line_id: int
    other: Movement | None = None


@dataclass(slots=True)
class Plan:
    """What loading a file would do. With findings, nothing."""

    read: Reading
    findings: list[Refusal]
    applied: list[Application] = field(default_factory=list)
    taken_back: list[TakenBack] = field(default_factory=list)
    ended: list[Ended] = field(default_factory=list)
    waiting: list[tuple[Movement, str]] = field(default_factory=list)
    n_known: int = 0
    known_cents: int = 0

    @property
    def applied_cents(self) -> int:
        return sum(each.movement.amount_cents for each in self.applied)

    @property
    def taken_back_cents(self) -> int:
        return sum(each.movement.amount_cents for each in self.taken_back)

    @property
    def waiting_cents(self) -> int:
        """Movements that wait; those that end each other add up to nothing or to what they end."""
        return sum(movement.amount_cents for movement, _ in self.waiting)

    @property
    def ended_cents(self) -> int:
        return sum(each.movement.amount_cents for each in self.ended)

    @property
    def n_new(self) -> int:
        return len(self.applied) + len(self.taken_back) + len(self.ended) + len(self.waiting)

    @property
    def new_cents(self) -> int:
        return self.applied_cents + self.taken_back_cents + self.ended_cents + self.waiting_cents


def plan(*, channel: str, layout: Layout, content: bytes, name: str, today: date) -> Plan:
    """Read a file and decide what each of its movements is. Nothing is written."""
    read = reading.read(content=content, layout=layout, name=name, today=today)
    found = Plan(read, list(read.findings))
    if found.findings:
        return found
    new = _new_movements(found, channel, name)
    _require_books(found, new, name)
    if not found.findings:
        payments = [movement for movement in new if movement.amount_cents > 0]
        reversals = [movement for movement in new if movement.amount_cents < 0]
        payments = _take_back(found, channel, layout, payments, reversals)
        _recognize(found, layout, payments)
    return found


def _new_movements(found: Plan, channel: str, name: str) -> list[Movement]:
    """Movements that no earlier file brought, each once, in the order of the file."""
    movements = found.read.movements
    known = dict(
        loading.known_lines(channel=channel, fingerprints=[movement.fingerprint for movement in movements])
    )
    new = []
    for movement in movements:
        said = (movement.reference, movement.amount_cents, movement.paid_on)
        earlier = known.get(movement.fingerprint)
        if earlier is None:
            known[movement.fingerprint] = said
            new.append(movement)
        elif earlier == said:
            found.n_known += 1
            found.known_cents += movement.amount_cents
        else:
            found.findings.append(
                Refusal(
                    f"Ese movimiento ya se conoce con otros datos: {earlier[0]}, {pesos(earlier[1])}.",
                    "Aclárelo con el banco: no puede ser el mismo movimiento.",
                    file=name,
                    row=movement.row,
                    value=f"{movement.reference}, {pesos(movement.amount_cents)}",
                )
            )
    return new


def _require_books(found: Plan, movements: Iterable[Movement], name: str) -> None:
    """Each day needs the book that says in which order a payment extinguishes debts."""
    days: dict[date, Movement] = {}
    for movement in movements:
        days.setdefault(movement.paid_on, movement)
    for day, movement in days.items():
        try:
            tariffs.terms_on(on=day)
        except tariffs.NoBookInForce as refusal:
            found.findings.append(
                Refusal(refusal.what, refusal.remedy, file=name, row=movement.row, value=day.isoformat())
            )


def _recognize(found: Plan, layout: Layout, payments: Sequence[Movement]) -> None:
    """Apply what is recognized; what is not, waits with its doubt."""
    must_match = layout.of("movements", "amount_must_match", True)
    read, recognized = layout.reference.read, []
    for movement in payments:
        try:
            said = read(text=movement.reference)
        except UnreadableReference as refusal:
            found.waiting.append((movement, refusal.what))
            continue
        recognized.append((movement, said))
    accounts = loading.accounts_by_number(numbers=(said.account_number for _, said in recognized))
    for movement, said in recognized:
        doubt = _doubt(movement, said, accounts, must_match)
        account = accounts.get(said.account_number)
        if doubt or account is None:
            found.waiting.append((movement, doubt))
        else:
            found.applied.append(Application(movement, account))


def _doubt(movement: Movement, said: Recognized, accounts: Mapping[str, int | None], must_match: bool) -> str:
    number = said.account_number
    if number not in accounts:
        return NO_ACCOUNT.format(number=number)
    if accounts[number] is None:
        return TWO_ACCOUNTS.format(number=number)
    if must_match and not said.agrees_with(amount_cents=movement.amount_cents):
        return OTHER_AMOUNT.format(paid=pesos(movement.amount_cents))
    return ""


def _take_back(
    found: Plan, channel: str, layout: Layout, payments: list[Movement], reversals: Sequence[Movement]
) -> list[Movement]:
    """Match reversals with what they take back → the payments of the file that nothing takes back.

    A reversal of an earlier file whose payment arrives only now ends it: files may come in any order.
    """
    waiting = loading.reversals_waiting(channel=channel) if payments else []
    if not (reversals or waiting):
        return payments
    names = layout.reversal_of
    standing: dict[tuple[object, ...], list[LineState | Movement]] = {}
    asking: list[LineState | Movement] = [*reversals, *waiting]
    earlier = loading.lines_named(
        channel=channel,
        authorizations=[each.authorization for each in asking],
        references=[each.reference for each in asking],
    )
    everyone: list[LineState | Movement] = [*earlier, *payments]
    for each in everyone:
        standing.setdefault(_key(each, names), []).append(each)
    ended: set[str] = set()
    for late in waiting:
        candidates = standing.get(_key(late, names), [])
        if len(candidates) == 1 and isinstance(original := candidates[0], Movement):
            found.ended.append(Ended(original, late.id))
            ended.add(original.fingerprint)
            candidates.clear()
    for movement in reversals:
        candidates = standing.get(_key(movement, names), [])
        if len(candidates) != 1:
            n = len(candidates)
            found.waiting.append((movement, WHICH_OF_THEM.format(n=n) if n else NOBODY_SAW_IT))
            continue
        _match(found, movement, candidates.pop(), ended)
    return [movement for movement in payments if movement.fingerprint not in ended]


def _match(found: Plan, reversal: Movement, original: LineState | Movement, ended: set[str]) -> None:
    if isinstance(original, Movement):
        found.ended += [Ended(original, 0, reversal), Ended(reversal, 0, original)]
        ended.add(original.fingerprint)
    elif original.state == "waiting":
        found.ended.append(Ended(reversal, original.id))
    elif original.receipt_id is not None:
        found.taken_back.append(TakenBack(reversal, original.receipt_id))


def _key(each: LineState | Movement, names: Sequence[str]) -> tuple[object, ...]:
    """By what a reversal names its payment; the amount without its sign."""
    values = {
        "authorization": each.authorization, "reference": each.reference, "amount": abs(each.amount_cents),
        "paid_on": each.paid_on,
    }  # fmt: skip
    return tuple(values[name] for name in names)
