"""Laura clears the Crítica of January by keyboard: the school drank three times its mean, La Ponderosa nothing."""

from collections.abc import Callable

from caudal.billing.models import HeldBill
from caudal.metering.models import ReadingReview
from tests.journeys.browsing import Walk
from tests.journeys.test_every_screen import faults

KEY, MENTAL, SERVER = 280, 1350, 500  # milliseconds of the keystroke model; what a page may take at most
LOOKS = 3  # at the photo and figures, at the bars, and the decision
CASES_A_MINUTE = 6


def _next(walk: Walk, *keys: str) -> int:
    """Press, and wait for the next case; how many keys that was."""
    with walk.page.expect_navigation():
        walk.press(*keys)
    return len(keys)


def _shown(walk: Walk) -> str:
    return walk.page.locator("#case").get_attribute("aria-label") or ""


def test_six_cases_a_minute_by_the_keystroke_model(living_site: str, walk: Callable[..., Walk]) -> None:
    laura = walk(living_site, "laura")
    assert laura.go("/critica/?periodo=201901") == 200
    assert laura.page.get_by_text("0 de 2").count()
    assert _shown(laura) == "Cuenta 010512"
    keys = [_next(laura, "a")]
    assert _shown(laura) == "Cuenta 010818"
    keys.append(_next(laura, "r"))
    assert laura.page.get_by_text("2 de 2").count()
    keys.append(_next(laura, "u"))
    assert _shown(laura) == "Cuenta 010818"
    keys.append(_next(laura, "c", *"3605", "Enter"))
    assert [each.decision for each in ReadingReview.objects.order_by("pk")] == [
        "accepted", "reread", "reopened", "corrected",
    ]  # fmt: skip
    decided = dict(HeldBill.objects.values_list("account__number", "decision"))
    assert (decided["010512"], decided["010818"]) == ("released", "released")
    took = sum(each * KEY + LOOKS * MENTAL + SERVER for each in keys)
    assert len(keys) * 60_000 // took >= CASES_A_MINUTE


def test_letters_count_only_on_the_card_and_may_be_switched_off(
    living_site: str, walk: Callable[..., Walk]
) -> None:
    laura = walk(living_site, "laura")
    laura.go("/critica/?periodo=201901")
    laura.page.locator("#id_reason").focus()
    laura.press("a")
    assert laura.page.locator("#id_reason").input_value() == "a"
    laura.press("Escape")
    laura.page.locator("#single-keys").uncheck()
    laura.page.locator("#case").focus()
    laura.press("a", "j")
    assert (_shown(laura), ReadingReview.objects.count()) == ("Cuenta 010512", 0)
    assert _next(laura, "ArrowDown") and _shown(laura) == "Cuenta 010818"
    _next(laura, "F6")
    assert ReadingReview.objects.get().decision == "estimated"


def test_the_screens_are_sound_at_a_desk_and_on_a_phone(site: str, walk: Callable[..., Walk]) -> None:
    laura = walk(site, "laura")
    for path in (
        "/critica/?periodo=201901",
        "/critica/recorridos/?periodo=201901",
        "/critica/?periodo=201712",
    ):
        assert faults(laura, path) == []
