"""Verbs of payment agreements: sign, break, finish, cancel, decide the policy."""

from caudal.arrangements.commands.ending import CannotCancelArrangement as CannotCancelArrangement
from caudal.arrangements.commands.ending import CannotDefaultArrangement as CannotDefaultArrangement
from caudal.arrangements.commands.ending import cancel_arrangement as cancel_arrangement
from caudal.arrangements.commands.ending import default_arrangement as default_arrangement
from caudal.arrangements.commands.nightly import default_overdue as default_overdue
from caudal.arrangements.commands.nightly import finish_paid as finish_paid
from caudal.arrangements.commands.policies import CannotSetPolicy as CannotSetPolicy
from caudal.arrangements.commands.policies import set_policy as set_policy
from caudal.arrangements.commands.signing import CannotSignArrangement as CannotSignArrangement
from caudal.arrangements.commands.signing import Signer as Signer
from caudal.arrangements.commands.signing import sign_arrangement as sign_arrangement
