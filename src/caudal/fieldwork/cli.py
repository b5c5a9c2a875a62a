"""What the street brings to the command line."""

from caudal.fieldwork.phone_cli import phone

COMMANDS = [phone]
