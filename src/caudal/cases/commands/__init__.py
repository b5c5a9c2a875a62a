"""Verbs of reports: open, order, note, answer, resolve, dispute, merge."""

from caudal.cases.commands.merging import CannotMergeCases as CannotMergeCases
from caudal.cases.commands.merging import merge_cases as merge_cases
from caudal.cases.commands.moving import CannotAnswerCase as CannotAnswerCase
from caudal.cases.commands.moving import CannotDisputeCase as CannotDisputeCase
from caudal.cases.commands.moving import CannotOrderForCase as CannotOrderForCase
from caudal.cases.commands.moving import CannotResolveCase as CannotResolveCase
from caudal.cases.commands.moving import answer_case as answer_case
from caudal.cases.commands.moving import dispute_case as dispute_case
from caudal.cases.commands.moving import note_case as note_case
from caudal.cases.commands.moving import order_for_case as order_for_case
from caudal.cases.commands.moving import record_order_done as record_order_done
from caudal.cases.commands.moving import resolve_case as resolve_case
from caudal.cases.commands.opening import CannotOpenCase as CannotOpenCase
from caudal.cases.commands.opening import open_case as open_case
