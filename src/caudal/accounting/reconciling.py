"""A day against itself, three ways: what the tills and the banks say, what the receipts say, what the books say.

To the centavo and control by control: a till session, or a channel on a day. What disagrees is told with both figures
and the paper where to look.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from django.urls import reverse

from caudal.access import policy as acts
from caudal.accounting.loading import days as loading
from caudal.cashier.models.receipts import folio_text
from caudal.kernel.wording import pesos, short_date
from caudal.rules.periods import Period

BEFORE_TILLS: Final = "before_tills"
OPEN_STATES: Final = {"open": "abierto", "balancing": "en arqueo"}
_SETTLEMENT: Final = re.compile(r"settlement:(\d{1,18})/(\d{4}-\d\d-\d\d)")
_RETURNED: Final = re.compile(r"returned:(\d{1,18})/(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Link:
    """Where to look: the words, the route with its argument, and the act its page asks for."""

    label: str
    route: str
    argument: str | int = ""
    act: str = acts.READ_TILLS

    @property
    def href(self) -> str:
        """Its address."""
        return reverse(self.route, args=[self.argument] if self.argument != "" else [])


@dataclass(frozen=True, slots=True)
class Finding:
    """Two figures that should be one (centavos), in words, with the paper that explains them."""

    what: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something nobody has done yet: not a disagreement. `holds` says whether a month closes without it."""

    what: str
    link: Link
    cents: int = 0
    holds: bool = True


@dataclass(slots=True)
class Control:
    """One session, or one channel on one day, seen from each side (centavos)."""

    on: date
    session: int | None
    channel: str
    title: str
    link: Link | None = None
    n_receipts: int = 0
    n_canceled: int = 0
    receipts_cents: int = 0
    payments_cents: int = 0
    credits_cents: int = 0
    cash_cents: int = 0
    other_cents: int = 0
    identified_cents: int = 0
    journal_cash_cents: int = 0
    journal_banks_cents: int = 0
    journal_unidentified_cents: int = 0
    # what the drawer or the bank says of these receipts; nothing until it says something
    control_cents: int | None = None
    closing: Link | None = None
    slip: Link | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def tenders_cents(self) -> int:
        return self.cash_cents + self.other_cents

    @property
    def journal_cents(self) -> int:
        return self.journal_cash_cents + self.journal_banks_cents + self.journal_unidentified_cents


@dataclass(slots=True)
class Day:
    """A day of the books."""

    on: date
    controls: list[Control] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)

    @property
    def all_findings(self) -> list[Finding]:
        return [*(finding for each in self.controls for finding in each.findings), *self.findings]

    @property
    def receipts_cents(self) -> int:
        return sum(each.receipts_cents for each in self.controls)

    @property
    def journal_cents(self) -> int:
        return sum(each.journal_cents for each in self.controls)

    @property
    def n_receipts(self) -> int:
        return sum(each.n_receipts for each in self.controls)

    @property
    def state(self) -> str:
        """`bad` if something disagrees, `watch` if something waits, `good`, or nothing happened: empty."""
        if self.all_findings:
            return "bad"
        if self.waiting:
            return "watch"
        return "good" if self.controls else ""


def day(*, on: date) -> Day:
    """One day, with the receipts that explain what disagrees."""
    [found] = days(since=on, until=on + timedelta(days=1))
    for control in found.controls:
        if control.findings:
            control.findings += _explained(control)
    return found


def month(*, month: Period) -> list[Day]:
    """Every day of a month."""
    return days(since=month.first_day, until=month.next().first_day)


def days(*, since: date, until: date) -> list[Day]:
    """Every day from one to the eve of another, reconciled."""
    found = {on: Day(on) for on in (since + timedelta(days=step) for step in range((until - since).days))}
    controls = _controls(since, until)
    _add_sessions(found, controls, since, until)
    for control in controls.values():
        _add_receipts_findings(control)
        found[control.on].controls.append(control)
    _add_money(found, controls, since, until)
    for line in loading.waiting(since=since, until=until):
        found[line.on].waiting.append(
            Waiting(
                f"{line.channel}, referencia {line.reference}: nadie ha dicho de quién es.",
                Link("Por identificar", "unidentified_line", line.id), line.cents, holds=False,
            )
        )  # fmt: skip
    for each in found.values():
        each.controls.sort(key=lambda control: (control.session is None, control.title, control.session or 0))
    return list(found.values())


def _key(on: date, session: int | None, channel: str) -> tuple[date | None, int | None, str]:
    return (None, session, "") if session else (on, None, channel)


_Controls = dict[tuple[date | None, int | None, str], Control]


def _controls(since: date, until: date) -> _Controls:
    """What receipts say, and what the journal says of them."""
    found: _Controls = {}
    for row in loading.taken(since=since, until=until):
        control = _control(found, row.on, row.session, row.channel)
        control.n_receipts += row.n_receipts
        control.n_canceled += row.n_canceled
        control.receipts_cents += row.receipts_cents
        control.payments_cents += row.payments_cents
        control.credits_cents += row.credits_cents
        control.cash_cents += row.cash_cents
        control.other_cents += row.other_cents
        control.identified_cents += row.identified_cents
    for entry in loading.entered(since=since, until=until):
        control = _control(found, entry.on, entry.session, entry.channel or "sin comprobante")
        control.journal_cash_cents += entry.cash_cents
        control.journal_banks_cents += entry.banks_cents
        control.journal_unidentified_cents += entry.unidentified_cents
    return found


def _control(found: _Controls, on: date, session: int | None, channel: str) -> Control:
    key = _key(on, session, channel)
    if key not in found:
        link = Link(channel, "channel", channel) if not session and channel != BEFORE_TILLS else None
        found[key] = Control(on, session, channel, "" if session else channel, link)
    return found[key]


def _add_sessions(found: dict[date, Day], controls: _Controls, since: date, until: date) -> None:
    for row in loading.sessions(since=since, until=until):
        control = _control(controls, row.on, row.id, "")
        control.title, control.link = f"{row.till} · {row.cashier}", Link(row.till, "till_session", row.id)
        if row.closing is None:
            found[row.on].waiting.append(
                Waiting(f"El turno de {row.cashier} en {row.till} está {OPEN_STATES.get(row.state, row.state)}.",
                        control.link)
            )  # fmt: skip
            continue
        folio = folio_text(series="CORTE", number=row.closing)
        control.closing = Link(folio, "closing", row.closing)
        control.control_cents = (
            row.expected_cash_cents - row.float_cents + row.withdrawn_cents + row.expected_other_cents
        )
        expected_cash = row.float_cents + control.cash_cents - row.withdrawn_cents
        _compare(control, f"El {folio} espera en efectivo", row.expected_cash_cents,
                 "y los comprobantes dejan", expected_cash, control.closing)  # fmt: skip
        _compare(control, f"El {folio} espera en otras formas", row.expected_other_cents,
                 "y los comprobantes suman", control.other_cents, control.closing)  # fmt: skip
        _add_deposit(found, control, row, folio)


def _add_deposit(found: dict[date, Day], control: Control, row: loading.Session, folio: str) -> None:
    cash = row.declared_cash_cents + row.withdrawn_cents - row.float_cents
    closing = control.closing
    assert closing is not None
    if row.slip is not None:
        control.slip = Link(folio_text(series="DEPOSITO", number=row.slip), "deposit", row.slip)
        _compare(control, f"El {folio} lleva al banco", cash, f"y en {control.slip.label} van", row.slip_cash_cents,
                 control.slip)  # fmt: skip
        _compare(control, f"El {folio} lleva en cheques", row.declared_checks_cents,
                 f"y en {control.slip.label} van", row.slip_checks_cents, control.slip)  # fmt: skip
    elif cash or row.declared_checks_cents:
        found[row.on].waiting.append(
            Waiting(f"El {folio} no tiene depósito.", closing, cash + row.declared_checks_cents)
        )


def _add_receipts_findings(control: Control) -> None:
    """Receipts against their payments, their tenders, the ledger and the journal."""
    said = f"{control.title}: los comprobantes suman"
    look = control.link
    for words, cents in (
        ("lo que pagó cada cuenta,", control.payments_cents),
        ("los abonos de las cuentas,", control.credits_cents),
        ("las formas de pago,", control.tenders_cents),
    ):
        _compare(control, said, control.receipts_cents, f"y {words}", cents, look)
    if control.session is not None or control.channel == BEFORE_TILLS:
        cash, banks, unidentified = control.cash_cents, control.other_cents, 0
    else:
        unidentified = control.identified_cents
        cash, banks = 0, control.receipts_cents - unidentified
    _compare(control, f"{control.title}: de los comprobantes entra en efectivo", cash,
             "y la contabilidad tiene", control.journal_cash_cents, look)  # fmt: skip
    _compare(control, f"{control.title}: de los comprobantes entra en bancos", banks,
             "y la contabilidad tiene", control.journal_banks_cents, look)  # fmt: skip
    _compare(control, f"{control.title}: de lo que esperaba se identificó", unidentified,
             "y la contabilidad tiene", control.journal_unidentified_cents, look)  # fmt: skip


def _add_money(found: dict[date, Day], controls: _Controls, since: date, until: date) -> None:
    """Closings' differences, slips and files of the bank against the other entries of the journal."""
    entries = loading.moved(since=since, until=until)
    left = {(each.kind, each.document): each for each in entries}
    _add_differences(found, left, since, until)
    _add_slips(found, left, since, until)
    _add_banks(found, controls, left, since, until)
    _add_returns(found, left)
    for each in left.values():
        if each.cash_cents or each.banks_cents or each.unidentified_cents:
            found[each.on].findings.append(
                Finding(
                    f"La póliza {each.document} mueve dinero y no es de ningún comprobante, corte, ficha ni archivo.",
                    (_entry_link(each),),
                )
            )


_Left = dict[tuple[str, str], loading.Moved]


def _entry_link(entry: loading.Moved) -> Link:
    return Link("Póliza", "journal_entry", entry.entry, acts.READ_ACCOUNTING)


def _add_differences(found: dict[date, Day], left: _Left, since: date, until: date) -> None:
    """What a closing counted over or short against its entry, kind by kind (cash, and the rest of its tenders)."""
    for row in loading.sessions(since=since, until=until):
        if row.closing is None:
            continue
        folio = folio_text(series="CORTE", number=row.closing)
        kept = [
            left.pop(key)
            for key in list(left)
            if key[0] == "cash_difference" and key[1].startswith(f"{folio}/")
        ]
        link = Link(folio, "closing", row.closing)
        for words, said, cents in (
            ("efectivo", row.declared_cash_cents - row.expected_cash_cents, sum(each.cash_cents for each in kept)),
            ("otras formas", row.declared_other_cents - row.expected_other_cents,
             sum(each.banks_cents for each in kept)),
        ):  # fmt: skip
            if said != cents:
                found[row.on].findings.append(
                    Finding(f"La diferencia del {folio} en {words} es {pesos(said)} y la contabilidad tiene {pesos(cents)}.",
                            (link,))
                )  # fmt: skip


def _add_slips(found: dict[date, Day], left: _Left, since: date, until: date) -> None:
    for slip in loading.slips(since=since, until=until):
        folio = folio_text(series="DEPOSITO", number=slip.number)
        kept = left.pop(("transfer", folio), None)
        link = Link(folio, "deposit", slip.number)
        banks = kept.banks_cents if kept else 0
        for words, said, cents in (
            ("la contabilidad pasó al banco", slip.cash_cents, banks),
            ("la contabilidad sacó de caja", slip.cash_cents, -kept.cash_cents if kept else 0),
            ("sus cortes llevan", slip.cash_cents, slip.parts_cash_cents),
            ("sus cortes llevan en cheques", slip.checks_cents, slip.parts_checks_cents),
        ):
            if said != cents:
                found[slip.on].findings.append(
                    Finding(f"La ficha {folio} es de {pesos(said)} y {words} {pesos(cents)}.", (link,))
                )


def _add_banks(found: dict[date, Day], controls: _Controls, left: _Left, since: date, until: date) -> None:
    """Lines of the files against receipts, and those without one against the deposits to be identified."""
    entered: dict[tuple[date, str], int] = defaultdict(int)
    files = {int(match[1]) for _, name in left if (match := _SETTLEMENT.fullmatch(name))}
    channels = loading.channels_of(files=sorted(files))
    for key in list(left):
        match = _SETTLEMENT.fullmatch(key[1])
        if key[0] == "transfer" and match and int(match[1]) in channels:
            entry = left.pop(key)
            entered[date.fromisoformat(match[2]), channels[int(match[1])]] += entry.banks_cents
    said = {(row.on, row.channel): row for row in loading.banked(since=since, until=until)}
    for on, channel in sorted({*said, *entered}):
        row = said.get((on, channel), loading.Banked(on, channel, 0, 0))
        control = controls.get(_key(on, None, channel))
        link = Link(channel, "channel", channel)
        receipts = (control.receipts_cents - control.identified_cents) if control else 0
        if control is not None:
            control.control_cents = row.applied_cents + control.identified_cents
        for words, left_cents, right_words, right_cents in (
            ("con comprobante", row.applied_cents, "los comprobantes suman", receipts),
            (
                "sin comprobante",
                row.waiting_cents,
                "la contabilidad tiene por identificar",
                entered[on, channel],
            ),
        ):
            if left_cents != right_cents:
                found[on].findings.append(
                    Finding(f"{channel}: los renglones {words} suman {pesos(left_cents)} y {right_words} "
                            f"{pesos(right_cents)}.", (link,))
                )  # fmt: skip


def _add_returns(found: dict[date, Day], left: _Left) -> None:
    names = {key: match for key in left if key[0] == "transfer" and (match := _RETURNED.fullmatch(key[1]))}
    if not names:
        return
    kept = loading.returned(lines=[int(match[1]) for match in names.values()])
    for key, match in names.items():
        entry, cents = left[key], kept.get((int(match[1]), int(match[2])))
        if cents is None:
            continue
        del left[key]
        if entry.banks_cents != -cents:
            found[entry.on].findings.append(
                Finding(f"Se devolvieron {pesos(cents)} y la contabilidad sacó del banco {pesos(-entry.banks_cents)}.",
                        (_entry_link(entry),))
            )  # fmt: skip


def _compare(
    control: Control, what: str, left_cents: int, words: str, right_cents: int, link: Link | None
) -> None:
    if left_cents != right_cents:
        control.findings.append(
            Finding(f"{what} {pesos(left_cents)} {words} {pesos(right_cents)}.", (link,) if link else ())
        )


def _explained(control: Control) -> Iterable[Finding]:
    for row in loading.unequal(on=control.on, session=control.session, channel=control.channel):
        folio = folio_text(series=row.series, number=row.number)
        yield Finding(
            f"El comprobante {folio} es de {pesos(row.total_cents)}: pagos {pesos(row.payments_cents)}, abonos "
            f"{pesos(row.credits_cents)}, formas de pago {pesos(row.tenders_cents)}, contabilidad "
            f"{pesos(row.journal_cents)}.",
            (Link(folio, "receipt", folio),),
        )


def blockers(*, found: Sequence[Day]) -> list[Finding]:
    """Everything of some days that keeps a month from being closed."""
    told = []
    for each in found:
        told += each.all_findings
        told += [
            Finding(f"{short_date(each.on)}: {waits.what}", (waits.link,))
            for waits in each.waiting
            if waits.holds
        ]
    return told
