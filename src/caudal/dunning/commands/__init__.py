"""Verbs of dunning: prepare, issue and discard a batch; take it to the doors; serve, charge and cancel a notice."""

from caudal.dunning.commands.batches import CannotDiscardBatch as CannotDiscardBatch
from caudal.dunning.commands.batches import CannotIssueBatch as CannotIssueBatch
from caudal.dunning.commands.batches import CannotPrepareBatch as CannotPrepareBatch
from caudal.dunning.commands.batches import discard_batch as discard_batch
from caudal.dunning.commands.batches import issue_batch as issue_batch
from caudal.dunning.commands.batches import prepare_batch as prepare_batch
from caudal.dunning.commands.canceling import CannotCancelNotice as CannotCancelNotice
from caudal.dunning.commands.canceling import cancel_notice as cancel_notice
from caudal.dunning.commands.rounds import CannotPlanService as CannotPlanService
from caudal.dunning.commands.rounds import plan_service as plan_service
from caudal.dunning.commands.rounds import waiting_to_go as waiting_to_go
from caudal.dunning.commands.serving import CannotChargeCost as CannotChargeCost
from caudal.dunning.commands.serving import CannotServeNotice as CannotServeNotice
from caudal.dunning.commands.serving import Visit as Visit
from caudal.dunning.commands.serving import charge_cost as charge_cost
from caudal.dunning.commands.serving import record_service as record_service
