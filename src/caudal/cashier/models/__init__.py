"""Tables of the counter, by topic: receipts, tills, channels, print jobs."""

from caudal.cashier.models.channels import Identification as Identification
from caudal.cashier.models.channels import PaymentChannel as PaymentChannel
from caudal.cashier.models.channels import SettlementFile as SettlementFile
from caudal.cashier.models.channels import SettlementLine as SettlementLine
from caudal.cashier.models.printing import PaymentStanding as PaymentStanding
from caudal.cashier.models.printing import PrintJob as PrintJob
from caudal.cashier.models.printing import VerificationCount as VerificationCount
from caudal.cashier.models.receipts import Payment as Payment
from caudal.cashier.models.receipts import Prepayment as Prepayment
from caudal.cashier.models.receipts import Receipt as Receipt
from caudal.cashier.models.receipts import ReceiptSeries as ReceiptSeries
from caudal.cashier.models.receipts import Tender as Tender
from caudal.cashier.models.receipts import TenderKind as TenderKind
from caudal.cashier.models.tills import CashCount as CashCount
from caudal.cashier.models.tills import CashWithdrawal as CashWithdrawal
from caudal.cashier.models.tills import DepositedClosing as DepositedClosing
from caudal.cashier.models.tills import DepositSlip as DepositSlip
from caudal.cashier.models.tills import DifferenceDispute as DifferenceDispute
from caudal.cashier.models.tills import DisputeAnswer as DisputeAnswer
from caudal.cashier.models.tills import TenderBalance as TenderBalance
from caudal.cashier.models.tills import Till as Till
from caudal.cashier.models.tills import TillClosing as TillClosing
from caudal.cashier.models.tills import TillSession as TillSession
from caudal.cashier.models.tills import TillSessionStep as TillSessionStep
