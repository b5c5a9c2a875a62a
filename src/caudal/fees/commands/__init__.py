"""Verbs of the counter's services: ask, deliver, cancel, print the certificate, decide the rules."""

from caudal.fees.commands.asking import CannotAskService as CannotAskService
from caudal.fees.commands.asking import NewHolder as NewHolder
from caudal.fees.commands.asking import ask_service as ask_service
from caudal.fees.commands.certificates import CannotCertify as CannotCertify
from caudal.fees.commands.certificates import print_certificate as print_certificate
from caudal.fees.commands.ending import CannotCancelService as CannotCancelService
from caudal.fees.commands.ending import CannotDeliverService as CannotDeliverService
from caudal.fees.commands.ending import cancel_service as cancel_service
from caudal.fees.commands.ending import deliver_service as deliver_service
from caudal.fees.commands.rules import CannotChangeRules as CannotChangeRules
from caudal.fees.commands.rules import change_rules as change_rules
