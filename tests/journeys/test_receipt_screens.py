"""The papers of a payment on a screen: sound at three widths, the QR read from the glass, the paper 80 mm wide."""

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
import zxingcpp
from django.db import transaction
from PIL import Image
from pypdfium2 import PdfDocument

from caudal.cashier import queries
from caudal.cashier.models import PrintJob, Till
from caudal.cashier.printing import sender
from caudal.cashier.printing.printers import SimulatedPrinter
from caudal.registry.queries import account_by_number
from tests.journeys.browsing import Walk, until
from tests.journeys.story import TODAY
from tests.journeys.test_every_screen import faults
from tests.town import counter

pytestmark = pytest.mark.browser
Start = Callable[..., Walk]
OF_STAFF = (
    "/comprobantes/",
    "/comprobantes/A-000001/",
    "/comprobantes/?folio=Z-9",
    "/comprobantes/A-CAN-000001/",
)


def a_hard_morning() -> tuple[str, str]:
    """A payment canceled, one that a printer half printed, one that waits → the codes of a valid and a canceled one."""
    lupita = account_by_number(number="010293")
    valid = counter.pay(lupita, 5_000, on=TODAY)
    canceled = counter.pay(lupita, 2_500, on=TODAY)
    counter.cancel(canceled["receipt_folio"], on=TODAY)
    Till.objects.filter(pk="1").update(printer="127.0.0.1:9")
    till = Till.objects.get(pk="1")
    for folio in (valid["receipt_folio"], canceled["receipt_folio"]):
        PrintJob.objects.create(
            till=till, kind="receipt", receipt=queries.receipt_by_folio(folio=folio), asked_at=datetime.fromisoformat(
                "2019-01-31T11:00-06:00"), asked_by="veronica",
        )  # fmt: skip
    simulated = SimulatedPrinter(plan=["lost", "off"])
    sender.drain(till_code="1", printer_at=lambda address: simulated)
    return valid["verification"], canceled["verification"]


def pictures(walk: Walk, path: str, name: str, *, width: int, folder: Path) -> Image.Image:
    walk.page.set_viewport_size({"width": width, "height": 768})
    walk.go(path)
    picture = walk.page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
    return Image.open(io.BytesIO(picture))


def test_every_paper_is_sound_at_three_widths(living_site: str, walk: Start, tmp_path: Path) -> None:
    with transaction.atomic():
        valid, canceled = a_hard_morning()
    anybody, rosa = walk(living_site), walk(living_site, "rosa")

    of_all = ["/v/", "/v/?codigo=", f"/v/{valid}", f"/v/{canceled}", "/v/0123456789ABCDEFGHJK"]
    found = [fault for path in of_all for fault in faults(anybody, path)]
    found += [fault for path in (*OF_STAFF, "/impresion/") for fault in faults(rosa, path)]
    assert found == [], "\n".join(found)


def test_the_ticket_is_paper_of_80_mm_and_its_qr_is_read_from_the_glass(
    living_site: str, walk: Start, tmp_path: Path
) -> None:
    with transaction.atomic():
        valid, _ = a_hard_morning()
        Till.objects.filter(pk="1").update(printer="")
        receipt = queries.receipt_by_folio(folio="A-000003")
    veronica = walk(living_site, "veronica")
    veronica.page.add_init_script("window.print = () => { window.printed = (window.printed || 0) + 1; }")
    path = f"/comprobantes/{receipt.folio}/"
    veronica.go(path)
    veronica.choose("Reimprimir")
    until(lambda: veronica.page.evaluate("window.printed") == 1)

    assert veronica.page.url.endswith(f"{path}ticket/?reimpresion=1")
    veronica.see("REIMPRESIÓN")
    picture = Image.open(io.BytesIO(veronica.page.screenshot(full_page=True)))
    assert [each.text for each in zxingcpp.read_barcodes(picture)] == [f"{living_site}/v/{valid}"]
    assert faults(veronica, f"{path}ticket/?reimpresion=1") == []
    paper = veronica.page.pdf(prefer_css_page_size=True)
    pages = PdfDocument(io.BytesIO(paper))
    assert len(pages) == 1
    assert round(pages[0].get_width() / 72 * 254) in range(798, 803)  # tenths of a millimetre
