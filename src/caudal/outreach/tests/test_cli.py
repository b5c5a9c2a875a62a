"""`caudal outreach`: what the pages do, a command does too."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from PIL import Image
from pypdf import PdfReader

from caudal.kernel.refusals import Refusal
from caudal.outreach.cli import outreach
from caudal.outreach.models import OutreachAction, OutreachEntry
from caudal.outreach.tests.winter import campaign, photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town", "media")]
SPOT = (
    "plan", "PRONTO-2019", "radio_spot", "Spot de 30 segundos", "--from", "2019-01-02", "--to", "28/02/2019",
    "--cost", "2,000", "--by", "laura",
)  # fmt: skip


def run(*words: object) -> str:
    answer = CliRunner().invoke(outreach, [str(word) for word in words], catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return answer.output


def told(*words: object) -> Any:
    return json.loads(run(*words, "--json"))


def test_a_campaign_is_planned_told_and_seen() -> None:
    """Lupita's $100.00 of the story is what came in today."""
    campaign()
    assert "Nada planeado." in run("show", "PRONTO-2019")

    action = told(*SPOT)["action"]
    assert told("log", action, 12, "--cost", "500", "--by", "laura")["amount"] == "12 spots"

    row = told("show", "PRONTO-2019")[0]
    assert (row["cost_cents"], row["done"], row["quantity"], row["spent_cents"]) == (200_000, 1, 12, 50_000)
    found = told("result", "PRONTO-2019")
    assert (found["collected_cents"], found["spent_cents"], found["cost_cents"]) == (10_000, 50_000, 50_000)
    assert run("result", "PRONTO-2019").splitlines() == [
        "31 ene 2019         $100.00      $500.00  12 spots", "Cobrado en esos días $100.00; gastado $500.00."
    ]  # fmt: skip
    assert "PRONTO-2019" in run("list") and "$500.00 de $2,000.00" in run("list")
    assert "radio_spot" in run("show", "PRONTO-2019")


def test_a_mistake_is_voided_and_what_nobody_began_is_dropped(tmp_path: Path) -> None:
    campaign()
    wrong, other = told(*SPOT)["action"], told(*SPOT)["action"]
    proof = tmp_path / "foto.jpg"
    proof.write_bytes(photo())
    entry = told("log", wrong, 120, "--on", "2019-01-30", "--evidence", proof)["entry"]

    assert "anulada" in run("void", entry, "--reason", "Fueron 12")
    assert "Se quitó" in run("drop", other)

    assert OutreachAction.objects.get().pk == wrong
    assert OutreachEntry.objects.get(voids=entry).note == "Fueron 12"
    assert OutreachEntry.objects.get(pk=entry).evidence_kind == "picture"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*SPOT[:-4], "--cost", "mil"), "No se entiende el importe"),
        (("show", "NADA"), "No existe la campaña NADA"),
        (("log", 0, 1), "ya no está en el plan"),
        (("void", 0, "--reason", "x"), "no existe"),
    ],
)
def test_what_is_wrong_is_refused(words: tuple[object, ...], said: str) -> None:
    campaign()
    with pytest.raises(Refusal, match=said):
        run(*words)
    assert not OutreachAction.objects.exists()


def test_the_papers_are_written(tmp_path: Path) -> None:
    campaign()
    poster, picture, square = tmp_path / "c.pdf", tmp_path / "c.png", tmp_path / "s.png"
    run("poster", "PRONTO-2019", "--size", "tabloid", "--out", poster)
    run("poster", "PRONTO-2019", "--png", "--out", picture)
    assert run("poster", "PRONTO-2019", "--square", "--out", square).strip() == str(square)

    assert len(PdfReader(poster).pages) == 1
    assert (Image.open(picture).size, Image.open(square).size) == ((1275, 1650), (1080, 1080))
