"""A tariff book as a TOML document: read, located, written.

The file is what a person edits; the *document* is what it means: the same tree with prices in
ten-thousandths of a peso, amounts in centavos, percentages in parts per million and volumes in
thousandths of the book's unit, all integers, and dates as ISO text. What a book leaves at its default
is left out of the document, so that the document (and its hash) says only what the book says.

`schema` is the list of everything a book may say; `reading` turns text into a document and findings,
`writing` a document into text; `locating` knows on which line a parameter stands.
"""

from caudal.tariffs.format.findings import Finding as Finding
from caudal.tariffs.format.reading import decode as decode
from caudal.tariffs.format.reading import place as place
from caudal.tariffs.format.reading import read as read
from caudal.tariffs.format.writing import as_text as as_text
from caudal.tariffs.format.writing import document_hash as document_hash
