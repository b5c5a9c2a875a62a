"""The pages of the channels with a real file in them: nothing axe complains of, at the counter and on a telephone."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from caudal.cashier import commands as cashier
from caudal.cashier.channels import examples, layout
from caudal.cashier.models import SettlementLine
from caudal.kernel import clock
from caudal.registry.models import Account

if TYPE_CHECKING:
    from tests.journeys.browsing import Walk

pytestmark = pytest.mark.browser


def file_of(today: Any, *rows: str) -> bytes:
    return (
        ("cuenta,importe,fecha,referencia\n" + "".join(f"{row}\n" for row in rows)).format(day=today).encode()
    )


def blemishes(walk: "Walk") -> list[str]:
    found = Axe().run(walk.page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found]


@pytest.mark.parametrize("width", [1366, 360])
def test_the_pages_of_a_channel_have_no_barriers(
    living_site: str, walk: Callable[..., "Walk"], tmp_path: Path, width: int
) -> None:
    today, number = clock.today(), Account.objects.order_by("number")[0].number
    code = f"banco-{width}"
    channel = cashier.open_channel(
        code=code, name="Banco del Bajío", series=f"B{width}", at=clock.now(), by="salas",
        layout=layout.from_toml(text=examples.text(name="plain")).document,
    )  # fmt: skip
    loaded = cashier.load_settlement(
        channel=channel, name="pagos-1501.csv", at=clock.now(), by="rosa",
        content=file_of(today, f"{number},50.00,{{day}},1", "999999,644.78,{day},2", "010117,-9.00,{day},3"),
    )  # fmt: skip
    assert loaded.file
    rosa, found = walk(living_site, "rosa", width=width, height=768), []

    def look(path: str) -> None:
        assert rosa.go(path) == 200
        found.extend(f"{path} {each}" for each in blemishes(rosa))
        wide = rosa.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        found.extend([f"{path} is {wide} px wider than the screen"] if wide > 0 else [])

    waiting = {
        line.amount_cents > 0: line.pk
        for line in SettlementLine.objects.filter(channel=channel, receipt=None)
    }
    applied = SettlementLine.objects.get(channel=channel, receipt__isnull=False)
    for path in (
        "/canales/", f"/canales/{code}/", f"/canales/archivos/{loaded.file.pk}/",
        f"/canales/movimientos/{applied.pk}/retiro/", "/por-identificar/",
        f"/por-identificar/{waiting[True]}/", f"/por-identificar/{waiting[False]}/",
    ):  # fmt: skip
        look(path)
    for name, rows in (
        ("bien.csv", [f"{number},10.00,{{day}},7", "999998,5.00,{day},8"]),
        ("mal.csv", ["1,x,{day},9"]),
    ):
        path = tmp_path / name
        path.write_bytes(file_of(today, *rows))
        rosa.go(f"/canales/{code}/")
        rosa.page.set_input_files("input[type=file]", path)
        with rosa.page.expect_navigation():
            rosa.page.get_by_role("button", name="Ver qué trae").click()
        found.extend(f"{name} {each}" for each in blemishes(rosa))
    assert found == []
