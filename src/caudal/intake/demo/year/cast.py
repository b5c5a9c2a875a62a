"""The accounts of the cast that the year follows by name."""

from typing import Final

LUPITA: Final = "010293"
CHUY: Final = "010117"
