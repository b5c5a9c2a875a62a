"""What the commercial area does every month: the counter, arrangements, meters and bills, benefits."""

from collections.abc import Sequence
from typing import Final

from caudal.kernel.wording import pesos
from caudal.reports.activities.counting import Definition, Values, amounts, counted, many, sentences

WINDOW: Final = "window"
TENDERS: Final = (
    ("cash", "en efectivo"),
    ("card", "con tarjeta"),
    ("check", "con cheque"),
    ("transfer", "por transferencia o depósito"),
)


def counter(*, channels: Sequence[tuple[str, str]]) -> Definition:
    """Attention at the counter, and what came in by the channels that brought any (code and name)."""

    def say(values: Values) -> tuple[str, str]:
        by_tender = amounts(values, TENDERS)
        elsewhere = amounts(values, [(f"channel_{code}_cents", f"por {name}") for code, name in channels])
        gone = values["canceled"]
        return "Atención ciudadana para cobro de servicios y estatus de sus cuentas.", sentences(
            f"Se atendió a {many(values['people'], 'persona', 'personas')} en ventanilla y se cobraron "
            f"{pesos(values['window_cents'])}" + (f": {by_tender}" if by_tender else "")
            if values["people"] else "",
            f"llegaron además {elsewhere}" if elsewhere else "",
            f"se {'canceló' if gone == 1 else 'cancelaron'} {many(gone, 'comprobante', 'comprobantes')} por "
            f"{pesos(values['canceled_cents'])}, ya restados" if gone else "",
        )  # fmt: skip

    return Definition(
        code="counter",
        counted=(
            counted("people", "Personas atendidas en ventanilla", "receipts", kind="payment", channel=WINDOW),
            counted("accounts", "Cuentas que pagaron", "payments", distinct="account", kind="payment"),
            counted("window_cents", "Cobrado en ventanilla", "receipts", of="amount_cents", channel=WINDOW),
            *(
                counted(code, f"Ventanilla, {words}", "tenders", of="amount_cents", tender=code, channel=WINDOW)
                for code, words in TENDERS
            ),
            *(
                counted(f"channel_{code}_cents", f"Cobrado por {name}", "receipts", of="amount_cents", channel=code)
                for code, name in channels
            ),
            counted("collected_cents", "Cobrado en total", "receipts", of="amount_cents"),
            counted("canceled", "Comprobantes cancelados", "canceled_receipts"),
            counted("canceled_cents", "Importe cancelado", "canceled_receipts", of="amount_cents"),
        ),
        triggers=("people", "collected_cents", "canceled"),
        say=say,
    )  # fmt: skip


def _arrangements(values: Values) -> tuple[str, str]:
    sentence = (
        "Atención personalizada a la ciudadanía que ha incurrido en mora, para la realización de convenios de "
        "acuerdo a las capacidades de pago del usuario."
    )
    signed = many(values["signed"], "convenio", "convenios")
    return sentence, sentences(
        f"Se {'firmó' if values['signed'] == 1 else 'firmaron'} {signed} por {pesos(values['debt_cents'])} de "
        f"adeudo, con pagos iniciales de {pesos(values['down_payment_cents'])}",
        f"se condonaron {pesos(values['forgiven_cents'])} a condición de cumplirlos"
        if values["forgiven_cents"] else "",
        f"se terminaron de pagar {many(values['fulfilled'], 'convenio', 'convenios')}"
        if values["fulfilled"] else "",
        f"se dieron por incumplidos {many(values['broken'], 'convenio', 'convenios')}"
        if values["broken"] else "",
    )  # fmt: skip


ARRANGEMENTS: Final = Definition(
    code="arrangements",
    counted=(
        counted("signed", "Convenios firmados", "arrangements"),
        counted("debt_cents", "Adeudo convenido", "arrangements", of="debt_cents"),
        counted("down_payment_cents", "Pagos iniciales", "arrangements", of="down_payment_cents"),
        counted("forgiven_cents", "Condonado al firmar", "arrangements", of="forgiven_cents"),
        counted("fulfilled", "Convenios cumplidos", "arrangement_ends", kind="finished"),
        counted("broken", "Convenios incumplidos", "arrangement_ends", kind="defaulted"),
        counted("taken_back_cents", "Condonación perdida", "arrangement_ends", of="taken_back_cents"),
    ),
    triggers=("signed",),
    say=_arrangements,
)


def _meter_work(values: Values) -> tuple[str, str]:
    taken, brought = values["readings"], values["delivered"] + values["posted"]
    if taken and brought:
        sentence = "Inspección, toma de lecturas, captura y entrega de recibos a medidores en operación."
    elif taken:
        sentence = "Inspección, toma y captura de lecturas a medidores en operación."
    else:
        sentence = "Emisión y entrega de recibos." if brought else "Emisión de recibos."
    return sentence, sentences(
        f"Se {'tomó' if taken == 1 else 'tomaron'} {many(taken, 'lectura', 'lecturas')}"
        + (f", {many(values['exceptions'], 'medidor', 'medidores')} con observación o duda"
           if values["exceptions"] else "")
        if taken else "",
        f"se {'emitió' if values['bills'] == 1 else 'emitieron'} {many(values['bills'], 'recibo', 'recibos')} por "
        f"{pesos(values['bills_cents'])}" if values["bills"] else "",
        f"se {'entregó' if brought == 1 else 'entregaron'} {many(brought, 'recibo', 'recibos')} en su domicilio"
        if brought else "",
    )  # fmt: skip


METER_WORK: Final = Definition(
    code="meter_work",
    counted=(
        counted("readings", "Lecturas tomadas", "readings", kind="regular", was_read="yes"),
        counted("unread", "Medidores que no se pudieron leer", "readings", kind="regular", was_read="no"),
        counted("exceptions", "Con observación o duda", "reading_exceptions", kind="regular"),
        counted("bills", "Recibos emitidos", "bills", kind="issued"),
        counted("bills_cents", "Importe de los recibos", "bills", of="total_cents"),
        counted("billed_m3", "Agua facturada", "bills", of="m3"),
        counted("delivered", "Recibos entregados", "bill_deliveries", outcome="delivered"),
        counted("posted", "Recibos fijados en la puerta", "bill_deliveries", outcome="posted"),
        counted("undelivered", "Recibos sin entregar", "bill_deliveries", outcome="not_delivered"),
    ),
    triggers=("readings", "bills", "delivered", "posted"),
    say=_meter_work,
)


def benefits(*, percent: str, periods: tuple[int, ...]) -> Definition:
    """Benefits given to vulnerable people; `percent` is what the book in force takes off, as `50 %`."""

    def say(values: Values) -> tuple[str, str]:
        of = f" del {percent}" if percent else ""
        return f"Descuento{of} aplicado a personas vulnerables.", sentences(
            f"Se {'otorgó' if values['granted'] == 1 else 'otorgaron'} "
            f"{many(values['granted'], 'beneficio', 'beneficios')}",
            f"los vigentes redujeron {many(values['reduced'], 'recibo', 'recibos')} en "
            f"{pesos(values['reduced_cents'])}" if values["reduced"] else "",
        )  # fmt: skip

    return Definition(
        code="benefits",
        counted=(
            counted("granted", "Beneficios otorgados", "benefits_granted"),
            counted(
                "reduced", "Recibos con descuento", "benefit_reductions", distinct="bill", kind="granted"
            ),
            counted("reduced_cents", "Descontado en recibos", "benefit_reductions", of="amount_cents"),
        ),
        triggers=("granted",),
        say=say,
        periods=periods,
    )
