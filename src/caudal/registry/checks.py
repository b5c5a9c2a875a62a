"""What the padrón asks of itself: does the search index say what the padrón says."""

from typing import Final

from caudal.kernel.checks import Check, rows

# a document that the rows do not make, or rows that made no document
MISFILED: Final = """
    SELECT account.number, made.words IS NULL, kept.words IS NULL
    FROM (SELECT account_id, registry_shelved(account_id, registry_words(string_agg(text, ' '))) AS words
          FROM registry_searchtext GROUP BY account_id) AS made
    FULL JOIN registry_searchdocument AS kept USING (account_id)
    LEFT JOIN registry_account AS account ON account.id = account_id
    WHERE made.words IS DISTINCT FROM kept.words ORDER BY 1
"""
# a word that no slip can find
UNKNOWN: Final = """
    SELECT word FROM (SELECT DISTINCT substr(unnest(tsvector_to_array(words)), 2) AS word
                      FROM registry_searchdocument) AS used
    WHERE NOT EXISTS (SELECT FROM registry_searchword AS known WHERE known.word = used.word) ORDER BY 1
"""
REMEDY: Final = "Vuélvalo a hacer con «caudal account index»."


def _search_index() -> list[str]:
    found = []
    for number, is_left_over, is_missing in rows(MISFILED):
        where = f"La cuenta {number}" if number else "Una cuenta que ya no existe"
        why = "sobra en" if is_left_over else "falta en" if is_missing else "está con otras palabras en"
        found.append(f"{where} {why} el índice de búsqueda. {REMEDY}")
    found += [f"La palabra «{word}» no se encuentra si se escribe mal. {REMEDY}" for (word,) in rows(UNKNOWN)]
    return found


CHECKS: Final = [
    Check("search_index", "¿El índice de búsqueda dice lo que dice el padrón?", _search_index),
]
