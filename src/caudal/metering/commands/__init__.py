"""Verbs of metering: meters, readings, the m³ of a period. Each is one transaction and leaves its line in the audit."""

from caudal.metering.commands.meters import (
    CannotInstallMeter,
    CannotRemoveMeter,
    exchange_meter,
    install_meter,
    remove_meter,
)

__all__ = ["CannotInstallMeter", "CannotRemoveMeter", "exchange_meter", "install_meter", "remove_meter"]
