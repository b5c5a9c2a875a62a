"""Verbs of metering: meters, readings, the m³ of a period. One transaction each."""

from caudal.metering.commands.assessment import (
    Assessment,
    CannotAssessPeriod,
    assess_one,
    assess_period,
)
from caudal.metering.commands.closing import (
    CannotClosePeriod,
    CannotRequestReread,
    close_period,
    request_reread,
    settle_reread,
)
from caudal.metering.commands.importing import (
    CannotImportReadings,
    Finding,
    ImportOutcome,
    import_readings,
)
from caudal.metering.commands.meters import (
    CannotInstallMeter,
    CannotRemoveMeter,
    exchange_meter,
    install_meter,
    remove_meter,
)
from caudal.metering.commands.readings import (
    CannotCorrectReading,
    CannotRecordReading,
    correct_reading,
    record_reading,
)
from caudal.metering.commands.reviewing import (
    CannotReopenReview,
    CannotReviewReading,
    contest_reading,
    reopen_review,
    review_reading,
    take_reread,
)
from caudal.metering.commands.rounds import CannotPlanReading, plan_reading_rounds

__all__ = [
    "Assessment",
    "CannotAssessPeriod",
    "CannotClosePeriod",
    "CannotCorrectReading",
    "CannotImportReadings",
    "CannotInstallMeter",
    "CannotPlanReading",
    "CannotRecordReading",
    "CannotRemoveMeter",
    "CannotReopenReview",
    "CannotRequestReread",
    "CannotReviewReading",
    "Finding",
    "ImportOutcome",
    "assess_one",
    "assess_period",
    "close_period",
    "contest_reading",
    "correct_reading",
    "exchange_meter",
    "import_readings",
    "install_meter",
    "plan_reading_rounds",
    "record_reading",
    "remove_meter",
    "reopen_review",
    "request_reread",
    "review_reading",
    "settle_reread",
    "take_reread",
]
