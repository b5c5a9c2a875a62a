"""What the street brings to the command line."""

from caudal.fieldwork.field_cli import field
from caudal.fieldwork.phone_cli import phone

COMMANDS = [field, phone]
