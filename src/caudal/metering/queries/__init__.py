"""Questions about meters, readings and m³. They return rows ready for a page; they never write."""

from caudal.metering.exceptions import CODES as CODES
from caudal.metering.policy import Doubt as Doubt
from caudal.metering.queries.consumption import BASIS_TEXTS as BASIS_TEXTS
from caudal.metering.queries.consumption import Doubtful as Doubtful
from caudal.metering.queries.consumption import PeriodConsumption as PeriodConsumption
from caudal.metering.queries.consumption import consumption_history as consumption_history
from caudal.metering.queries.consumption import doubtful as doubtful
from caudal.metering.queries.consumption import exception_text as exception_text
from caudal.metering.queries.consumption import is_closed as is_closed
from caudal.metering.queries.consumption import is_open_for as is_open_for
from caudal.metering.queries.consumption import recent_consumption as recent_consumption
from caudal.metering.queries.consumption import regularization as regularization
from caudal.metering.queries.consumption import rereads_pending as rereads_pending
from caudal.metering.queries.consumption import settlement_of as settlement_of
from caudal.metering.queries.consumption import usual_volume as usual_volume
from caudal.metering.queries.meters import HungMeter as HungMeter
from caudal.metering.queries.meters import current_meter as current_meter
from caudal.metering.queries.meters import latest_reading as latest_reading
from caudal.metering.queries.meters import meters as meters
from caudal.metering.queries.meters import readings as readings
from caudal.metering.queries.meters import unread as unread
from caudal.metering.serials import FoundMeter as FoundMeter
from caudal.metering.serials import meters_found as meters_found
