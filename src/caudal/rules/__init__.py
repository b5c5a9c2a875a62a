"""The law as arithmetic: amounts from integer columns, for one account or for a million.

Ground floor of the house. No Django, no I/O, no clock: every fact comes in as an argument.

Units, everywhere in this room:

* amounts in integer centavos (``…_cents``);
* prices in ten-thousandths of a peso (``…_price``), per unit of volume or per period;
* rates in parts per million (``…_ppm``);
* volumes in thousandths of a unit (``…_thousandths``), areas in whole square meters;
* one rounding, half away from zero, once per line of the bill (``money.divide_half_away``).

Public doors: ``statement.compute`` (a bill, or all of them), ``book.rate_book``,
``columns.bill_columns``, ``surcharges``, ``allocation``, ``amortization``, ``regularization``.
"""
