"""`caudal campaign`: what the pages do, a command does too."""

import json

import pytest
from click.testing import CliRunner
from tests.town import counter
from tests.town.cast import PIN, Town

from caudal.campaigns.cli import campaign
from caudal.campaigns.models import Campaign
from caudal.campaigns.tests.stories import draft, in_force, owe, pay_at_once
from caudal.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_NOW", "2019-04-10T12:00")


def run(*words: str) -> str:
    answer = CliRunner().invoke(campaign, list(words), catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_a_campaign_is_previewed_published_and_withdrawn(priced: Town) -> None:
    counter.hire()
    draft()
    owe(priced.chuy, water=1_000_00)

    told = json.loads(run("preview", "abril-2019", "--json"))
    run(
        "publish",
        "ABRIL-2019",
        "--approver",
        "salas",
        "--pin",
        PIN,
        "--reason",
        "Sesión del 20",
        "--by",
        "laura",
    )

    # 1 000.00 × 3 % × 75 % = 22.50
    assert (told["n_accounts"], told["forgiven_cents"], told["expected_cents"]) == (1, 22_50, 1_007_50)
    assert "Se condonaría $22.50; ingreso esperado $1,007.50" in run("preview", "ABRIL-2019")
    assert Campaign.objects.get().published_by == "salas"
    assert "vigente" in run("list")
    run("withdraw", "ABRIL-2019", "--reason", "El consejo la revocó", "--by", "salas")
    assert "retirada" in run("list")


def test_what_was_forgiven_is_told_with_its_sums(priced: Town) -> None:
    in_force()
    owe(priced.chuy, water=1_000_00)
    pay_at_once(priced.chuy, 1_007_50)

    told = json.loads(run("forgiven", "--json"))

    assert (told["since"], told["until"], told["net_cents"]) == ("2019-04-01", "2019-04-10", 22_50)
    assert [each["of"] for each in told["by_document"]] == ["A-000001"]
    assert "queda $22.50" in run("forgiven", "--rule", "abril-2019")
    assert "queda $0.00" in run("forgiven", "--since", "2019-05-01", "--until", "2019-05-31")


def test_a_campaign_that_is_not_is_refused(town: Town) -> None:
    with pytest.raises(Refusal, match="No existe la campaña"):
        run("preview", "NADA")
