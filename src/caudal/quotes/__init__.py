"""What it would cost: the whole debt today, in payments, or months ahead; printed with the day it expires."""
