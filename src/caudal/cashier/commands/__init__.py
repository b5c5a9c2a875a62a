"""Verbs of the counter: open a till, take money once, take it back once, close to the centavo."""

from caudal.cashier.commands.cancellation import CannotCancelReceipt as CannotCancelReceipt
from caudal.cashier.commands.cancellation import cancel_receipt as cancel_receipt
from caudal.cashier.commands.closings import CannotCloseSession as CannotCloseSession
from caudal.cashier.commands.closings import begin_balancing as begin_balancing
from caudal.cashier.commands.closings import close_session as close_session
from caudal.cashier.commands.closings import declare_count as declare_count
from caudal.cashier.commands.payments import AccountPart as AccountPart
from caudal.cashier.commands.payments import CannotTakePayment as CannotTakePayment
from caudal.cashier.commands.payments import TenderPart as TenderPart
from caudal.cashier.commands.payments import take_payment as take_payment
from caudal.cashier.commands.series import CannotChangeSeries as CannotChangeSeries
from caudal.cashier.commands.series import close_series as close_series
from caudal.cashier.commands.series import open_series as open_series
from caudal.cashier.commands.tills import CannotOpenSession as CannotOpenSession
from caudal.cashier.commands.tills import CannotOpenTill as CannotOpenTill
from caudal.cashier.commands.tills import open_session as open_session
from caudal.cashier.commands.tills import open_till as open_till
