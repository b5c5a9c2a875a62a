"""December 2019: 75 % less of surcharges, on a sheet of paper at the corner and on a telephone.

A letter is read at three meters when its capitals are 10 minutes of arc tall: 3 m x tan(10') = 8.7 mm = 24.7 pt,
which in Inter (capitals of 0.727 em) is a size of 34 pt.
"""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from pypdfium2 import PdfDocument

from caudal.documents import announcements
from caudal.documents.announcements import AnnouncementSheet, PosterSize
from caudal.documents.layouts import Issuer
from caudal.documents.tests.paper import sizes, words

READ_AT_THREE_METERS = 34
ISSUER = Issuer(
    name="SIBAPAS", long_name="Sistema Barquense de Agua Potable, Alcantarillado y Saneamiento", rfc="SBA010101AA4",
    address="Morelos 100, Centro", phone="392 935 0000", whatsapp="392 100 0000",
)  # fmt: skip
DECEMBER = AnnouncementSheet(
    issuer=ISSUER, name="Cierre de año", figure="75 %", lowers="menos en tus recargos",
    dates=("Del 1 al 31 de diciembre", "de 2019"), where="Morelos 100, Centro",
    condition="Al pagar todo lo que debes en una sola exhibición o al firmar un convenio.",
    limits=("Uso habitacional.", "Hasta $1,000.00 por cuenta."), agreement="Acuerdo de Cabildo 45/2019",
    on=date(2019, 12, 1),
)  # fmt: skip


def picture(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


@pytest.mark.parametrize(
    ("size", "points"), [(PosterSize.LETTER, (612, 792)), (PosterSize.TABLOID, (792, 1224))]
)
def test_the_poster_says_everything_on_one_sheet(size: PosterSize, points: tuple[int, int]) -> None:
    pdf = announcements.poster_pdf(sheet=DECEMBER, size=size)

    paper = PdfDocument(pdf)
    assert (len(paper), tuple(round(side) for side in paper[0].get_size())) == (1, points)
    said = words(pdf)
    for part in (
        "SIBAPAS", "Cierre de año", "75 %", "menos en tus recargos", "Del 1 al 31 de diciembre de 2019",
        "en una sola exhibición o al firmar un convenio.", "Hasta $1,000.00 por cuenta.", "Morelos 100, Centro",
        "Tel. 392 935 0000", "Acuerdo de Cabildo 45/2019",
    ):  # fmt: skip
        assert part in said, part


@pytest.mark.parametrize("size", PosterSize)
def test_the_offer_and_its_dates_are_read_from_three_meters(size: PosterSize) -> None:
    found = sizes(announcements.poster_pdf(sheet=DECEMBER, size=size))

    far = "".join(letters for points, letters in found.items() if points >= READ_AT_THREE_METERS)
    for part in ("75", "menosentusrecargos", "Del1al31dediciembre", "de2019"):
        assert part in "".join(far.split()), part
    seen = [points for points, letters in found.items() if letters.strip()]
    assert len(seen) <= 9, "few sizes, each with its reason"


def test_a_poster_with_too_much_to_say_is_still_one_sheet() -> None:
    wordy = replace(
        DECEMBER, name="Cierre de año con los recargos a la cuarta parte para toda la familia barquense y sus vecinos",
        figure="$12,500.50", lowers="menos en agua, alcantarillado, saneamiento y recargos",
        condition=DECEMBER.condition * 4, limits=("En " + "San José Casas Caídas, " * 12,) * 4,
    )  # fmt: skip

    for size in PosterSize:
        pdf = announcements.poster_pdf(sheet=wordy, size=size)
        assert len(PdfDocument(pdf)) == 1
        assert "Acuerdo de Cabildo 45/2019" in words(pdf)
    assert picture(announcements.social_picture_png(sheet=wordy)).size == (1080, 1080)


def test_the_same_campaign_gives_the_same_bytes() -> None:
    first, again = (announcements.poster_pdf(sheet=DECEMBER, size=PosterSize.LETTER) for _ in range(2))
    assert first == again


def test_the_poster_as_a_picture_is_sharp_enough_to_print() -> None:
    """8.5 × 11 inches at 150 dots an inch."""
    poster = picture(announcements.poster_png(sheet=DECEMBER, size=PosterSize.LETTER))
    assert (poster.format, poster.size) == ("PNG", (1275, 1650))


def test_the_square_is_what_social_networks_show_whole_in_the_color_of_the_utility() -> None:
    red = replace(DECEMBER, issuer=replace(ISSUER, primary_color="#9b1c1c"))

    for sheet, color in ((DECEMBER, (11, 79, 102)), (red, (155, 28, 28))):
        square = picture(announcements.social_picture_png(sheet=sheet)).convert("RGB")
        assert square.size == (1080, 1080)
        assert square.getpixel((8, 8)) == color
        assert square.getpixel((8, 1072)) == (255, 255, 255)


def test_the_shield_of_the_utility_is_on_both(tmp_path: Path) -> None:
    """A green square for a shield: it is found on the poster's head and on the square's foot."""
    shield = tmp_path / "escudo.svg"
    shield.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="10" height="10" fill="#00aa00"/></svg>'
    )
    ours = replace(DECEMBER, issuer=replace(ISSUER, logo_path=str(shield)))

    for png in (
        announcements.poster_png(sheet=ours, size=PosterSize.LETTER),
        announcements.social_picture_png(sheet=ours),
    ):
        colors = picture(png).convert("RGB").getcolors(1 << 20)
        assert colors and (0, 170, 0) in {color for _, color in colors}
    assert "SIBAPAS" in words(announcements.poster_pdf(sheet=ours, size=PosterSize.TABLOID))
