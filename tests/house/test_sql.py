"""What the SQL of the house must say, so that a town does not pay for it."""

import re

from tests.house.places import modules, said

# The driver sends a list of small numbers as smallint[]. Against a column of integers the server cannot hash such an
# array: it compares every row with every number, and a town of 12,000 accounts waits minutes for what takes a blink.
BARE = re.compile(r"\b(?:\w+_id|id)\}? = ANY\((?:%s|%\(\w+\)s)\)")


def test_a_list_of_ids_says_its_type() -> None:
    found = [
        f"{said(path)}:{number}: write ANY(…::int[]), or ::bigint[]"
        for path in modules()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if BARE.search(line)
    ]
    assert found == []


def test_the_pattern_sees_what_it_looks_for() -> None:
    assert BARE.search("WHERE account_id = ANY(%s) AND")
    assert BARE.search("WHERE line.id = ANY(%(lines)s)")
    assert not BARE.search("WHERE account_id = ANY(%s::int[])")
    assert not BARE.search("WHERE period = ANY(%s)")
