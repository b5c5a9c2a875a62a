"""The chain of receipts: each is sealed together with the one before it in its series.

The seal is SHA-256 over the previous seal and a line of text that says everything a receipt says. A chain by
itself does not stop whoever can rewrite the whole table; its head is printed on each closing, outside.
"""

from caudal.cashier.chain.seals import ALPHABET as ALPHABET
from caudal.cashier.chain.seals import GENESIS as GENESIS
from caudal.cashier.chain.seals import VERIFICATION_LENGTH as VERIFICATION_LENGTH
from caudal.cashier.chain.seals import Sealed as Sealed
from caudal.cashier.chain.seals import body as body
from caudal.cashier.chain.seals import new_verification as new_verification
from caudal.cashier.chain.seals import seal as seal
from caudal.cashier.chain.walk import ChainProblem as ChainProblem
from caudal.cashier.chain.walk import ChainReport as ChainReport
from caudal.cashier.chain.walk import Head as Head
from caudal.cashier.chain.walk import SeriesHead as SeriesHead
from caudal.cashier.chain.walk import printed as printed
from caudal.cashier.chain.walk import verify as verify
