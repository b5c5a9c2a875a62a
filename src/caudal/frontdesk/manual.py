"""The staff manual: one page for each role, written in Markdown beside this file and shown as help.

A key of the keyboard is written `F10`; «what the screen says» stands between these marks; a link to another page
names its file, so the pages also read well where they lie.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.utils.html import escape
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from caudal.access.models import Clerk

FOLDER: Final = Path(__file__).parent / "manual"
FIRST: Final = "primeros-pasos"
PAGE_OF_ROLE: Final[dict[str, str]] = {
    Clerk.Role.CASHIER: "cajero",
    Clerk.Role.TILL_SUPERVISOR: "supervisor-de-caja",
    Clerk.Role.METER_READER: "lecturista",
    Clerk.Role.CREW: "cuadrilla",
    Clerk.Role.SERVICE_DESK: "atencion-a-usuarios",
    Clerk.Role.BILLING_ANALYST: "analista-de-facturacion",
    Clerk.Role.COMMERCIAL_MANAGER: "gerente-comercial",
    Clerk.Role.AUDITOR: "auditor",
    Clerk.Role.ADMINISTRATOR: "administrador",
}
PAGES: Final = (FIRST, *PAGE_OF_ROLE.values(), "palabras")
OWN_LINK: Final = re.compile(r"^([a-z-]+)\.md(#.*)?$")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page: its words and the place a link leads to."""

    title: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the manual, ready to be shown."""

    slug: str
    title: str
    html: str
    sections: tuple[Section, ...]


def slug_of_role(*, role: str) -> str:
    """The page of somebody with this role."""
    return PAGE_OF_ROLE.get(role, FIRST)


def text(*, slug: str) -> str:
    """A page as it was written."""
    return (FOLDER / f"{slug}.md").read_text(encoding="utf-8")


@cache
def page(*, slug: str) -> Page | None:
    """One page by its name, None if the manual has no such page. Read once: the pages come with the release."""
    if slug not in PAGES:
        return None
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.add_render_rule("code_inline", _key)
    tokens = reader.parse(text(slug=slug))
    title, sections = "", []
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            words = _plain(tokens[place + 1])
            token.attrSet("id", anchor_of(words))
            if token.tag == "h1":
                title = words
            elif token.tag == "h2":
                sections.append(Section(words, anchor_of(words)))
        elif token.type == "table_open":
            token.attrSet("class", "list")
        for child in token.children or ():
            _lead(child)
    html = reader.renderer.render(_without_title(tokens), reader.options, {})
    return Page(slug, title, html, tuple(sections))


def anchor_of(words: str, /) -> str:
    """The place of a heading in an address: `Si algo sale mal` → `si-algo-sale-mal`."""
    bare = unicodedata.normalize("NFKD", words.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")


def _plain(inline: Token) -> str:
    return "".join(each.content for each in inline.children or () if each.type in ("text", "code_inline"))


def _without_title(tokens: list[Token]) -> list[Token]:
    """The screen already shows the title over the page."""
    return tokens[3:] if tokens and tokens[0].tag == "h1" else tokens


def _key(
    renderer: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: EnvType
) -> str:
    """A key looks like a key."""
    return f"<kbd>{escape(tokens[place].content)}</kbd>"


def _lead(token: Token) -> None:
    """A link to a file of the manual leads to its page."""
    if token.type == "link_open" and (own := OWN_LINK.match(str(token.attrGet("href")))):
        token.attrSet("href", f"../{own[1]}/{own[2] or ''}")
