"""The facts of each paper, gathered from the service and the registry."""

from caudal.access import queries as people
from caudal.documents import counter_papers
from caudal.documents.counter_papers import CertificateSheet, ServiceSheet
from caudal.documents.issuers import issuer, public_address
from caudal.fees import queries
from caudal.fees.models import CertificatePrint, CounterService, CounterServiceEnd
from caudal.kernel.models import Utility
from caudal.kernel.wording import in_reading_case, short_date
from caudal.ledger.models import Allocation, DocumentKind
from caudal.registry import queries as accounts
from caudal.tariffs.models import TariffBook

_HOLDER = (("Nuevo titular", "full_name"), ("RFC", "rfc"), ("CURP", "curp"), ("Documentos", "documents"))


def service_pdf(*, service: CounterService) -> bytes:
    """The order of a service, as it stands now."""
    return counter_papers.service_pdf(sheet=service_sheet(service=service))


def service_sheet(*, service: CounterService) -> ServiceSheet:
    """The order of a service as facts; whose account it was that day."""
    card = accounts.account_card(account=service.account, on=service.asked_on)
    end = getattr(service, "end", None)
    book = TariffBook.objects.filter(code=service.book).first()
    state = queries.states_of(services=[service])[service.pk]
    return ServiceSheet(
        issuer=issuer(),
        folio=service.folio,
        name=service.name,
        article=service.article,
        tariff_name=book.name if book else "",
        account_number=service.account.number,
        holder_name=in_reading_case(card.holder),
        service_address=in_reading_case(card.place),
        usage=card.tariff_class_name,
        asked_on=service.asked_on,
        asked_by=name_of(username=service.asked_by),
        asked_for=in_reading_case(service.asked_for),
        amount_cents=service.amount_cents,
        vat_cents=service.vat_cents,
        total_cents=service.total_cents,
        open_cents=queries.open_cents(service=service),
        state=state.value,
        place=service.place,
        note=service.note,
        facts=tuple(
            (label, service.new_holder[name]) for label, name in _HOLDER if service.new_holder.get(name)
        ),
        end_text=_end_text(end),
    )


def certificate_pdf(*, printed: CertificatePrint, address: str = "") -> bytes:
    """One copy of a certificate, with the facts of the day it was issued.

    :param address: of this installation, for the QR, while the utility has not said its public one
    """
    return counter_papers.certificate_pdf(sheet=certificate_sheet(printed=printed, address=address))


def certificate_sheet(*, printed: CertificatePrint, address: str = "") -> CertificateSheet:
    """A copy as facts; nothing of it is read again from the registry."""
    certificate = printed.certificate
    facts, path = certificate.facts, f"/constancias/{certificate.code}/"
    known = public_address(path=path)
    utility = Utility.objects.filter(pk=1).first()
    return CertificateSheet(
        issuer=issuer(),
        folio=certificate.folio,
        code=certificate.code,
        verification=known if known != path else f"{address.rstrip('/')}{path}",
        account_number=facts["account"],
        holder_name=facts["holder"],
        asked_for=facts["asked_for"],
        service_address=facts["address"],
        usage=facts["usage"],
        cadastral_key=facts["cadastral_key"],
        locality=utility.locality if utility else "",
        issued_on=certificate.issued_on,
        valid_until=certificate.valid_until,
        issued_by=name_of(username=certificate.issued_by),
        service_folio=certificate.service.folio,
        receipt_folio=receipt_of(service=certificate.service),
        copy=printed.copy,
    )


def receipt_of(*, service: CounterService) -> str:
    """The folio of the last receipt that paid a service; nothing while none stands."""
    return (
        Allocation.objects.filter(
            account_id=service.account_id, period=0, document_kind=DocumentKind.FEE,
            sequence=service.charge_sequence, credit__kind="payment", amount_cents__gt=0,
        )
        .order_by("-id").values_list("credit__document", flat=True).first() or ""
    ).split("/")[0]  # fmt: skip


def name_of(*, username: str) -> str:
    """The name people call a clerk; what did it itself keeps its own."""
    return people.names_of(usernames={username}).get(username, username)


def _end_text(end: CounterServiceEnd | None) -> str:
    if end is None:
        return ""
    told = f"{end.get_kind_display()} el {short_date(end.on)} por {name_of(username=end.by)}"
    return f"{told}: {end.note}" if end.note else told
