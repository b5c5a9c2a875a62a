"""Bars of consumption: what is drawn, what is written on it, what is read aloud."""

import re

from caudal.kernel import charts
from caudal.kernel.charts import Bar, Step, bars, curve


def drawn(*values: Bar, title: str = "Consumo", unit: str = "m³") -> str:
    return str(bars(values=values, title=title, unit=unit))


def test_two_bars_to_the_last_decimal() -> None:
    """Of 580 wide each takes 290; the taller is 126 high (150 − 24), the other half of it."""
    assert drawn(Bar("dic", 10), Bar("ene", 20, is_now=True)) == (
        '<svg class="chart" viewBox="0 0 580 180" role="img" aria-label="Consumo: dic 10 m³; ene 20 m³">'
        '<line class="axis" x1="0" y1="150.5" x2="580" y2="150.5"/>'
        '<rect class="before" x="130.0" y="87.0" width="30.0" height="63.0" rx="2"/>'
        '<text class="value" x="145.0" y="81.0">10</text>'
        '<text class="label" x="145.0" y="170">dic</text>'
        '<rect class="now" x="420.0" y="24.0" width="30.0" height="126.0" rx="2"/>'
        '<text class="value" x="435.0" y="18.0">20</text>'
        '<text class="label" x="435.0" y="170">ene</text>'
        "</svg>"
    )


def test_nothing_to_draw_draws_nothing() -> None:
    assert drawn() == ""


def test_a_month_without_data_leaves_a_gap_and_says_so() -> None:
    svg = drawn(Bar("nov", None), Bar("dic", 12))
    assert svg.count("<rect") == 1 and svg.count('class="label"') == 2
    assert 'aria-label="Consumo: nov sin dato; dic 12 m³"' in svg


def test_a_zero_is_a_bar_without_height_with_its_zero_written() -> None:
    svg = drawn(Bar("dic", 0), Bar("ene", 0))
    assert svg.count('height="0.0"') == 2 and svg.count(">0</text>") == 2


def test_less_than_nothing_does_not_hang_below_the_axis() -> None:
    svg = drawn(Bar("dic", -5), Bar("ene", 10))
    assert 'y="150.0" width="30.0" height="0.0"' in svg and ">-5</text>" in svg


def test_what_an_estimate_is_prevails_over_when_it_was() -> None:
    styles = re.findall(
        r'rect class="([\w-]+)"',
        drawn(
            Bar("ene", 1, is_year_ago=True), Bar("feb", 1), Bar("mar", 1, is_estimated=True),
            Bar("ene", 1, is_now=True), Bar("ene", 1, is_now=True, is_estimated=True),
        ),
    )  # fmt: skip
    assert styles == ["year-ago", "before", "estimated", "now", "estimated"]


def test_words_from_outside_cannot_break_out_of_the_picture() -> None:
    svg = drawn(Bar("<b>&", 1), title='A"><script>', unit="m³")
    assert 'aria-label="A&quot;&gt;&lt;script&gt;: &lt;b&gt;&amp; 1 m³"' in svg
    assert ">&lt;b&gt;&amp;</text>" in svg and "<script" not in svg and "<b>" not in svg


def test_thirteen_bars_fit_and_do_not_touch() -> None:
    svg = drawn(*(Bar("ene", 100) for _ in range(13)))
    places = [
        (float(x), float(w))
        for x, w in re.findall(r'<rect class="\w+" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', svg)
    ]
    assert len(places) == 13 and places[0][0] > 0 and places[-1][0] + places[-1][1] < charts.WIDTH
    assert all(x + w < after for (x, w), (after, _) in zip(places, places[1:], strict=False))


def test_where_four_digits_would_collide_on_a_phone_only_the_telling_bars_keep_theirs() -> None:
    shown = re.findall(
        r'text class="(value[ \w]*)"',
        drawn(
            Bar("ene", 900, is_year_ago=True), Bar("feb", 850), Bar("mar", 1_200), Bar("ene", 40, is_now=True)
        ),
    )
    assert shown == ["value", "value crowded", "value", "value"]


def test_a_curve_goes_down_from_the_whole_and_says_each_share() -> None:
    """100 %, 66.67 % and nothing: from 24 to 150 the whole is 126 high, two thirds of it 84."""
    drawn = curve(
        steps=(Step("0", 1_000_000), Step("1", 666_667), Step("2", 0)), title="Convenios <al corriente>"
    )
    assert 'aria-label="Convenios &lt;al corriente&gt;: 0 100 %; 1 67 %; 2 0 %"' in drawn
    assert 'd="M0 24.0V24.0H193.3V66.0H386.7V150.0H580.0"' in drawn
    assert drawn.count('class="value"') == 3 and curve(steps=(), title="x") == ""


def test_a_long_curve_writes_one_share_of_two() -> None:
    drawn = curve(steps=[Step(str(number), 500_000) for number in range(25)], title="x")
    # 25 steps: one of two is written, and on a phone only those of them that are one of five too
    assert drawn.count('class="value') == 13 and ">24</text>" in drawn and ">1</text>" not in drawn
    assert drawn.count('class="value"') == 3
