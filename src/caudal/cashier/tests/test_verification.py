"""Anyone who holds the paper may ask whether it is real, without a name; forged codes never are."""

import random
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.cashier import chain, queries, verification
from caudal.cashier.models import Receipt, VerificationCount
from caudal.cashier.verification import Standing
from caudal.kernel.models import Utility

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town", "books")]
MARCH_5 = date(2019, 3, 5)
SEED = 20190305
Ask = Callable[..., Any]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_NOW", "2019-03-05T12:00:20")


@pytest.fixture
def receipt(town: Town) -> Receipt:
    """Doña Lupita's $50.00."""
    Utility.objects.create(
        id=1, name="SIBAPAS", long_name="Agua de La Barca", rfc="SBA", phone="392 935 0000"
    )
    return queries.receipt_by_folio(folio=counter.pay(town.lupita, 5_000, on=MARCH_5)["receipt_folio"])


def page(client: Client, code: str) -> tuple[int, str]:
    answer = client.get(f"/v/{code}")
    return answer.status_code, answer.content.decode()


def test_a_receipt_is_valid_and_says_no_name(client: Client, receipt: Receipt) -> None:
    status, html = page(client, receipt.verification)

    assert status == 200
    for words in ("Válido", "A-000001", "5 mar 2019", "$50.00", "…0293", "392 935 0000"):
        assert words in html
    for secret in ("Lupita", "Guadalupe", "Núñez", "010293", "Morelos", "Verónica", "veronica", "Caja 1"):
        assert secret not in html


def test_a_canceled_one_says_since_when_and_its_cancellation_is_no_payment(
    client: Client, receipt: Receipt
) -> None:
    told = counter.cancel(receipt.folio, on=MARCH_5)

    status, html = page(client, receipt.verification)
    assert status == 200
    assert "Cancelado" in html and "se canceló el 5 mar 2019" in html and "Válido" not in html
    other = queries.receipt_by_folio(folio=told["cancellation_folio"])
    _, html = page(client, other.verification)
    assert "es la cancelación del comprobante A-000001" in html and "Válido" not in html


def test_an_unknown_code_does_not_exist(client: Client, receipt: Receipt) -> None:
    status, html = page(client, "0123456789ABCDEFGHJK")
    assert status == 404
    assert "No existe" in html and "Válido" not in html


@pytest.mark.parametrize("typed", ["{lower}", " {spaced} ", "{hyphens}"])
def test_a_code_is_read_as_people_type_it(client: Client, receipt: Receipt, typed: str) -> None:
    code = receipt.verification
    fours = [code[start : start + 4] for start in range(0, 20, 4)]
    text = typed.format(lower=code.lower(), spaced=" ".join(fours), hyphens="-".join(fours))

    answer = client.get("/v/", {"codigo": text}, follow=True)

    assert answer.redirect_chain == [(f"/v/{code}", 302)]
    assert "Válido" in answer.content.decode()


def test_letters_that_look_like_digits_are_read_as_digits() -> None:
    assert verification.read_code("oO iIlL-7k") == "0011117K"


@pytest.mark.parametrize("typed", ["", "   ", "¿?", "ñandú", "../../etc", "<script>"])
def test_what_is_no_code_is_said_beside_the_field(client: Client, typed: str) -> None:
    answer = client.get("/v/", {"codigo": typed})
    assert answer.status_code == 422
    assert "Escriba el código tal como viene en el papel." in answer.content.decode()


def test_the_page_is_for_no_search_engine_and_no_cache(client: Client, receipt: Receipt) -> None:
    for path in ("/v/", f"/v/{receipt.verification}", "/v/X"):
        answer = client.get(path)
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Cache-Control"] == "no-store"
    assert client.post(f"/v/{receipt.verification}").status_code == 405


def forged(code: str, chance: random.Random) -> str:
    """A code edited as who forges a paper would: one letter, two exchanged, cut, longer, backwards, invented."""
    way, place = chance.randrange(7), chance.randrange(20)
    if way == 0:
        return code[:place] + chance.choice(chain.ALPHABET) + code[place + 1 :]
    if way == 1:
        other = chance.randrange(20)
        letters = list(code)
        letters[place], letters[other] = letters[other], letters[place]
        return "".join(letters)
    if way == 2:
        return code[:place]
    if way == 3:
        return code + chance.choice(chain.ALPHABET)
    if way == 4:
        return code[place:] + code[:place]
    if way == 5:
        return chance.choice(
            [code.replace(code[place], "%"), code[:-1] + "_", f"{code}' OR '1'='1", code + "\u0301"]
        )
    return "".join(chance.choice(chain.ALPHABET) for _ in range(20))


def test_two_thousand_forged_codes_and_none_is_accepted(receipt: Receipt, town: Town) -> None:
    for cents in range(100, 110):
        counter.pay(town.espiga, cents, on=MARCH_5)
    true = set(Receipt.objects.values_list("verification", flat=True))
    chance = random.Random(SEED)
    accepted, asked = [], 0
    while asked < 2_000:
        code = forged(chance.choice(sorted(true)), chance)
        if verification.read_code(code) in true:
            continue  # a letter changed for itself forges nothing
        asked += 1
        if verification.look_up(code=verification.read_code(code)) is not None:
            accepted.append(code)
    assert accepted == [], f"seed {SEED}"


def test_codes_cannot_be_guessed() -> None:
    """20 letters of 32 are 100 bits; none repeats, and each letter comes as often as the others."""
    codes = [chain.new_verification() for _ in range(2_000)]
    assert len(set(codes)) == 2_000
    letters = "".join(codes)
    assert set(letters) == set(chain.ALPHABET) and len(chain.ALPHABET) == 32
    expected = len(letters) / 32  # 1,250
    assert all(abs(letters.count(letter) - expected) < expected / 4 for letter in chain.ALPHABET)


def test_the_work_is_the_same_whatever_is_asked(client: Client, receipt: Receipt) -> None:
    def work(code: str) -> list[str]:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            verification.look_up(code=code)
        return [query["sql"].replace(code, "") for query in asked]

    known, unknown = work(receipt.verification), work("0123456789ABCDEFGHJK")
    assert known == unknown and len(known) == 1
    assert len(work("corto")) == 1


def test_one_address_asks_thirty_times_a_minute(client: Client, receipt: Receipt) -> None:
    """The thirty-first waits the 40 seconds that are left of the minute; another address does not; next minute nor he."""
    for _ in range(30):
        assert client.get(f"/v/{receipt.verification}", REMOTE_ADDR="10.0.0.1").status_code == 200

    refused = client.get(f"/v/{receipt.verification}", REMOTE_ADDR="10.0.0.1")

    assert refused.status_code == 429
    assert refused["Retry-After"] == "40"
    assert "Vuelva a intentar en 40 segundos." in refused.content.decode()
    assert "$50.00" not in refused.content.decode()
    assert client.get(f"/v/{receipt.verification}", REMOTE_ADDR="10.0.0.2").status_code == 200
    assert verification.wait_for(address="10.0.0.1", at=moment(MARCH_5, 12, 1)) == 0


def test_addresses_are_not_kept(client: Client, receipt: Receipt) -> None:
    client.get(f"/v/{receipt.verification}", REMOTE_ADDR="189.203.7.41")
    [kept] = VerificationCount.objects.all()
    assert "189" not in kept.address and len(kept.address) == 32

    verification.wait_for(address="another", at=moment(MARCH_5, 14))
    assert VerificationCount.objects.count() == 1  # what is older than an hour is forgotten


def test_behind_our_proxy_the_address_is_the_one_it_saw(settings: Any, rf: Any) -> None:
    """A visitor may write whatever in the header; the last address is the one that our proxy added."""
    request = rf.get("/v/X", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="1.1.1.1, 189.203.7.41")
    settings.HTTPS = True
    assert verification.address_of(request) == "189.203.7.41"
    settings.HTTPS = False
    assert verification.address_of(request) == "127.0.0.1"


def test_what_stands_is_told_by_its_word(receipt: Receipt) -> None:
    found = verification.look_up(code=receipt.verification)
    assert found is not None
    assert (found.standing, found.accounts, found.total_cents) == (Standing.VALID, ("…0293",), 5_000)
