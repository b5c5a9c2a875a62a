"""A corner of the town where orders to cut go out: what the desk, the window, the office and the crew do there."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.town import counter
from tests.town.cast import Town, moment

from caudal.access import approvals
from caudal.arrangements import commands as arrangements
from caudal.arrangements.models import PaymentArrangement
from caudal.arrangements.policy import Terms
from caudal.arrangements.tests.desk import HOLDER, owe
from caudal.cashier import commands as cashier
from caudal.cashier import queries as tills
from caudal.disconnections import commands, queries
from caudal.disconnections.models import DisconnectionBatch, DisconnectionOrder, DisconnectionPolicy
from caudal.disconnections.queries import Segment
from caudal.disconnections.tests.witness import LAW_DAY, Home
from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork import packing
from caudal.fieldwork.models import Stop
from caudal.fieldwork.tests import street
from caudal.fieldwork.tests.telephones import Telephone, telephone_of
from caudal.registry.models import Account

START = moment(date(2019, 7, 20), 9)
OPENS, CLOSES = 8, 15
LIVE = ("proposed", "approved", "dispatched")


@dataclass
class Carried:
    """An order in the phone of a crew: where it is, and what it last read of it."""

    stop: Stop = field(repr=False)
    order: DisconnectionOrder
    home: Home
    checked_at: datetime | None = None
    is_go: bool = False


@dataclass
class Blow:
    """Somebody cut in the street: whether they might, by what a neighbor saw, and the line that tells it."""

    carried: Carried
    done_at: datetime
    was_right: bool
    line: bytes = field(repr=False)
    is_told: bool = False


@dataclass
class Corner:
    """The town as it is now, and what is in the street."""

    town: Town
    phone: Telephone
    at: datetime = START
    homes: dict[str, Home] = field(default_factory=dict)
    receipts: list[tuple[Home, str]] = field(default_factory=list)
    carried: list[Carried] = field(default_factory=list)
    blows: list[Blow] = field(default_factory=list)

    @property
    def on(self) -> date:
        return self.at.date()

    def wait(self, minutes: int) -> None:
        """Time goes by; after three, the next morning."""
        self.at += timedelta(minutes=minutes)
        if not OPENS <= self.at.hour < CLOSES:
            days = 1 if self.at.hour >= CLOSES else 0
            self.at = moment(self.on + timedelta(days=days), OPENS + 1, self.at.minute)

    # -- the window

    def pay(self, home: Home, cents: int) -> None:
        part = cashier.AccountPart(home.account, cents)
        paid = cashier.take_payment(
            session=counter.session(self.on), parts=[part], tenders=[cashier.TenderPart("cash", cents)], at=self.at,
            by="veronica", key=uuid4(),
        )  # fmt: skip
        home.payments.append([self.at, cents, paid["receipt_folio"]])
        self.receipts.append((home, paid["receipt_folio"]))

    def take_back(self, home: Home, folio: str) -> None:
        receipt, live = tills.receipt_by_folio(folio=folio), counter.session(self.on)
        receipt.refresh_from_db()
        act = cashier.act_of_cancellation(receipt=receipt, session=live)
        given = self.approved(act, "receipt", folio, by="veronica")
        cashier.cancel_receipt(
            receipt=receipt, session=live, reason="5", detail="Era de otra cuenta", approval=given, at=self.at,
            by="veronica",
        )  # fmt: skip
        home.payments = [each for each in home.payments if each[2] != folio]
        self.receipts.remove((home, folio))

    def sign(self, home: Home) -> None:
        terms = Terms(
            down_cents=home.owes(self.on) // 4 + 1_00, count=2, first_due_on=self.on + timedelta(days=30)
        )
        given = self.approved(
            "arrangements.approve", "account", home.account.number, by="veronica", after=terms.as_dict()
        )
        signed = arrangements.sign_arrangement(
            account=home.account, terms=terms, on=self.on, at=self.at, signer=HOLDER, by="veronica", key=uuid4(),
            approval=given,
        )  # fmt: skip
        home.agreement = signed.folio

    def breaks(self, home: Home) -> None:
        live = PaymentArrangement.objects.get(live__account_id=home.account.pk)
        arrangements.default_arrangement(
            arrangement=live, reason="No vino a pagar", on=self.on, at=self.at, by="salas"
        )
        home.agreement = ""

    def approved(self, act: str, kind: str, of: object, *, by: str, after: Any = None) -> Any:
        """Engineer Salas says yes from his desk."""
        asked = approvals.ask(
            act=act, asked_by=by, object_kind=kind, object_id=of, reason="Lo piden", at=self.at, after=after
        )
        return approvals.decide(request=asked, is_granted=True, by="salas", at=self.at)

    def bill(self, home: Home, period: int) -> None:
        bill(home.account, period)

    # -- the office

    def propose(self, home: Home) -> DisconnectionBatch | None:
        """A batch of one, if it proceeds; a neighbor must say the same."""
        judged = queries.eligibility(account_ids=[home.account.pk], on=self.on, at=self.at)[home.account.pk]
        is_right = home.may_be(judged.verdict.measure, self.at)
        assert judged.verdict.is_go == is_right, (home, judged.verdict, self.at)
        if not is_right or DisconnectionOrder.objects.filter(account=home.account, state__in=LIVE).exists():
            return None
        assert judged.verdict.measure == home.most(self.on)
        return commands.propose_batch(
            title="Esquina", account_ids=[home.account.pk], segment=Segment(), on=self.on, at=self.at, by="laura"
        )  # fmt: skip

    def approve(self, batch: DisconnectionBatch) -> None:
        """The yes carries it out: what no longer proceeds is called off."""
        order = batch.orders.get()
        home, state = self.homes[order.account.number], order.state
        is_right = home.may_be(order.measure, self.at)
        self.approved(
            "disconnections.approve", "disconnection_batch", batch.folio, by="laura",
            after={"orders": [order.folio]},
        )  # fmt: skip
        order.refresh_from_db()
        assert state == "proposed" and (order.state == "approved") == is_right, (home, order.state, self.at)

    def dispatch(self, order: DisconnectionOrder) -> None:
        """It goes to the crew, whose phone takes it with what was said of it."""
        home = self.homes[order.account.number]
        approved_at = order.approved_at
        assert approved_at is not None
        is_right = home.may_be(order.measure, self.at) and self.at < approved_at + timedelta(days=15)
        gone = commands.dispatch_orders(orders=[order], at=self.at, by="laura")
        assert bool(gone) == is_right, (home, order, self.at)
        if not gone:
            return
        [order] = gone
        assert order.field_order is not None
        taken = fieldwork.plan_order_round(
            orders=[order.field_order], name="Cortes", on=self.on, assigned_to=self.phone.device.clerk, at=self.at,
            by="laura",
        )  # fmt: skip
        stop = taken.stops.get()
        self.carried.append(Carried(stop, order, home))
        self.ask(self.carried[-1])

    def ask(self, carried: Carried) -> None:
        """With network: the phone asks whether it proceeds."""
        order = DisconnectionOrder.objects.get(pk=carried.order.pk)
        is_right = order.state == "dispatched" and carried.home.may_be(order.measure, self.at)
        assert order.approved_at is not None
        is_right = is_right and self.at < order.approved_at + timedelta(days=15)
        [told] = packing.told_of(stops=[carried.stop], at=self.at).values()
        assert told["verdict"]["go"] == is_right, (carried, order.state, told, self.at)
        carried.checked_at, carried.is_go = self.at, is_right

    # -- the crew

    def cut(self, carried: Carried) -> None:
        """A hand closes the valve, by what the phone last read, or against it. Told later."""
        home, order = carried.home, DisconnectionOrder.objects.get(pk=carried.order.pk)
        assert carried.checked_at is not None
        was_right = (
            carried.is_go
            and order.state == "dispatched"
            and self.at - carried.checked_at <= timedelta(hours=24)
            and home.may_be(order.measure, self.at)
        )
        body = {"done": True, "seal": "S-1", "answers": {"seal": "S-1"}, "reason": "", "notes": "",
                "checked_at": carried.checked_at.isoformat()}  # fmt: skip
        line = self.phone.line(self.phone.tells(carried.stop, "order", body, self.at))
        self.blows.append(Blow(carried, self.at, was_right, line))
        if not home.is_dry:
            home.is_dry, home.cut_at = True, self.at
            home.owed_at_cut = max(home.past_due(self.on)[0], 0)

    def send(self, blows: list[Blow]) -> list[fieldwork.Acknowledgment]:
        """The network lets some lines through, whichever, as many times as it likes."""
        return fieldwork.receive_events(
            device=self.phone.device, lines=[each.line for each in blows], at=self.at
        )


def bill(account: Account, period: int) -> None:
    """A month more, due on the fifteenth of the next."""
    after = date(period // 100, period % 100, 28) + timedelta(days=5)
    owe(account, 100_00, period=period, due_on=after.replace(day=15))


def built(town: Town) -> tuple[Town, Telephone]:
    """What stands before every story: the law that changes in August, three months owed, the phone of a crew."""
    law = DisconnectionPolicy.objects.get(code="cortes-2018")
    law.pk, law.code, law.effective_from = None, "ley-de-agosto", LAW_DAY
    law.measures = {**law.measures, "residential": "restriction"}
    law.save(force_insert=True)
    counter.session(START.date())
    for account in (town.chuy, town.lupita, town.lot, town.espiga, town.school):
        for month in (3, 4, 5):
            bill(account, 201900 + month)
    return town, telephone_of(street.crew(), at=START)


def corner(town: Town, phone: Telephone) -> Corner:
    """A new story of the corner."""
    uses = ((town.chuy, "residential"), (town.lupita, "residential"), (town.lot, "vacant_lot"),
            (town.espiga, "commercial"), (town.school, "public"))  # fmt: skip
    told = Corner(town, phone)
    for account, use in uses:
        told.homes[account.number] = Home(account, use, is_senior=account == town.lupita)
    return told
