"""Questions about cuts and reconnections: who may be cut and why not, how each order is. Nothing is written."""

from caudal.disconnections.queries.eligibility import Judged as Judged
from caudal.disconnections.queries.eligibility import OrderJudged as OrderJudged
from caudal.disconnections.queries.eligibility import Segment as Segment
from caudal.disconnections.queries.eligibility import eligibility as eligibility
from caudal.disconnections.queries.eligibility import judge_orders as judge_orders
from caudal.disconnections.queries.eligibility import portfolio as portfolio
from caudal.disconnections.queries.finding import UnknownCut as UnknownCut
from caudal.disconnections.queries.finding import batch_by_folio as batch_by_folio
from caudal.disconnections.queries.finding import order_by_folio as order_by_folio
from caudal.disconnections.queries.policies import NoDisconnectionPolicy as NoDisconnectionPolicy
from caudal.disconnections.queries.policies import policies as policies
from caudal.disconnections.queries.policies import policy_on as policy_on
from caudal.disconnections.queries.policies import waited_until as waited_until
