"""Cuts and reconnections: the rules, the orders, and the water that comes back."""

from caudal.disconnections.models.orders import BatchApproval as BatchApproval
from caudal.disconnections.models.orders import Disconnection as Disconnection
from caudal.disconnections.models.orders import DisconnectionBatch as DisconnectionBatch
from caudal.disconnections.models.orders import DisconnectionOrder as DisconnectionOrder
from caudal.disconnections.models.orders import OrderCheck as OrderCheck
from caudal.disconnections.models.orders import OrderStep as OrderStep
from caudal.disconnections.models.rules import DisconnectionPolicy as DisconnectionPolicy
from caudal.disconnections.models.water import IllegalReconnection as IllegalReconnection
from caudal.disconnections.models.water import (
    IllegalReconnectionCancellation as IllegalReconnectionCancellation,
)
from caudal.disconnections.models.water import ReconnectionOrder as ReconnectionOrder
from caudal.disconnections.models.water import TransitPayment as TransitPayment
