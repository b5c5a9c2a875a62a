"""Verbs of the ledger. Each is one transaction: lock the accounts in order of id, read, write, balance.

Money moves in three places at once: the open items (charges, credits, allocations), the caches of what
is open, and the journal. `checks` re-derives each from the others.
"""

from caudal.ledger.chart import Chart as Chart
from caudal.ledger.commands.application import AppliedCredit as AppliedCredit
from caudal.ledger.commands.application import apply_credit_balance as apply_credit_balance
from caudal.ledger.commands.balances import lock_accounts as lock_accounts
from caudal.ledger.commands.cancellation import Cancellation as Cancellation
from caudal.ledger.commands.cancellation import CannotCancelCharges as CannotCancelCharges
from caudal.ledger.commands.cancellation import cancel_document_charges as cancel_document_charges
from caudal.ledger.commands.charges import CannotPostCharges as CannotPostCharges
from caudal.ledger.commands.charges import ChargeLine as ChargeLine
from caudal.ledger.commands.charges import PostedDocument as PostedDocument
from caudal.ledger.commands.charges import keep_workings as keep_workings
from caudal.ledger.commands.charges import post_charges as post_charges
from caudal.ledger.commands.charges import working_address as working_address
from caudal.ledger.commands.credits import CannotPostCredit as CannotPostCredit
from caudal.ledger.commands.credits import Funds as Funds
from caudal.ledger.commands.credits import PostedCredit as PostedCredit
from caudal.ledger.commands.credits import Source as Source
from caudal.ledger.commands.credits import Target as Target
from caudal.ledger.commands.credits import post_credit as post_credit
from caudal.ledger.commands.installments import CannotReplaceDebt as CannotReplaceDebt
from caudal.ledger.commands.installments import Part as Part
from caudal.ledger.commands.installments import ReplacedDebt as ReplacedDebt
from caudal.ledger.commands.installments import RestoredDebt as RestoredDebt
from caudal.ledger.commands.installments import replace_by_installments as replace_by_installments
from caudal.ledger.commands.installments import restore_debt as restore_debt
from caudal.ledger.commands.journal import CannotPostEntry as CannotPostEntry
from caudal.ledger.commands.journal import RunTotal as RunTotal
from caudal.ledger.commands.journal import post_difference as post_difference
from caudal.ledger.commands.journal import post_run_entry as post_run_entry
from caudal.ledger.commands.journal import post_transfer as post_transfer
from caudal.ledger.commands.months import CannotCloseMonth as CannotCloseMonth
from caudal.ledger.commands.months import close_month as close_month
from caudal.ledger.commands.months import hold_month as hold_month
from caudal.ledger.commands.opening import CannotOpenBalances as CannotOpenBalances
from caudal.ledger.commands.opening import OpenedBalances as OpenedBalances
from caudal.ledger.commands.opening import open_balances as open_balances
from caudal.ledger.commands.payments import PostedPayments as PostedPayments
from caudal.ledger.commands.payments import post_payments as post_payments
from caudal.ledger.commands.reversal import CannotReverseCredit as CannotReverseCredit
from caudal.ledger.commands.reversal import Reversal as Reversal
from caudal.ledger.commands.reversal import reverse_credit as reverse_credit
from caudal.ledger.commands.reversal import reverse_payments as reverse_payments
from caudal.ledger.commands.settlement import Share as Share
from caudal.ledger.commands.waivers import post_waivers as post_waivers
