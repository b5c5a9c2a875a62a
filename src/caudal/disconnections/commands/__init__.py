"""Verbs of cuts and reconnections. Each is one transaction; each judges anew who may be cut."""

from caudal.disconnections.commands.batches import cancel_batch as cancel_batch
from caudal.disconnections.commands.batches import hand_over as hand_over
from caudal.disconnections.commands.earning import reconnect_if_earned as reconnect_if_earned
from caudal.disconnections.commands.executing import CannotRecordCut as CannotRecordCut
from caudal.disconnections.commands.executing import Done as Done
from caudal.disconnections.commands.executing import record_cut as record_cut
from caudal.disconnections.commands.executing import record_not_done as record_not_done
from caudal.disconnections.commands.executing import revalidate as revalidate
from caudal.disconnections.commands.illegal import CannotCancelFine as CannotCancelFine
from caudal.disconnections.commands.illegal import (
    CannotRecordIllegalReconnection as CannotRecordIllegalReconnection,
)
from caudal.disconnections.commands.illegal import approve_fine_back as approve_fine_back
from caudal.disconnections.commands.illegal import cancel_illegal_reconnection as cancel_illegal_reconnection
from caudal.disconnections.commands.illegal import record_illegal_reconnection as record_illegal_reconnection
from caudal.disconnections.commands.illegal import record_what_was_read as record_what_was_read
from caudal.disconnections.commands.proposing import CannotApproveCuts as CannotApproveCuts
from caudal.disconnections.commands.proposing import CannotCancelCut as CannotCancelCut
from caudal.disconnections.commands.proposing import CannotDispatchCuts as CannotDispatchCuts
from caudal.disconnections.commands.proposing import CannotProposeCuts as CannotProposeCuts
from caudal.disconnections.commands.proposing import approve_batch as approve_batch
from caudal.disconnections.commands.proposing import approve_present as approve_present
from caudal.disconnections.commands.proposing import ask_to_approve as ask_to_approve
from caudal.disconnections.commands.proposing import cancel_cut as cancel_cut
from caudal.disconnections.commands.proposing import dispatch_orders as dispatch_orders
from caudal.disconnections.commands.proposing import propose_batch as propose_batch
from caudal.disconnections.commands.protecting import CannotDeclareTransit as CannotDeclareTransit
from caudal.disconnections.commands.protecting import declare_transit as declare_transit
from caudal.disconnections.commands.protecting import protect_account as protect_account
from caudal.disconnections.commands.protecting import recheck as recheck
from caudal.disconnections.commands.protecting import sweep as sweep
from caudal.disconnections.commands.reconnecting import CannotReconnect as CannotReconnect
from caudal.disconnections.commands.reconnecting import finish_reconnection as finish_reconnection
from caudal.disconnections.commands.reconnecting import open_reconnection as open_reconnection
from caudal.disconnections.commands.reconnecting import repeat_reconnection as repeat_reconnection
from caudal.disconnections.commands.reconnecting import withdraw_reconnection as withdraw_reconnection
