"""The papers of a till: what they say, in what language it is told to a printer, and the queue that waits for one.

`sheet` is the only content. `thermal` tells it to an 80 mm printer, the ticket page to a browser, `documents` to
PDF. A printer never holds a charge back: jobs are written with the payment and sent after it.
"""

from caudal.cashier.printing.queue import CannotReprint as CannotReprint
from caudal.cashier.printing.queue import CannotSettleJob as CannotSettleJob
from caudal.cashier.printing.queue import Reprint as Reprint
from caudal.cashier.printing.queue import confirm as confirm
from caudal.cashier.printing.queue import discard as discard
from caudal.cashier.printing.queue import enqueue as enqueue
from caudal.cashier.printing.queue import enqueue_withdrawal as enqueue_withdrawal
from caudal.cashier.printing.queue import print_again as print_again
from caudal.cashier.printing.queue import reprint as reprint
from caudal.cashier.printing.queue import reprints as reprints
from caudal.cashier.printing.queue import retry as retry
from caudal.cashier.printing.sheets import sheet as sheet
from caudal.cashier.printing.states import PrinterState as PrinterState
from caudal.cashier.printing.states import pending as pending
from caudal.cashier.printing.states import state as state
