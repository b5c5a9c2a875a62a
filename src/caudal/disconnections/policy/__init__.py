"""Pure decisions about cuts: may this account be cut, may this order be carried out, was it carried out well.

One function judges accounts for the list, the approval, the dispatch, the door and the result: facts in, every
reason out. It knows no database and no clock.
"""

from caudal.disconnections.policy.facts import MEASURE_NAMES as MEASURE_NAMES
from caudal.disconnections.policy.facts import Cause as Cause
from caudal.disconnections.policy.facts import Claim as Claim
from caudal.disconnections.policy.facts import Facts as Facts
from caudal.disconnections.policy.facts import Measure as Measure
from caudal.disconnections.policy.facts import Reason as Reason
from caudal.disconnections.policy.facts import Rules as Rules
from caudal.disconnections.policy.facts import Transit as Transit
from caudal.disconnections.policy.facts import Verdict as Verdict
from caudal.disconnections.policy.judging import hardest as hardest
from caudal.disconnections.policy.judging import judge as judge
from caudal.disconnections.policy.naming import BATCH_SERIES as BATCH_SERIES
from caudal.disconnections.policy.naming import ORDER_SERIES as ORDER_SERIES
from caudal.disconnections.policy.naming import RECONNECTION_SERIES as RECONNECTION_SERIES
from caudal.disconnections.policy.naming import batch_folio as batch_folio
from caudal.disconnections.policy.naming import order_folio as order_folio
from caudal.disconnections.policy.naming import reconnection_folio as reconnection_folio
from caudal.disconnections.policy.ordering import LIVE as LIVE
from caudal.disconnections.policy.ordering import STATE_NAMES as STATE_NAMES
from caudal.disconnections.policy.ordering import Order as Order
from caudal.disconnections.policy.ordering import State as State
from caudal.disconnections.policy.ordering import judge_execution as judge_execution
from caudal.disconnections.policy.ordering import judge_order as judge_order
from caudal.disconnections.policy.water import Agrees as Agrees
from caudal.disconnections.policy.water import Pays as Pays
from caudal.disconnections.policy.water import Standing as Standing
from caudal.disconnections.policy.water import earns_reconnection as earns_reconnection
