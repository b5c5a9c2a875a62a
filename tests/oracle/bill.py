"""A bill worked out slowly: exact fractions, plain ifs, one account at a time.

It shares nothing with the product but the law. Where the product scales the limits of the tiers by
the days, the oracle scales the volume to one period, prices that period, and scales the price back.

Books and accounts are plain dictionaries in pesos, units and fractions (see ``town.py``).
"""

from fractions import Fraction
from typing import Any

Book = dict[str, Any]
Account = dict[str, Any]
Lines = dict[tuple[str, str | None], tuple[int, int]]  # (concept, reduces) → (amount, VAT) in centavos

LITERS = {
    "m3": Fraction(1000),
    "L": Fraction(1),
    "gal": Fraction(231) * Fraction("2.54") ** 3 / 1000,
    "kgal": Fraction(231) * Fraction("2.54") ** 3,
    "imp_gal": Fraction("4.54609"),
    "ft3": Fraction("3.048") ** 3,
    "ccf": 100 * Fraction("3.048") ** 3,
}


def to_centavos(pesos: Fraction) -> int:
    """Round to the nearest centavo; an exact half goes away from zero."""
    centavos = abs(pesos) * 100
    whole = centavos.numerator // centavos.denominator
    if centavos - whole >= Fraction(1, 2):
        whole += 1
    return whole if pesos >= 0 else -whole


def share(centavos: int, rate: Fraction) -> int:
    return to_centavos(Fraction(centavos, 100) * rate)


def bill(account: Account, book: Book) -> Lines:
    """Work out every line that is not zero."""
    gross = charges(account, book, water(account, book), after=False, known={})
    granted = largest_grant(account, book, gross)
    lines: dict[tuple[str, str | None], int] = {(concept, None): cents for concept, cents in gross.items()}
    net = dict(gross)
    take_off(granted, net, lines)
    if book["early"] and book["early"]["stacks"]:
        take_off(early_payment(account, book, net), net, lines)
    net = charges(account, book, net["water"], after=True, known=net)
    for rule in book["percentages"]:
        if rule["after"]:
            lines[(rule["concept"], None)] = net[rule["concept"]]
    taxed = {}
    for (concept, reduces), cents in lines.items():
        if cents:
            rate = book["vat"][(reduces or concept, account["use"])]
            taxed[(concept, reduces)] = (cents, share(cents, rate))
    return taxed


def water(account: Account, book: Book, *, cap: Fraction | None = None) -> int:
    """Water charge in centavos; ``cap`` prices at most so many units per period."""
    schedule = book["schedules"][account["schedule"]]
    periods = Fraction(account["days"], book["period_days"])
    if account["interrupted"] and book["interrupted"] != "as_usual":
        return to_centavos(periods * while_interrupted(schedule, book["interrupted"]))
    price = schedule["fixed"] + area_price(schedule["bands"], account["area"])
    if account["metered"]:
        volume = account["volume"] * LITERS[account["unit"]] / LITERS[book["unit"]] / periods
        if cap is not None and volume > cap:
            volume = cap
        price += volume_price(schedule, volume)
    else:
        price += schedule["flat"]
    if price < schedule["minimum"]:
        price = schedule["minimum"]
    return to_centavos(periods * price)


def while_interrupted(schedule: dict[str, Any], policy: str) -> Fraction:
    if policy == "minimum":
        return Fraction(schedule["minimum"])
    if policy == "flat":
        return Fraction(schedule["fixed"] + schedule["flat"])
    assert policy == "nothing"
    return Fraction(0)


def volume_price(schedule: dict[str, Any], volume: Fraction) -> Fraction:
    """Price of a volume in one period: table, uniform price, and tier after tier."""
    price = table_price(schedule["table"], schedule["excess"], volume)
    if volume <= schedule["allowance"]:
        return price
    price += (volume - schedule["allowance"]) * schedule["uniform"]
    start = Fraction(0)
    for limit, unit_price in schedule["tiers"]:
        end = volume if limit is None or limit > volume else limit
        begin = start if start > schedule["allowance"] else schedule["allowance"]
        if end > begin:
            price += (end - begin) * unit_price
        if limit is None or limit >= volume:
            break
        start = limit
    return price


def table_price(table: list[Fraction], excess: Fraction, volume: Fraction) -> Fraction:
    if not table:
        return volume * excess
    last = len(table) - 1
    if volume >= last:
        return table[last] + (volume - last) * excess
    entry = volume.numerator // volume.denominator
    return table[entry] + (volume - entry) * (table[entry + 1] - table[entry])


def area_price(bands: list[tuple[int | None, Fraction]], area: int) -> Fraction:
    price, start = Fraction(0), 0
    for limit, per_m2 in bands:
        end = area if limit is None or limit > area else limit
        if end > start:
            price += (end - start) * per_m2
        if limit is None or limit >= area:
            break
        start = limit
    return price


def charges(
    account: Account, book: Book, water_centavos: int, *, after: bool, known: dict[str, int]
) -> dict[str, int]:
    """Charge the percentages that go before (or after) the reductions."""
    amounts = dict(known)
    amounts["water"] = water_centavos
    for rule in book["percentages"]:
        if rule["after"] != after:
            continue
        base = sum(amounts[concept] for concept in rule["of"])
        amounts[rule["concept"]] = share(base, percentage_rate(rule, account))
    return amounts


def percentage_rate(rule: dict[str, Any], account: Account) -> Fraction:
    if "has_sewerage" in rule["needs"] and not account["sewerage"]:
        return Fraction(0)
    if "is_metered" in rule["needs"] and not account["metered"]:
        return Fraction(0)
    return Fraction(rule["rates"].get(account["use"], 0))


Grant = dict[tuple[str, str], int]  # (reduction concept, reduced concept) → centavos taken off


def largest_grant(account: Account, book: Book, gross: dict[str, int]) -> Grant:
    """Of the benefits and the early payment, the one that reduces most; the first on a tie."""
    candidates = [benefit(account, book, gross, name) for name in (account["benefit"], account["rival"])]
    if book["early"] and not book["early"]["stacks"]:
        candidates.append(early_payment(account, book, gross))
    best: Grant = {}
    for candidate in candidates:
        if sum(candidate.values()) > sum(best.values()):
            best = candidate
    return best


def benefit(account: Account, book: Book, gross: dict[str, int], name: str | None) -> Grant:
    if name is None:
        return {}
    rule = book["benefits"][name]
    if account["use"] not in rule["uses"]:
        return {}
    reached = gross
    if rule["cap"] is not None and account["metered"] and is_above(account, book, rule["cap"]):
        if rule["above"] == "void":
            return {}
        if rule["above"] == "first_units_only":
            at_cap = water(account, book, cap=rule["cap"])
            reached = charges(account, book, at_cap, after=False, known={})
    return {(rule["concept"], concept): share(reached[concept], rule["rate"]) for concept in rule["touches"]}


def is_above(account: Account, book: Book, cap: Fraction) -> bool:
    units = account["volume"] * LITERS[account["unit"]] / LITERS[book["unit"]]
    return bool(units > cap * Fraction(account["days"], book["period_days"]))


def early_payment(account: Account, book: Book, amounts: dict[str, int]) -> Grant:
    rule = book["early"]
    if account["use"] not in rule["uses"]:
        return {}
    return {
        (rule["concept"], concept): share(amounts[concept], account["prepaid"]) for concept in rule["touches"]
    }


def take_off(grant: Grant, net: dict[str, int], lines: dict[tuple[str, str | None], int]) -> None:
    for (concept, reduces), cents in grant.items():
        lines[(concept, reduces)] = lines.get((concept, reduces), 0) - cents
        net[reduces] -= cents
