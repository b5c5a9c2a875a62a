"""Verbs of the window: take money once, take it back once, load a file of payments once."""

from caudal.cashier.commands.cancellation import CannotCancelPayment as CannotCancelPayment
from caudal.cashier.commands.cancellation import cancel_payment as cancel_payment
from caudal.cashier.commands.importing import CannotImportPayments as CannotImportPayments
from caudal.cashier.commands.importing import ImportedPayments as ImportedPayments
from caudal.cashier.commands.importing import import_payments as import_payments
from caudal.cashier.commands.payments import CannotPostPayment as CannotPostPayment
from caudal.cashier.commands.payments import post_payment as post_payment
from caudal.cashier.commands.series import CannotChangeSeries as CannotChangeSeries
from caudal.cashier.commands.series import close_series as close_series
from caudal.cashier.commands.series import open_series as open_series
