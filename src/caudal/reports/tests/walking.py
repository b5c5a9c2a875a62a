"""Every figure that is a link on a page, against the list that it opens: to the centavo, and to the last row."""

import re
from collections import Counter
from dataclasses import dataclass
from html import unescape

from django.test import Client

from caudal.kernel.wording import pesos, thousands
from caudal.reports.listing import Kind

LINK = re.compile(r'<a [^>]*?href="([^"]+)"[^>]*>(.*?)</a>', re.DOTALL)
# a picture says its figure for a pointer, after its label
TITLE = re.compile(r"<title>[^:\n]*: ([^\n<]*)")
AMOUNT = re.compile(r"−?\$[\d,]+\.\d\d")
# `53`, `12 de 40`, and of a share `98 % (51 de 52)`
COUNT = re.compile(r"(?:\d+ % \()?(\d[\d,]*)(?: de [\d,]+\)?)?")
FIGURES = ("/listados/", "/contabilidad/registros/", "/recorridos/", "/por-aprobar/")


@dataclass(frozen=True, slots=True)
class Link:
    """A link and the figure that it says; nothing, if it is only the way to a document."""

    href: str
    said: str


def links(html: str) -> list[Link]:
    """The links of the page itself, not of the menu around it, that open what a figure counts."""
    main = html.partition("<main")[2].partition("</main>")[0]
    return [
        Link(unescape(href), _said(inside)) for href, inside in LINK.findall(main) if href.startswith(FIGURES)
    ]


def _said(inside: str) -> str:
    title = TITLE.search(inside)
    text = unescape(title[1] if title else re.sub(r"<[^>]+>", " ", inside)).strip()
    if amounts := AMOUNT.findall(text):
        return amounts[-1]
    count = COUNT.fullmatch(text)
    return count[1] if count else ""


def faults(client: Client, path: str) -> tuple[list[str], Counter[str]]:
    """What some list says otherwise than its figure, and how many figures were walked, by what they open."""
    page = client.get(path)
    assert page.status_code == 200, path
    answers: dict[str, set[str]] = {}
    wrong, walked = [], Counter[str]()
    for link in links(page.content.decode()):
        if not link.said:
            continue
        if link.href not in answers:
            answers[link.href] = opened(client, link.href)
        walked[
            link.href.split("/")[2] if link.href.startswith("/listados/") else link.href.split("/")[1]
        ] += 1
        if link.said not in answers[link.href]:
            wrong.append(f"{link.href} opens {sorted(answers[link.href])}, not {link.said}")
    return wrong, walked


def opened(client: Client, href: str) -> set[str]:
    """Every total that what a link opens says."""
    answer = client.get(href)
    assert answer.status_code == 200, href
    if href.startswith("/listados/"):
        found, source = answer.context["found"], answer.context["listing"]
        kinds = {each.name: each.kind for each in source.totals}
        said = {thousands(found.n)}
        for name, total in found.totals.items():
            said.add(pesos(total) if kinds[name] == Kind.CENTS else thousands(total))
            if name == "litres":
                said.add(thousands((total + 500) // 1_000))
        return said
    if href.startswith("/contabilidad/registros/"):
        filled = answer.context["found"]
        assert filled.agrees, href
        return {pesos(each or 0) for each in filled.totals if each is None or isinstance(each, int)}
    if href.startswith("/recorridos/"):
        return {thousands(answer.context["round"].stops.exclude(outcome="").count())}
    return {thousands(len(answer.context["waiting"]))}
