"""The papers of a payment agreement: its contract, and a promissory note for each installment. Facts in, PDF out."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from caudal.documents import figures, typesetting
from caudal.documents.layouts import Issuer, SheetDoesNotAddUp


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtText:
    """What was owed of one concept of one period, and how much of it is forgiven (centavos)."""

    period: str
    concept: str
    owed_cents: int
    waived_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallmentText:
    """One payment of the table; number 0 is the down payment. `deferral_cents` is the price of waiting for it."""

    number: int
    due_on: date
    principal_cents: int
    deferral_cents: int = 0

    @property
    def total_cents(self) -> int:
        return self.principal_cents + self.deferral_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractSheet:
    """An agreement as signed. `on_default` are the sentences about not keeping it, as the policy of that day says.

    :raises SheetDoesNotAddUp: if the installments are not the debt, less what is forgiven
    """

    issuer: Issuer
    folio: str
    account_number: str
    holder_name: str
    service_address: str
    usage: str
    signed_on: date
    signer_name: str
    signer_as: str
    attended_by: str
    locality: str
    debts: tuple[DebtText, ...]
    installments: tuple[InstallmentText, ...]
    # what the account had in favor, and was applied on signing
    favor_cents: int = 0
    approved_by: str = ""
    waiver_name: str = ""
    waiver_source: str = ""
    article: str = ""
    on_default: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.agreed_cents != sum(each.principal_cents for each in self.installments):
            raise SheetDoesNotAddUp(
                f"El convenio {self.folio} no cuadra: los pagos no suman lo que se debe.",
                "No se imprime hasta corregirlo: revise el convenio.",
                field="installments",
                value=self.folio,
            )

    @property
    def owed_cents(self) -> int:
        return sum(each.owed_cents for each in self.debts)

    @property
    def waived_cents(self) -> int:
        return sum(each.waived_cents for each in self.debts)

    @property
    def agreed_cents(self) -> int:
        return self.owed_cents - self.favor_cents - self.waived_cents


def contract_pdf(*, sheet: ContractSheet) -> bytes:
    """The contract as a tagged PDF, on as many pages as its debt takes.

    :raises CannotReadLogo: if the utility's logo cannot be read
    """
    return typesetting.paper(
        template="contract.typ", title=f"Convenio {sheet.folio}", issuer=sheet.issuer, on=sheet.signed_on,
        page=_contract_page(sheet),
    )  # fmt: skip


def promissory_notes_pdf(*, sheet: ContractSheet) -> bytes:
    """A note for each payment that waits, three to a page.

    One note with several due dates would be payable on sight in whole (the law of negotiable instruments takes it
    so): each installment has its own, and it is given back when that installment is paid.

    :raises CannotReadLogo: if the utility's logo cannot be read
    """
    return typesetting.paper(
        template="promissory_note.typ", title=f"Pagarés del convenio {sheet.folio}", issuer=sheet.issuer,
        on=sheet.signed_on, page=_notes_page(sheet),
    )  # fmt: skip


def _contract_page(sheet: ContractSheet) -> dict[str, Any]:
    down = sum(each.total_cents for each in sheet.installments if each.number == 0)
    later = [each for each in sheet.installments if each.number]
    deferral = sum(each.deferral_cents for each in sheet.installments)
    return {
        "folio": sheet.folio,
        "account": figures.account_in_groups(sheet.account_number),
        "holder": sheet.holder_name,
        "address": sheet.service_address,
        "service": sheet.usage,
        "place": _place(sheet),
        "signed": figures.short_date(sheet.signed_on),
        "signer": sheet.signer_name,
        "signer_as": sheet.signer_as,
        "utility": sheet.issuer.long_name or sheet.issuer.name,
        "attended_by": sheet.attended_by,
        "approved_by": sheet.approved_by,
        "article": figures.tied(sheet.article),
        "debts": [
            _period(name, list(rows)) for name, rows in groupby(sheet.debts, key=lambda each: each.period)
        ],
        "favor": figures.pesos(-sheet.favor_cents) if sheet.favor_cents else "",
        "subtotal": figures.pesos(sheet.owed_cents - sheet.waived_cents),
        "has_waiver": sheet.waived_cents > 0,
        "owed": figures.pesos(sheet.owed_cents),
        "waived": figures.pesos(-sheet.waived_cents),
        "forgiven": figures.pesos(sheet.waived_cents),
        "agreed": figures.pesos(sheet.agreed_cents),
        "agreed_words": figures.pesos_in_words(sheet.agreed_cents),
        "waiver_name": figures.tied(sheet.waiver_name),
        "waiver_source": figures.tied(sheet.waiver_source),
        "installments": [_installment(each) for each in sheet.installments],
        "has_deferral": deferral > 0,
        "deferral": figures.pesos(deferral),
        "to_pay": figures.pesos(sheet.agreed_cents + deferral),
        "down": figures.pesos(down) if down else "",
        "count": len(later),
        "on_default": [figures.tied(each) for each in sheet.on_default],
    }


def _period(name: str, rows: list[DebtText]) -> dict[str, Any]:
    return {
        "name": name,
        "rows": [
            [
                each.concept,
                figures.pesos(each.owed_cents),
                figures.pesos(-each.waived_cents) if each.waived_cents else "",
                figures.pesos(each.owed_cents - each.waived_cents),
            ]
            for each in rows
        ],
    }


def _installment(each: InstallmentText) -> list[str]:
    return [
        str(each.number) if each.number else "Pago inicial",
        figures.short_date(each.due_on),
        figures.pesos(each.principal_cents),
        figures.pesos(each.deferral_cents),
        figures.pesos(each.total_cents),
    ]


def _notes_page(sheet: ContractSheet) -> dict[str, Any]:
    later = [each for each in sheet.installments if each.number]
    return {
        "folio": sheet.folio,
        "account": figures.account_in_groups(sheet.account_number),
        "payee": sheet.issuer.long_name or sheet.issuer.name,
        "payee_address": sheet.issuer.address,
        "signer": sheet.signer_name,
        "address": sheet.service_address,
        "place": _place(sheet),
        "locality": sheet.locality,
        "notes": [
            {
                "number": each.number,
                "of": len(later),
                "amount": figures.pesos(each.total_cents),
                "words": figures.pesos_in_words(each.total_cents),
                "due": figures.long_date(each.due_on),
            }
            for each in later
        ],
    }


def _place(sheet: ContractSheet) -> str:
    signed = figures.long_date(sheet.signed_on)
    return f"{sheet.locality}, a {signed}" if sheet.locality else signed
