"""The pages of the listings over the story town: what each person reads of them, and that figures are their rows."""

from collections.abc import Callable

import pytest
from django.test import Client

from caudal.reports import listings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]
Enter = Callable[[str], Client]
EVERY = tuple(each for offered in listings.all_listings().values() for each in offered)


def body(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


@pytest.mark.parametrize("source", EVERY, ids=lambda each: each.code)
def test_every_listing_opens_over_the_story(source: listings.Listing, enter_as: Enter) -> None:
    page = body(enter_as("ofelia"), f"/listados/{source.code}/?desde=2018-01-01&hasta=2019-01-31")
    assert source.title in page
