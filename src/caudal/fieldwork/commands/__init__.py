"""Verbs of the street: plan the work, order it, enroll phones, receive what they tell."""

from caudal.fieldwork.commands.orders import CannotCancelOrder as CannotCancelOrder
from caudal.fieldwork.commands.orders import CannotOrderFieldWork as CannotOrderFieldWork
from caudal.fieldwork.commands.orders import CannotRecordResult as CannotRecordResult
from caudal.fieldwork.commands.orders import Told as Told
from caudal.fieldwork.commands.orders import cancel_order as cancel_order
from caudal.fieldwork.commands.orders import order_field_work as order_field_work
from caudal.fieldwork.commands.orders import record_order_result as record_order_result
from caudal.fieldwork.commands.rounds import CannotCancelRound as CannotCancelRound
from caudal.fieldwork.commands.rounds import CannotPlanRound as CannotPlanRound
from caudal.fieldwork.commands.rounds import CannotReassignRound as CannotReassignRound
from caudal.fieldwork.commands.rounds import CannotSplitRound as CannotSplitRound
from caudal.fieldwork.commands.rounds import StopPlan as StopPlan
from caudal.fieldwork.commands.rounds import cancel_round as cancel_round
from caudal.fieldwork.commands.rounds import plan_order_round as plan_order_round
from caudal.fieldwork.commands.rounds import plan_round as plan_round
from caudal.fieldwork.commands.rounds import reassign_round as reassign_round
from caudal.fieldwork.commands.rounds import split_pending as split_pending
