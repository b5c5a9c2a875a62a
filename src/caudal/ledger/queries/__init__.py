"""Questions to the ledger: what an account owes and why, what happened to it, what all of them owe."""

from caudal.ledger.chart import Chart as Chart
from caudal.ledger.policy import KINDS as KINDS
from caudal.ledger.policy import DebtTerms as DebtTerms
from caudal.ledger.policy import Items as Items
from caudal.ledger.policy import allocation_order as allocation_order
from caudal.ledger.queries import positions
from caudal.ledger.queries.months import AccountFigures as AccountFigures
from caudal.ledger.queries.months import MonthFigures as MonthFigures
from caudal.ledger.queries.months import closed_through as closed_through
from caudal.ledger.queries.months import digest_of as digest_of
from caudal.ledger.queries.months import first_open_month as first_open_month
from caudal.ledger.queries.months import month_close as month_close
from caudal.ledger.queries.months import month_closes as month_closes
from caudal.ledger.queries.months import month_figures as month_figures
from caudal.ledger.queries.months import seal_of as seal_of
from caudal.ledger.queries.movements import Movement as Movement
from caudal.ledger.queries.movements import journal_entries as journal_entries
from caudal.ledger.queries.movements import movements as movements
from caudal.ledger.queries.openings import OpenColumns as OpenColumns
from caudal.ledger.queries.openings import balance as balance
from caudal.ledger.queries.openings import open_columns as open_columns
from caudal.ledger.queries.openings import receivables as receivables
from caudal.ledger.queries.positions import CannotComputeSurcharges as CannotComputeSurcharges
from caudal.ledger.queries.positions import Position as Position
from caudal.ledger.queries.previews import Preview as Preview
from caudal.ledger.queries.previews import PreviewedShare as PreviewedShare
from caudal.ledger.queries.previews import holds_until as holds_until
from caudal.ledger.queries.previews import preview_payments as preview_payments
from caudal.ledger.queries.statements import AccountStatement as AccountStatement
from caudal.ledger.queries.statements import OpenItem as OpenItem
from caudal.ledger.queries.statements import PeriodDebt as PeriodDebt
from caudal.ledger.queries.statements import open_items as open_items
from caudal.ledger.queries.statements import statement as statement
from caudal.ledger.queries.statements import statements as statements

# where some accounts stand on a day, item by item, as columns
position = positions.read
