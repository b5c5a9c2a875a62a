"""Columns that know what they hold."""

from django.apps import apps

from caudal.kernel.fields import NO_PERIOD, CentsField, PeriodField
from caudal.rules.periods import Period


def test_money_is_a_big_integer_and_never_null() -> None:
    columns = [
        field
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, CentsField)
    ]
    assert len(columns) > 10
    assert {field.get_internal_type() for field in columns} == {"BigIntegerField"}
    assert not [field for field in columns if field.null]


def test_a_period_comes_back_as_a_month_and_none_as_zero() -> None:
    field = PeriodField()
    january = field.from_db_value(201901)
    assert isinstance(january, Period) and january.next() == 201902
    assert field.from_db_value(NO_PERIOD) == 0 and not isinstance(field.from_db_value(0), Period)
    assert field.from_db_value(None) is None
