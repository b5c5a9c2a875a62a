"""What the database itself refuses, whoever writes."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from tests.town.cast import OPENED_ON, Town

from caudal.registry.models import (
    Account,
    AccountHolder,
    Benefit,
    Person,
    Premise,
    ServiceAgreement,
    ServiceInterruption,
    ServicePoint,
)


def refused(make) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


def agreement(town: Town, **changes: object) -> ServiceAgreement:
    told = {
        "account": Account.objects.create(number=f"N{Account.objects.count()}", opened_on=OPENED_ON),
        "service_point": ServicePoint.objects.create(
            premise=Premise.objects.create(address="x", locality=town.la_barca), route=town.routes["01-001"],
            walk_sequence=99,
        ),
        "tariff_class": town.classes["HAB-GEN"], "is_metered": False, "effective_from": OPENED_ON,
    } | changes  # fmt: skip
    return ServiceAgreement.objects.create(**told)


def test_an_agreement_without_class_route_or_regime_cannot_exist(town: Town) -> None:
    assert agreement(town).pk
    refused(lambda: agreement(town, tariff_class=None))
    refused(lambda: agreement(town, is_metered=None))
    refused(lambda: agreement(town, service_point=None))
    premise = town.point(town.lupita).premise
    refused(lambda: ServicePoint.objects.create(premise=premise, route=None, walk_sequence=1))
    refused(lambda: ServicePoint.objects.create(premise=None, route=town.routes["01-001"], walk_sequence=1))
    refused(lambda: Premise.objects.create(address="x", locality=None))


def test_two_agreements_of_an_account_or_a_point_do_not_overlap(town: Town) -> None:
    lupita, chuy = town.lupita, town.chuy
    refused(lambda: agreement(town, account=lupita, effective_from=date(2019, 1, 1)))
    refused(lambda: agreement(town, service_point=town.point(chuy), effective_from=date(2019, 1, 1)))
    before = agreement(town, account=lupita, effective_from=date(2017, 1, 1), effective_to=OPENED_ON)
    assert before.effective_to == OPENED_ON  # ending the day the other begins is no overlap


def test_dates_run_forward(town: Town) -> None:
    refused(lambda: agreement(town, effective_to=OPENED_ON))
    refused(lambda: agreement(town, effective_to=date(2017, 1, 1)))


def test_an_account_has_one_holder_one_cut_and_each_benefit_once(town: Town) -> None:
    person = Person.objects.create(full_name="Otra persona")
    refused(
        lambda: AccountHolder.objects.create(
            account=town.chuy, person=person, effective_from=date(2019, 1, 1)
        )
    )
    refused(
        lambda: Benefit.objects.create(
            account=town.lupita, category="senior", effective_from=date(2019, 1, 1), granted_by="x"
        )
    )
    cut = {"agreement": town.chuy.agreements.get(), "kind": "cut", "reason": "x", "ordered_by": "x"}
    ServiceInterruption.objects.create(**cut, effective_from=date(2018, 3, 1), effective_to=date(2018, 4, 1))
    refused(lambda: ServiceInterruption.objects.create(**cut, effective_from=date(2018, 3, 31)))


def test_numbers_and_names_are_not_empty_nor_repeated(town: Town) -> None:
    refused(lambda: Account.objects.create(number="", opened_on=OPENED_ON))
    refused(lambda: Account.objects.create(number="010293", opened_on=OPENED_ON))
    refused(lambda: Person.objects.create(full_name=""))


def test_the_folded_columns_are_kept_by_the_database(town: Town) -> None:
    person = Person.objects.create(full_name="ÁNGELA MUÑOZ", phone="(392) 925-11 22")
    person.refresh_from_db()
    assert (person.plain_name, person.phone_digits) == ("angela munoz", "3929251122")


def test_in_effect_is_half_open(town: Town) -> None:
    town.chuy.agreements.update(effective_to=date(2018, 6, 1))
    rows = ServiceAgreement.objects.filter(account=town.chuy)
    assert rows.in_effect(on=OPENED_ON).exists()
    assert rows.in_effect(on=date(2018, 5, 31)).exists()
    assert not rows.in_effect(on=date(2018, 6, 1)).exists()
    assert not rows.in_effect(on=date(2018, 1, 1)).exists()
