"""Campaigns, how they were told, the years paid ahead, the benefits granted and the agreements signed."""

from collections.abc import Iterable
from datetime import date, datetime
from random import Random
from typing import Final
from uuid import UUID

from caudal.access import approvals
from caudal.access import policy as access
from caudal.access.models import Approval
from caudal.arrangements import commands as arrangements
from caudal.arrangements import queries as agreements
from caudal.arrangements.models import PaymentArrangement
from caudal.benefits import commands as benefits
from caudal.campaigns import commands as campaigns
from caudal.campaigns.models import Campaign
from caudal.cashier import commands as cashier
from caudal.intake.demo.relief import CAMPAIGNS
from caudal.intake.demo.stage import moment
from caudal.intake.demo.year.town import RESIDENTIAL, Habit, Household, Town
from caudal.intake.demo.year.window import Window
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import in_reading_case
from caudal.outreach import commands as outreach
from caudal.quotes import queries as quotes
from caudal.registry import queries as registry
from caudal.registry.models import Benefit

MONTHS_AHEAD: Final = {1: 12, 2: 12, 3: 10}
LEAST_DEBT_CENTS: Final = 300_00
AGREEMENT: Final = "CA-12/2018"
# campaign → channel, what, where, how many a day, cost of the plan and of each day in pesos
TOLD: Final[dict[str, tuple[tuple[str, str, str, int, int, int], ...]]] = {
    "PRONTO-5": (
        ("radio_spot", "Spot de 30 segundos", "Radio Candela", 6, 5_400, 380),
        ("social_network", "Publicación del 5 %", "Facebook de SIBAPAS", 1, 600, 60),
        ("loudspeaker_route", "Perifoneo por las colonias", "Cabecera municipal", 1, 2_400, 250),
    ),
    "RECARGOS-DICIEMBRE": (
        ("social_network", "Publicación del 75 % en recargos", "Facebook de SIBAPAS", 1, 500, 50),
        ("poster_site", "Cartelones en puntos estratégicos", "Cabecera municipal", 8, 3_200, 400),
    ),
}  # fmt: skip
DAYS_TOLD: Final = 4


def publish(*, code: str, on: date) -> Campaign:
    """Laura writes what the council agreed; engineer Salas says yes, and with it the rule is published."""
    code, name, first, last, says = next(each for each in CAMPAIGNS if each[0] == code)
    draft = campaigns.draft_campaign(
        terms=campaigns.CampaignTerms(
            code=code, name=name, starts_on=first, last_on=last, council_agreement=AGREEMENT, **says
        ),
        at=moment(on, 8), by="laura",
    )  # fmt: skip
    request = campaigns.ask_to_publish(
        campaign=draft, reason="Lo acordó el consejo", at=moment(on, 8, 2), by="laura"
    )
    approvals.decide(request=request, is_granted=True, by="salas", at=moment(on, 8, 4))
    return draft


def tell(*, code: str, days: Iterable[date], rng: Random) -> int:
    """Plan how a campaign is announced and write down what was done each day → how many lines."""
    campaign, days = Campaign.objects.get(code=code), list(days)[:DAYS_TOLD]
    count = 0
    for channel, title, place, quantity, planned, each_day in TOLD[code]:
        action = outreach.plan_action(
            campaign=campaign,
            plan=outreach.Plan(
                channel=channel, title=title, place=place, planned_from=days[0], planned_to=days[-1],
                cost_cents=planned * 100,
            ),
            at=moment(days[0], 9), by="laura",
        )  # fmt: skip
        for day in days:
            outreach.log_entry(
                action=action, on=day, quantity=quantity, today=day, at=moment(day, 15), by="laura",
                key=_key(rng), cost_cents=each_day * 100,
            )  # fmt: skip
            count += 1
    return count


def pay_year(*, window: Window, household: Household, months: int) -> int:
    """The months to come, at today's prices with what the campaign takes off; nothing, if they cannot be quoted."""
    on = window.session.business_on
    try:
        ahead = quotes.months_ahead(account=household.account, months=months, on=on)
    except Refusal:
        return 0
    cents = ahead.owed_cents + ahead.months_cents
    if cents <= 0 or not ahead.campaign:
        return 0
    prepaid = cashier.PrepaidMonths(ahead.months, ahead.book, ahead.campaign, ahead.reductions)
    window.take(household.account, cents, prepaid=prepaid)
    return cents


def grant(*, town: Town, n: int, on: date, rng: Random) -> int:
    """People of sixty or more, pensioners and widows show their document and get their half → how many."""
    categories = (Benefit.Category.SENIOR, Benefit.Category.PENSIONER, Benefit.Category.WIDOWED)
    granted = 0
    for each in town.who(Habit.PUNCTUAL):
        if granted == n:
            break
        if each.use != RESIDENTIAL or each.has_benefit or each.is_cast:
            continue
        try:
            benefits.register_benefit(
                account=each.account, category=categories[granted % len(categories)],
                shown=benefits.Shown(folio=f"CRED-{rng.randrange(10**8):08d}"), lives_there=True, on=on,
                at=moment(on, 9, 10 + granted % 50), by="marta", key=_key(rng),
            )  # fmt: skip
        except Refusal:
            continue  # a company, a debt, another house: the law asks more than this person has
        each.has_benefit = True
        granted += 1
    return granted


def renew(*, number: str, on: date, rng: Random) -> bool:
    """Who had a benefit in the old system brings the document that proves it."""
    held = Benefit.objects.in_effect(on=on).filter(account__number=number).select_related("account").first()
    if held is None:
        return False
    try:
        benefits.renew_benefit(
            benefit=held, shown=benefits.Shown(folio=f"CRED-{rng.randrange(10**8):08d}"), lives_there=True, on=on,
            at=moment(on, 9), by="marta", key=_key(rng),
        )  # fmt: skip
    except Refusal:
        return False
    return True


def sign(*, window: Window, households: Iterable[Household], n: int, rng: Random) -> list[PaymentArrangement]:
    """The first who can put their debt in parts, sign and pay the beginning at the window."""
    signed: list[PaymentArrangement] = []
    for each in households:
        if len(signed) == n:
            break
        made = _sign_one(window, each, rng)
        if made is None:
            continue
        signed.append(made)
        each.signs = True
        each.habit = Habit.PUNCTUAL if each.keeps_agreement else Habit.DEBTOR
    return signed


def _sign_one(window: Window, household: Household, rng: Random) -> PaymentArrangement | None:
    on, at = window.session.business_on, window.tick()
    try:
        told = agreements.simulate(account=household.account, on=on, at=at)
    except Refusal:
        return None
    if told.total_cents < LEAST_DEBT_CENTS or told.terms.count < 2:
        return None
    approval = _approved(household, told, at) if told.beyond else None
    holder = registry.account_card(account=household.account, on=on).holder
    made = arrangements.sign_arrangement(
        account=household.account, terms=told.terms, on=on, at=at,
        signer=arrangements.Signer(
            name=in_reading_case(holder), document=f"INE, clave terminada en {rng.randrange(10**4):04d}"
        ),
        by="marta", key=_key(rng), approval=approval,
    )  # fmt: skip
    if told.terms.down_cents:
        window.take(household.account, told.terms.down_cents)
    return made


def _approved(household: Household, told: agreements.Simulation, at: datetime) -> Approval | None:
    """What passes the policy is asked of engineer Salas, who says yes to these very terms."""
    request = approvals.ask(
        act=access.APPROVE_ARRANGEMENTS, asked_by="marta", object_kind="account", object_id=household.account.number,
        reason=" ".join(told.beyond)[:200], at=at, after=told.terms.as_dict(),
    )  # fmt: skip
    return approvals.decide(request=request, is_granted=True, by="salas", at=at)


def _key(rng: Random) -> UUID:
    return UUID(int=rng.getrandbits(128), version=4)
