"""The digits of a folio, said once for every query: six at least, and all of them when there are more.

`lpad` alone cuts what is longer, so that the receipt 1,234,567 would be read as 123,456: another one.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kernel", "0006_hold_request")]
    operations = [
        migrations.RunSQL(
            "CREATE FUNCTION kernel_folio_digits(number bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS"
            " $$ SELECT lpad(number::text, greatest(6, length(number::text)), '0') $$;",
            "DROP FUNCTION kernel_folio_digits(bigint);",
        )
    ]
