"""Each kind of table, line by line: cells → rows. Whatever cannot be a row is set apart with its reason."""

from collections.abc import Callable

from stdnum.exceptions import ValidationError
from stdnum.mx import curp as curp_rules
from stdnum.mx import rfc as rfc_rules

from caudal.intake.findings import Finding
from caudal.intake.mapping import Mapping, TableMapping
from caudal.intake.rehearsal.cells import Cells
from caudal.intake.rehearsal.rows import AccountRow, DebtRow, PaymentRow, ReadingRow, Row
from caudal.intake.sources import Source

GENERIC_RFC = ("XAXX010101000", "XEXX010101000")
PROBLEMS = {
    "InvalidChecksum": "su dígito verificador no corresponde",
    "InvalidFormat": "no tiene la forma debida",
    "InvalidLength": "no tiene el largo debido",
    "InvalidComponent": "la fecha o la entidad que lleva dentro no existe",
}


def account(cells: Cells) -> AccountRow | None:
    """One account of the padrón."""
    row = AccountRow(
        cells.source.name, cells.line.number,
        number=cells.text("number"), route=_route(cells), sector=cells.raw("sector").strip(),
        walk_sequence=cells.number("walk_sequence"),  # type: ignore[arg-type] # a line with None is not good
        name=cells.text("name"), address=cells.text("address"), neighborhood=cells.text("neighborhood"),
        locality=cells.text("locality"), tariff_class=cells.code("tariff_class"),
        is_metered=cells.code("service") == "metered", has_sewerage=bool(cells.code("sewerage")),
        meter=cells.raw("meter").strip().upper(), diameter_mm=cells.code("diameter"),
        opened_on=cells.day("opened_on"),  # type: ignore[arg-type]
        discount=cells.code("discount") if cells.has("discount") else "",
        phone=_phone(cells), rfc=_identity(cells, "rfc"), curp=_identity(cells, "curp"),
        status=cells.code("status"),
        balance_cents=cells.amount("balance") if cells.has("balance") else None,
        months_owed=cells.number("months_owed") if cells.has("months_owed") else None,
    )  # fmt: skip
    _check_meter(cells, row)
    return row if cells.is_good else None


def reading(cells: Cells) -> ReadingRow | None:
    """One visit to a meter."""
    raw_code = cells.raw("observation").strip()
    row = ReadingRow(
        cells.source.name, cells.line.number, cells.text("account"), cells.raw("meter").strip().upper(),
        cells.period() or 0, cells.number("value"), cells.number("consumption"),
        cells.code("observation") if raw_code else "00",
        cells.day("read_on"),  # type: ignore[arg-type]
        " ".join(cells.raw("reader").split()) or "sistema anterior",
    )  # fmt: skip
    if row.value is None and not raw_code and cells.is_good:
        cells.fail("no_value_no_reason", "value")
    return row if cells.is_good else None


def debt(cells: Cells) -> DebtRow | None:
    """One concept of one month that an account owes."""
    row = DebtRow(
        cells.source.name, cells.line.number, cells.text("account"), cells.period() or 0, cells.code("concept"),
        cells.amount("amount") or 0,
    )  # fmt: skip
    if row.cents <= 0 and cells.is_good:
        cells.fail("bad_amount", "amount")
    return row if cells.is_good else None


def payment(cells: Cells) -> PaymentRow | None:
    """One payment of the past."""
    row = PaymentRow(
        cells.source.name, cells.line.number, cells.text("folio"), cells.text("account"),
        cells.day("paid_on"),  # type: ignore[arg-type]
        cells.hour("paid_at"), cells.amount("amount") or 0, cells.code("tender"), cells.raw("till").strip(),
        bool(cells.code("canceled")) if cells.has("canceled") else False,
    )  # fmt: skip
    if row.cents <= 0 and cells.is_good:
        cells.fail("bad_amount", "amount")
    if cells.is_good and row.is_canceled:
        cells.note("canceled_payment", "canceled")
    return row if cells.is_good else None


READ_ROW: dict[str, Callable[[Cells], Row | None]] = {
    "accounts": account, "readings": reading, "debts": debt, "payments": payment,
}  # fmt: skip
ACCOUNT_FIELD = {"accounts": "number", "readings": "account", "debts": "account", "payments": "account"}
AMOUNT_FIELD = {"accounts": "balance", "debts": "amount", "payments": "amount"}


def cells_of(*, mapping: Mapping, table: TableMapping, source: Source, findings: list[Finding]) -> Cells:
    """Cells for a file; only accounts may have substitutes, for money is never made up."""
    cells = Cells(mapping=mapping, table=table, source=source, findings=findings)
    if table.shape.name == "accounts":
        cells.substitutes = mapping.if_unusable
    return cells


def _route(cells: Cells) -> str:
    """Sector and route, such as 01-004."""
    route, sector = cells.text("route"), cells.raw("sector").strip()
    return f"{sector}-{route}" if sector and route else route


def _phone(cells: Cells) -> str:
    phone = cells.raw("phone").strip()
    if phone and sum(each.isdigit() for each in phone) != 10:
        cells.note("odd_phone", "phone")
    return phone


def _identity(cells: Cells, name: str) -> str:
    """RFC or CURP with its check digit; a wrong one is left out and told."""
    text = cells.raw(name).strip().upper().replace(" ", "").replace("-", "")
    if not text or text in GENERIC_RFC:
        return text
    try:
        if name == "rfc":
            return str(rfc_rules.validate(text, validate_check_digits=True))
        return str(curp_rules.validate(text))
    except ValidationError as problem:
        cells.note(
            f"invalid_{name}", name, problem=PROBLEMS.get(type(problem).__name__, "no tiene la forma debida")
        )
        return ""


def _check_meter(cells: Cells, row: AccountRow) -> None:
    """A metered service has a meter; a flat one has none."""
    if not cells.is_good:
        return
    if row.meter and not row.is_metered:
        cells.note("flat_with_meter", "meter")
        row.meter = ""
    if row.is_metered and not row.meter and cells.mapping.decisions["metered_without_meter"] == "flat":
        cells.note("replaced", "service", problem="es medida y no tiene medidor", replacement="cuota fija")
        row.is_metered = False
