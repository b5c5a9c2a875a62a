"""The relief of 2019 as the town meets it: rules published ahead, a year paid in January, debts in parts."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from caudal.access import approvals
from caudal.arrangements import commands as arrangements
from caudal.arrangements import queries as agreements
from caudal.arrangements.models import PaymentArrangement
from caudal.campaigns import commands as campaigns
from caudal.campaigns.models import Campaign
from caudal.cashier import commands as cashier
from caudal.cashier import queries as drawers
from caudal.cashier.models import Till, TillSession
from caudal.intake.demo.stage import Staged, moment
from caudal.kernel.wording import in_reading_case
from caudal.ledger import queries as ledger
from caudal.outreach import commands as outreach
from caudal.quotes import queries as quotes
from caudal.registry import queries as registry
from caudal.registry.models import Account, ServiceAgreement, TariffClass

ON: Final = date(2019, 1, 31)
AHEAD, SIGNERS = 4, 3
LEAST_DEBT_CENTS: Final = 600_00
RESIDENTIAL: Final = (TariffClass.Use.RESIDENTIAL.value,)
# code, name, first and last day, what it says: the report of 2019
CAMPAIGNS: Final[tuple[tuple[str, str, date, date, dict[str, Any]], ...]] = (
    ("PRONTO-15", "15 % por pronto pago", date(2019, 1, 3), date(2019, 2, 28),
     {"on_prepayment": True, "least_months": 12, "ppm": 150_000, "uses": RESIDENTIAL}),
    ("PRONTO-5", "5 % por pronto pago", date(2019, 3, 1), date(2019, 3, 31),
     {"on_prepayment": True, "least_months": 10, "ppm": 50_000, "uses": RESIDENTIAL}),
    ("RECARGOS-ABRIL", "75 % en recargos", date(2019, 4, 1), date(2019, 4, 30),
     {"on_single_payment": True, "on_arrangement": True, "reduces": ("surcharge",), "ppm": 750_000}),
    ("RECARGOS-DICIEMBRE", "75 % en recargos", date(2019, 12, 1), date(2019, 12, 31),
     {"on_single_payment": True, "on_arrangement": True, "reduces": ("surcharge",), "ppm": 750_000}),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relieved:
    """What came of it: the rules that wait for their day, who paid the year ahead, who signed (centavos)."""

    n_campaigns: int
    n_ahead: int
    ahead_cents: int
    arrangements: tuple[PaymentArrangement, ...]


def live(*, staged: Staged, till: Till) -> Relieved:
    """Publish the rules, tell the town of the first, and open the window on the last morning of January.

    :raises Refusal: any verb's own; what was done before it stays
    """
    for campaign in CAMPAIGNS:
        _publish(*campaign)
    _announce(Campaign.objects.get(code="PRONTO-15"))
    session = cashier.open_session(
        till=till, cashier="veronica", pieces={"5000": 6, "2000": 8, "500": 8}, at=moment(ON, 7, 55)
    )
    ahead = [_pay_year(session, account, place) for place, account in enumerate(_flat_and_clean())]
    signed = tuple(_sign(session, account, place) for place, account in enumerate(_indebted(staged)))
    _close(session)
    return Relieved(len(CAMPAIGNS), len(ahead), sum(ahead), signed)


def _publish(code: str, name: str, first: date, last: date, says: dict[str, Any]) -> None:
    """Laura writes what the council agreed; engineer Salas says yes, and with it the rule is published."""
    on = date(2019, 1, 2)
    draft = campaigns.draft_campaign(
        terms=campaigns.CampaignTerms(
            code=code, name=name, starts_on=first, last_on=last, council_agreement="CA-12/2018", **says
        ),
        at=moment(on, 12), by="laura",
    )  # fmt: skip
    request = campaigns.ask_to_publish(
        campaign=draft, reason="Lo acordó el consejo", at=moment(on, 12, 10), by="laura"
    )
    approvals.decide(request=request, is_granted=True, by="salas", at=moment(on, 12, 30))


def _announce(campaign: Campaign) -> None:
    """A spot on the radio, planned and told."""
    on = date(2019, 1, 7)
    action = outreach.plan_action(
        campaign=campaign,
        plan=outreach.Plan(
            channel="radio_spot", title="Spot de 30 segundos", place="Radio Candela", planned_from=on,
            planned_to=on + timedelta(days=13), cost_cents=4_200_00,
        ),
        at=moment(date(2019, 1, 4), 10), by="laura",
    )  # fmt: skip
    for place in range(3):
        day = on + timedelta(days=place)
        outreach.log_entry(
            action=action, on=day, quantity=4, today=day, at=moment(day, 15), by="laura",
            key=UUID(int=7_000 + place), cost_cents=300_00,
        )  # fmt: skip


def _flat_and_clean() -> list[Account]:
    """Homes of flat service that owe nothing: they may pay the year."""
    homes = ServiceAgreement.objects.filter(
        is_metered=False, tariff_class__use=TariffClass.Use.RESIDENTIAL, effective_to=None,
        account__benefits=None,
    )  # fmt: skip
    found: list[Account] = []
    for each in homes.select_related("account").order_by("account__number")[: AHEAD * 40]:
        if len(found) < AHEAD and ledger.balance(account_id=each.account_id) == 0:
            found.append(each.account)
    return found


def _pay_year(session: TillSession, account: Account, place: int) -> int:
    """Twelve months at today's prices with their fifteen per cent (centavos)."""
    ahead = quotes.months_ahead(account=account, months=12, on=ON)
    cents = ahead.owed_cents + ahead.months_cents
    months = cashier.PrepaidMonths(ahead.months, ahead.book, ahead.campaign, ahead.reductions)
    _receive(session, cashier.AccountPart(account, cents, months), place)
    return cents


def _indebted(staged: Staged) -> list[Account]:
    """The first who owe enough to put it in parts and still owe it."""
    numbers = sorted({row.account for row in staged.rehearsal.debts})
    found: list[Account] = []
    for account in Account.objects.filter(number__in=numbers).order_by("number"):
        if len(found) < SIGNERS and ledger.balance(account_id=account.pk) >= LEAST_DEBT_CENTS:
            found.append(account)
    return found


def _sign(session: TillSession, account: Account, place: int) -> PaymentArrangement:
    """On the usual terms; the down payment is paid at the next desk."""
    at = moment(ON, 8, 20 + place)
    terms = agreements.simulate(account=account, on=ON, at=at).terms
    holder = registry.account_card(account=account, on=ON).holder
    signed = arrangements.sign_arrangement(
        account=account, terms=terms, on=ON, at=at,
        signer=arrangements.Signer(name=in_reading_case(holder), document="INE, clave terminada en 0455"),
        by="veronica", key=UUID(int=8_000 + place),
    )  # fmt: skip
    if terms.down_cents:
        _receive(session, cashier.AccountPart(account, terms.down_cents), AHEAD + place)
    return signed


def _receive(session: TillSession, part: cashier.AccountPart, place: int) -> None:
    cashier.take_payment(
        session=session, parts=[part],
        tenders=[cashier.TenderPart("card", part.amount_cents, reference=f"{410_000 + place}")],
        at=moment(ON, 8, 30 + place), by="veronica", key=UUID(int=9_000 + place),
    )  # fmt: skip


def _close(session: TillSession) -> None:
    """She counts before the rush: what there is, is what there should be."""
    at, there = moment(ON, 9, 40), drawers.expected(session=session)
    cashier.begin_balancing(session=session, at=at, by="veronica")
    cashier.declare_count(
        session=session, pieces=drawers.pieces_of(cents=there.pop("cash")), others=there, at=at, by="veronica"
    )
    cashier.close_session(session=session, at=at, by="salas")
