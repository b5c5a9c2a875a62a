"""Printed paper: bills, account statements, and the codes a scanner reads on them.

The room knows layouts, not business. It owns how a page looks (`typst/`, `fonts/`), the frozen sheets that a
page is filled from (`layouts`), the payment reference of the tear-off stub (`payment_codes`), and the print
files of a whole run (`print_files`). It owns no table and computes no charge.

Invariants: a sheet that does not add up cannot be built; a page that does not fit is refused, never cut; the
same sheet always gives the same bytes.
"""
