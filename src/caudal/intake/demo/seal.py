"""The seal of the made-up utility: a drop over a river."""

from typing import Final

SEAL: Final = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96">
<circle cx="48" cy="48" r="46" fill="#0b4f66"/>
<path d="M48 14c10 16 20 26 20 40a20 20 0 0 1-40 0c0-14 10-24 20-40z" fill="#ffffff"/>
<path d="M12 68c8-6 16-6 24 0s16 6 24 0 16-6 24 0" fill="none" stroke="#7fc8dd" stroke-width="5"/>
<path d="M20 79c7-5 13-5 19 0s13 5 19 0 13-5 19 0" fill="none" stroke="#7fc8dd" stroke-width="4"/>
</svg>"""
