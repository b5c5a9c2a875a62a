"""Verbs of billing: a run from draft to issued, and what is done to a single bill afterwards."""

from caudal.billing.corrections import CannotCancelBill as CannotCancelBill
from caudal.billing.corrections import CannotRebill as CannotRebill
from caudal.billing.corrections import Rebilled as Rebilled
from caudal.billing.corrections import cancel_bill as cancel_bill
from caudal.billing.corrections import rebill as rebill
from caudal.billing.holding import CannotDecide as CannotDecide
from caudal.billing.holding import recompute_held as recompute_held
from caudal.billing.holding import release_held as release_held
from caudal.billing.holding import send_to_reread as send_to_reread
from caudal.billing.issuing import CannotIssueRun as CannotIssueRun
from caudal.billing.issuing import issue as issue
from caudal.billing.opening import CannotComputeRun as CannotComputeRun
from caudal.billing.opening import CannotDiscardRun as CannotDiscardRun
from caudal.billing.opening import CannotOpenRun as CannotOpenRun
from caudal.billing.opening import CannotReviewRun as CannotReviewRun
from caudal.billing.opening import compute as compute
from caudal.billing.opening import discard as discard
from caudal.billing.opening import open_run as open_run
from caudal.billing.opening import review as review
from caudal.billing.printing import CannotPrintRun as CannotPrintRun
from caudal.billing.printing import print_run as print_run
from caudal.billing.running import CannotTouchRun as CannotTouchRun
from caudal.billing.running import Silent as Silent
from caudal.billing.running import Watcher as Watcher
from caudal.billing.singles import SettledByLaterBill as SettledByLaterBill
from caudal.billing.singles import SettledByRunInHand as SettledByRunInHand
