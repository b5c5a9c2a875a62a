"""The facts of each paper, gathered from the agreement, the registry and the campaign; and its dates as a calendar."""

from caudal.access import queries as people
from caudal.arrangements import calendar
from caudal.arrangements.models import ArrangementPolicy, Installment, PaymentArrangement
from caudal.campaigns.models import Campaign, Waiver
from caudal.documents import arrangement_papers
from caudal.documents.arrangement_papers import ContractSheet, DebtText, InstallmentText
from caudal.documents.issuers import issuer
from caudal.kernel.models import Utility
from caudal.kernel.wording import in_reading_case, month_name, pesos
from caudal.ledger.models import Concept
from caudal.registry import queries as accounts


def contract_pdf(*, arrangement: PaymentArrangement) -> bytes:
    """The contract as it was signed, whatever happened afterwards."""
    return arrangement_papers.contract_pdf(sheet=contract_sheet(arrangement=arrangement))


def promissory_notes_pdf(*, arrangement: PaymentArrangement) -> bytes:
    """A note for each installment."""
    return arrangement_papers.promissory_notes_pdf(sheet=contract_sheet(arrangement=arrangement))


def contract_sheet(*, arrangement: PaymentArrangement) -> ContractSheet:
    """The agreement as facts; whose account it was that day."""
    card = accounts.account_card(account=arrangement.account, on=arrangement.signed_on)
    utility = Utility.objects.filter(pk=1).first()
    approver = arrangement.approval.approver if arrangement.approval else ""
    names = people.names_of(usernames={arrangement.by, approver})
    debts = _debts(arrangement)
    rules = _rules(arrangement)
    return ContractSheet(
        issuer=issuer(),
        folio=arrangement.folio,
        account_number=arrangement.account.number,
        holder_name=in_reading_case(card.holder),
        service_address=in_reading_case(card.place),
        usage=card.tariff_class_name,
        signed_on=arrangement.signed_on,
        signer_name=in_reading_case(arrangement.signer_name),
        signer_as=arrangement.signer_as,
        attended_by=names.get(arrangement.by, arrangement.by),
        approved_by=names.get(approver, approver),
        locality=utility.locality if utility else "",
        debts=debts,
        favor_cents=sum(each.owed_cents for each in debts) - arrangement.total_cents,
        installments=tuple(
            InstallmentText(
                number=each.number, due_on=each.due_on, principal_cents=each.principal_cents,
                deferral_cents=each.deferral_cents,
            )
            for each in arrangement.installments.order_by("number")
        ),
        waiver_name=waiver_words(arrangement=arrangement),
        waiver_source=", ".join(f"acuerdo {each.council_agreement}" for each in rules),
        article=arrangement.policy.article,
        on_default=default_words(policy=arrangement.policy, has_waiver=arrangement.waived_cents > 0),
    )  # fmt: skip


def due_dates_ics(*, arrangement: PaymentArrangement) -> bytes:
    """The days of the agreement, each with a bell the morning before."""
    utility = Utility.objects.filter(pk=1).first()
    place = ", ".join(part for part in (utility.name, utility.address) if part) if utility else ""
    parts = arrangement.installments.order_by("number")
    return calendar.calendar_file(
        name=f"Convenio {arrangement.folio}",
        due_dates=[_due_date(arrangement, each, place) for each in parts if each.number],
        stamped_at=arrangement.at,
    )


def default_words(*, policy: ArrangementPolicy, has_waiver: bool) -> tuple[str, ...]:
    """What breaking an agreement means under a policy, sentence by sentence."""
    parts = policy.missed_to_default
    missed = f"Con {parts} {'parcialidad vencida' if parts == 1 else 'parcialidades vencidas'} sin pagar"
    bills = policy.current_bill_missed
    if bills:
        missed += f", o {bills} {'recibo del mes vencido' if bills == 1 else 'recibos del mes vencidos'},"
    resume = {
        ArrangementPolicy.Resume.FROM_DUE_DATE: "Los recargos vuelven a contar desde que venció cada recibo.",
        ArrangementPolicy.Resume.FROM_DEFAULT: "Los recargos vuelven a contar desde el día del incumplimiento.",
    }[ArrangementPolicy.Resume(policy.surcharges_resume)]
    return tuple(
        sentence
        for sentence in (
            f"{missed} el convenio se da por incumplido.",
            "Lo pagado se aplica al adeudo original y lo que falte vuelve a los recibos y conceptos de los que salió.",
            "Lo condonado se vuelve a deber." if has_waiver else "",
            resume,
            _penalty(policy),
        )
        if sentence
    )


def waiver_words(*, arrangement: PaymentArrangement) -> str:
    """The names of the campaigns that forgave a part of it."""
    return " y ".join(each.name for each in _rules(arrangement))


def percent(ppm: int, /) -> str:
    """`150000` → `15 %`, `14700` → `1.47 %`."""
    whole, rest = divmod(ppm, 10_000)
    decimals = f"{rest:04d}".rstrip("0")
    return f"{whole}.{decimals} %" if decimals else f"{whole} %"


def _penalty(policy: ArrangementPolicy) -> str:
    parts = [
        f"{percent(policy.penalty_ppm)} de lo que falte" if policy.penalty_ppm else "",
        pesos(policy.penalty_fixed_cents) if policy.penalty_fixed_cents else "",
    ]
    said = " y ".join(part for part in parts if part)
    return f"Se suma una pena de {said}." if said else ""


def _rules(arrangement: PaymentArrangement) -> list[Campaign]:
    """The campaigns that forgave on the condition that it is kept, in the order they did."""
    if not arrangement.waived_cents:
        return []
    waivers = Waiver.objects.filter(
        account_id=arrangement.account_id, document=arrangement.folio, is_conditional=True
    )
    return [each.campaign for each in waivers.select_related("campaign").order_by("pk") if each.campaign]


def _debts(arrangement: PaymentArrangement) -> tuple[DebtText, ...]:
    names = dict(Concept.objects.values_list("code", "name"))
    return tuple(
        DebtText(
            period=month_name(each["period"]) if each["period"] else "otros cargos",
            concept=names.get(each["concept"], each["concept"]),
            owed_cents=each["owed_cents"],
            waived_cents=each["waived_cents"],
        )
        for each in arrangement.debts
    )


def _due_date(arrangement: PaymentArrangement, each: Installment, place: str) -> calendar.DueDate:
    said = f"{each.number} de {arrangement.count}"
    return calendar.DueDate(
        uid=f"{arrangement.folio}-{each.number}@caudal",
        on=each.due_on,
        summary=f"Pagar {pesos(each.total_cents)} del convenio de agua, {said}",
        description=(
            f"Parcialidad {said} del convenio {arrangement.folio}, cuenta {arrangement.account.number}: "
            f"{pesos(each.total_cents)}.\nEl recibo del mes se paga aparte."
        ),
        place=place,
    )
