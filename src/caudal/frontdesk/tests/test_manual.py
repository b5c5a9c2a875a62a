"""The help opens on one's own page, and says what the screens say: a new entry, key or word without help fails."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from django.test import Client

import caudal
from caudal.access import policy
from caudal.access.models import Clerk
from caudal.frontdesk import manual
from caudal.kernel import menu

ROOT = Path(caudal.__file__).parent
LINK = re.compile(r"\]\(([^)]+)\)")
QUOTED = re.compile(r"«([^»]+)»")
KEY = re.compile(r"`([^`]+)`")
# said by people or by paper, not by a screen
SPOKEN = {"para capturarlo después", "al que se parece", "en su nombre", "para probar", "copia",
          "¿Por qué me llegó tan alto?", "¿Cuánto debo y desde cuándo?", "¿Cuánto sería si pago todo, o en partes?"}  # fmt: skip
LEAST_EASY = 70  # Fernández Huerta: from 70 on, easy


@pytest.mark.django_db
@pytest.mark.usefixtures("town")
def test_the_help_opens_on_ones_own_page(enter_as: Callable[[str], Client]) -> None:
    answer = enter_as("veronica").get("/ayuda/", follow=True)
    assert answer.request["PATH_INFO"] == "/ayuda/cajero/"
    html = answer.content.decode()
    assert "<h1>Cajero</h1>" in html and "Ayuda · su página" in html and "<kbd>F10</kbd>" in html


@pytest.mark.django_db
@pytest.mark.usefixtures("town")
def test_everybody_reads_every_page(enter_as: Callable[[str], Client]) -> None:
    """Julián reads meters; what the manager does is no secret to him."""
    julian = enter_as("julian")
    for slug in manual.PAGES:
        answer = julian.get(f"/ayuda/{slug}/")
        found = manual.page(slug=slug)
        assert found and answer.status_code == 200
        assert f"<h1>{found.title}</h1>" in answer.content.decode()
        assert ("Ayuda · su página" in answer.content.decode()) == (slug == "lecturista")


@pytest.mark.django_db
@pytest.mark.usefixtures("town")
def test_a_page_that_does_not_exist_is_not_found(enter_as: Callable[[str], Client]) -> None:
    for slug in ("nada", "manual", "cajero-md"):
        assert enter_as("veronica").get(f"/ayuda/{slug}/").status_code == 404


def test_every_role_has_its_page_and_every_file_is_a_page() -> None:
    assert set(manual.PAGE_OF_ROLE) == set(Clerk.Role.values)
    assert {file.stem for file in manual.FOLDER.iterdir()} == set(manual.PAGES)


@pytest.mark.parametrize("role", manual.PAGE_OF_ROLE)
def test_what_is_in_a_menu_is_in_the_page_of_its_role(role: str) -> None:
    acts = policy.acts_of_role(role=role)
    labels = {entry.label for entry in menu._entries if entry.act in acts}
    missing = {label for label in labels if f"«{label}»" not in manual.text(slug=manual.PAGE_OF_ROLE[role])}
    assert not missing, (
        f"Say in frontdesk/manual/{manual.PAGE_OF_ROLE[role]}.md what these are for: {missing}"
    )


@pytest.mark.parametrize("role", manual.PAGE_OF_ROLE)
def test_a_page_promises_no_menu_entry_its_role_does_not_have(role: str) -> None:
    hidden = {entry.label for entry in menu._entries if entry.act not in policy.acts_of_role(role=role)}
    own_menu = manual.text(slug=manual.PAGE_OF_ROLE[role]).split("## Su menú")[1].split("\n## ")[0]
    assert not hidden & set(QUOTED.findall(own_menu))


def test_the_keys_of_the_window_and_those_of_the_cashiers_page_are_the_same() -> None:
    shown = (ROOT / "window/templates/window/_help.html").read_text(encoding="utf-8")
    assert set(re.findall("<kbd>([^<]+)</kbd>", shown)) == set(KEY.findall(manual.text(slug="cajero")))


@pytest.mark.parametrize("slug", manual.PAGES)
def test_what_stands_between_marks_is_said_by_a_screen(slug: str) -> None:
    said = {words for words in QUOTED.findall(manual.text(slug=slug)) if words not in SPOKEN}
    unsaid = {words for words in said if words.casefold() not in _screens()}
    assert not unsaid, f"No screen says this; look at its template again: {unsaid}"


@pytest.mark.parametrize("slug", manual.PAGES)
def test_links_lead_somewhere(slug: str) -> None:
    for target in LINK.findall(manual.text(slug=slug)):
        file, _, anchor = target.partition("#")
        found = manual.page(slug=file.removesuffix(".md"))
        assert file.endswith(".md") and found, target
        assert not anchor or anchor in {section.anchor for section in found.sections}, target
        assert f'href="../{found.slug}/' in manual.page(slug=slug).html  # type: ignore[union-attr]


@pytest.mark.parametrize("slug", manual.PAGE_OF_ROLE.values())
def test_a_page_of_a_role_says_what_to_do_when_it_goes_wrong_and_what_never(slug: str) -> None:
    found = manual.page(slug=slug)
    assert found
    titles = [section.title for section in found.sections]
    assert titles[0] == "Su menú" and titles[-2:] == ["Si algo sale mal", "Lo que nunca se hace"]
    assert 80 <= len(manual.text(slug=slug).splitlines()) <= 240


@pytest.mark.parametrize("slug", [slug for slug in manual.PAGES if slug != "palabras"])
def test_a_page_reads_easily(slug: str) -> None:
    """Fernández Huerta's: 206.84 − 60 × syllables per word − 1.02 × words per sentence."""
    assert _ease(manual.text(slug=slug)) >= LEAST_EASY


def test_html_written_in_a_page_is_shown_not_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manual, "text", lambda *, slug: "# Uno\n\n<script>alert(1)</script>\n")
    manual.page.cache_clear()
    try:
        found = manual.page(slug="cajero")
    finally:
        manual.page.cache_clear()
    assert found and (found.title, found.html) == ("Uno", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n")


@cache
def _screens() -> str:
    """All that the rooms say in their templates, forms and scripts, on one line."""
    files = [
        file
        for ending in ("html", "py", "js")
        for file in ROOT.rglob(f"*.{ending}")
        if not {"tests", "migrations", "vendor", "manual"} & set(file.parts)
    ]
    words = " ".join(file.read_text(encoding="utf-8") for file in files)
    return re.sub(r"\s+", " ", words).casefold()


def _ease(text: str) -> float:
    prose = re.sub(r"\]\([^)]+\)|[`*#«»\[\]|]", " ", text)
    sentences = [each for each in re.split(r"[.:;?!\n]+", prose) if re.search(r"[a-záéíóúñ]", each.lower())]
    words = re.findall(r"[a-záéíóúüñ]+", prose.lower())
    syllables = sum(max(1, len(_NUCLEUS.findall(word))) for word in words)
    return 206.84 - 60 * syllables / len(words) - 1.02 * len(words) / len(sentences)


# a strong vowel with its weak neighbors, an accented weak vowel, or a weak one alone
_NUCLEUS = re.compile(r"[iuü]?[aeoáéó][iuüy]?(?![íú])|[íú]|[iuü]+|y$")
