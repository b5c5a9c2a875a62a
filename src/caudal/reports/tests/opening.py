"""A listing as a person reads it: its page over some days, with its total, and each document that its rows lead to."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape

from django.test import Client

Enter = Callable[[str], Client]


def read(
    enter_as: Enter, code: str, *, since: date, last: date, who: str = "ofelia"
) -> tuple[str, list[str]]:
    """The foot of the table that somebody reads, the auditor usually, and the addresses in its rows: each opened."""
    client = enter_as(who)
    answer = client.get(f"/listados/{code}/", {"desde": since.isoformat(), "hasta": last.isoformat()})
    assert answer.status_code == 200
    body, _, foot = answer.content.decode().partition("<tbody>")[2].partition("</tbody>")
    hrefs = sorted({unescape(each) for each in re.findall(r'<td[^>]*><a href="([^"]+)"', body)})
    for href in hrefs:
        assert client.get(href, follow=True).status_code == 200, href
    return foot.partition("</table>")[0], hrefs
