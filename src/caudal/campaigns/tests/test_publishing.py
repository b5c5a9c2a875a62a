"""A campaign is prepared by Laura, published with the yes of the manager, and from there its rules never change."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.town import counter
from tests.town.cast import PIN, Town, moment

from caudal.access import approvals
from caudal.access import policy as acts
from caudal.access.models import Approval
from caudal.campaigns import commands as campaigns
from caudal.campaigns import policy, queries
from caudal.campaigns.models import Campaign
from caudal.kernel.models import AuditEntry
from caudal.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db

TERMS = campaigns.CampaignTerms(
    code="abril-2019", name="Abril sin recargos", starts_on=date(2019, 4, 1), last_on=date(2019, 4, 30),
    on_single_payment=True, on_arrangement=True, reduces=("surcharge",), ppm=750_000,
    council_agreement="CA-12/2019",
)  # fmt: skip
PREPARED = moment(date(2019, 3, 20))
PUBLISHED = moment(date(2019, 3, 25))


def prepare(**changes: object) -> Campaign:
    return campaigns.draft_campaign(terms=replace(TERMS, **changes), at=PREPARED, by="laura")


def yes(campaign: Campaign, *, approver: str = "salas", by: str = "laura") -> Approval:
    counter.hire()
    return campaigns.approve_publication(
        campaign=campaign, approver=approver, pin=PIN, reason="Acuerdo del consejo", at=PUBLISHED, by=by
    )


def publish(campaign: Campaign) -> Campaign:
    return campaigns.publish_campaign(campaign=campaign, approval=yes(campaign), at=PUBLISHED, by="laura")


def test_a_draft_says_its_days_and_counts_the_last_one_whole(town: Town) -> None:
    draft = prepare()

    assert (draft.code, draft.drafted_by, draft.published_at) == ("ABRIL-2019", "laura", None)
    assert (draft.starts_at, draft.ends_at) == (
        policy.midnight(date(2019, 4, 1)), policy.midnight(date(2019, 5, 1)),
    )  # fmt: skip
    assert policy.last_day(draft) == date(2019, 4, 30)
    assert AuditEntry.objects.get(act="campaigns.draft").after == {
        "nombre": "Abril sin recargos", "vigencia": "1 abr 2019 al 30 abr 2019", "reduce": "75 % de recargos",
        "se gana con": "pagar todo en una sola exhibición, o firmar convenio", "para": "todas las cuentas",
        "precedencia": "100", "acuerdo del consejo": "CA-12/2019",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "con espacio"}, "code"),
        ({"name": " "}, "name"),
        ({"last_on": date(2019, 3, 31)}, "last_on"),
        ({"last_on": date(2020, 4, 1)}, "last_on"),
        ({"ppm": 0}, "percent"),
        ({"ppm": 1_000_001}, "percent"),
        ({"fixed_cents": 100_00}, "fixed"),
        ({"ppm": 0, "fixed_cents": -1}, "fixed"),
        ({"cap_cents": 0}, "cap"),
        ({"on_single_payment": False, "on_arrangement": False}, "on_single_payment"),
        ({"reduces": ()}, "reduces"),
        ({"reduces": ("water", "nothing")}, "reduces"),
        ({"reduces": ("installment",)}, "reduces"),
        ({"reduces": ("benefit",)}, "reduces"),
        ({"on_prepayment": True}, "least_months"),
        ({"on_prepayment": True, "least_months": 12, "ppm": 0, "fixed_cents": 50_00}, "percent"),
        ({"uses": ("castle",)}, "uses"),
        ({"localities": ("atlantis",)}, "localities"),
        ({"regime": "both"}, "regime"),
        ({"least_balance_cents": 2, "most_balance_cents": 1}, "most_balance"),
        ({"least_age_days": 60, "most_age_days": 30}, "most_age_days"),
        ({"least_age_days": 1, "requires_up_to_date": True}, "least_age_days"),
        ({"precedence": -1}, "precedence"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(
    town: Town, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(campaigns.CannotDraftCampaign) as refused:
        prepare(**changes)

    assert refused.value.field == field
    assert refused.value.remedy
    assert not Campaign.objects.exists()
    assert not AuditEntry.objects.filter(act="campaigns.draft").exists()


def test_a_code_is_used_once(town: Town) -> None:
    prepare()

    with pytest.raises(campaigns.CannotDraftCampaign, match="Ya hay una campaña") as refused:
        prepare(code="Abril-2019")

    assert refused.value.field == "code"


def test_a_draft_changes_and_its_new_author_is_written(town: Town) -> None:
    draft = prepare()

    changed = campaigns.change_draft(
        campaign=draft, terms=replace(TERMS, ppm=500_000), at=PREPARED, by="marta"
    )
    with pytest.raises(campaigns.CannotDraftCampaign, match="ya no cambia"):
        campaigns.change_draft(campaign=draft, terms=replace(TERMS, code="MAYO"), at=PREPARED, by="marta")

    assert (changed.ppm, changed.drafted_by) == (500_000, "marta")


def test_a_campaign_starts_and_ends_by_itself(town: Town) -> None:
    rule = publish(prepare())

    assert (rule.published_by, rule.published_at) == ("salas", PUBLISHED)
    told = [
        policy.state(campaign=rule, at=at).value
        for at in (
            PUBLISHED,
            rule.starts_at,
            rule.ends_at - timedelta(seconds=1),
            rule.ends_at,
        )  # fmt: skip
    ]
    assert told == ["por empezar", "vigente", "vigente", "terminada"]
    assert list(queries.campaigns_in_force(at=moment(date(2019, 4, 30), 23))) == [rule]
    assert AuditEntry.objects.get(act="campaigns.publish").after["approved_by"] == "salas"


def refuse(campaign: Campaign, approval: Approval | None, by: str = "laura") -> Refusal:
    with pytest.raises(Refusal) as refused:
        campaigns.publish_campaign(campaign=campaign, approval=approval, at=PUBLISHED, by=by)
    assert not Campaign.objects.filter(pk=campaign.pk, published_at__isnull=False).exists()
    return refused.value


def test_one_person_alone_publishes_nothing(town: Town) -> None:
    assert isinstance(refuse(prepare(), None), approvals.NeedsApproval)


def test_whoever_prepared_it_does_not_publish_it(town: Town) -> None:
    # the manager prepares; Laura asks and the same manager says yes
    draft = campaigns.draft_campaign(terms=TERMS, at=PREPARED, by="salas")

    with pytest.raises(campaigns.CannotPublishCampaign, match="preparó") as refused:
        yes(draft)

    assert refused.value.field == "approver"
    assert not Approval.objects.exists()


def test_whoever_changed_it_once_does_not_publish_it_either(town: Town) -> None:
    draft = campaigns.draft_campaign(terms=TERMS, at=PREPARED, by="salas")
    campaigns.change_draft(campaign=draft, terms=TERMS, at=PREPARED, by="laura")

    with pytest.raises(campaigns.CannotPublishCampaign, match="preparó"):
        yes(draft)


def test_a_yes_is_for_what_the_campaign_said_then(town: Town) -> None:
    draft = prepare()
    given = yes(draft)
    campaigns.change_draft(campaign=draft, terms=replace(TERMS, ppm=1_000_000), at=PUBLISHED, by="laura")

    assert "cambió después" in refuse(draft, given).what


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"council_agreement": ""}, "council_agreement"),
        ({"starts_on": date(2019, 2, 1), "last_on": date(2019, 2, 28)}, "last_on"),
    ],
)
def test_a_campaign_without_agreement_or_already_over_is_not_published(
    town: Town, changes: dict[str, object], field: str
) -> None:
    draft = prepare(**changes)

    with pytest.raises(campaigns.CannotPublishCampaign) as refused:
        yes(draft)

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("changes", "meets"),
    [
        ({}, True),
        ({"starts_on": date(2019, 4, 30), "last_on": date(2019, 5, 31)}, True),
        ({"starts_on": date(2019, 5, 1), "last_on": date(2019, 5, 31)}, False),
        ({"precedence": 99}, False),
        ({"stacks": True}, False),
        ({"reduces": ("water",)}, False),
        ({"reduces": ("water", "surcharge")}, True),
        ({"on_single_payment": False}, True),
        ({"uses": ("residential",)}, True),
        ({"regime": "flat"}, True),
        ({"on_single_payment": False, "on_arrangement": False, "on_prepayment": True, "least_months": 12}, False),
    ],
)  # fmt: skip
def test_two_that_meet_with_one_precedence_are_not_both_published(
    town: Town, changes: dict[str, object], meets: bool
) -> None:
    publish(prepare())
    other = prepare(code="OTRA", **changes)

    if not meets:
        assert publish(other).published_by == "salas"
        return
    with pytest.raises(campaigns.CannotPublishCampaign, match="Coincide con ABRIL-2019") as refused:
        yes(other)
    assert refused.value.field == "precedence"
    assert not Campaign.objects.get(code="OTRA").published_by


def test_scopes_apart_do_not_meet(town: Town) -> None:
    publish(prepare(uses=("residential",), most_balance_cents=500_00))

    publish(prepare(code="COMERCIO", uses=("commercial",)))
    publish(prepare(code="GRANDES", uses=("residential",), least_balance_cents=500_01))

    assert Campaign.objects.exclude(published_by="").count() == 3


def test_a_withdrawn_campaign_forgives_no_more_and_says_why(town: Town) -> None:
    rule = publish(prepare())
    at = moment(date(2019, 4, 15), 12)

    with pytest.raises(campaigns.CannotWithdrawCampaign) as refused:
        campaigns.withdraw_campaign(campaign=rule, reason=" ", at=at, by="salas")
    withdrawn = campaigns.withdraw_campaign(campaign=rule, reason="El consejo la revocó", at=at, by="salas")
    with pytest.raises(campaigns.CannotWithdrawCampaign, match="retirada"):
        campaigns.withdraw_campaign(campaign=rule, reason="Otra vez", at=at, by="salas")

    assert refused.value.field == "reason"
    assert withdrawn.withdrawal_reason == "El consejo la revocó"
    assert queries.campaigns_in_force(at=at - timedelta(seconds=1)).exists()
    assert not queries.campaigns_in_force(at=at).exists()
    assert not queries.campaigns_in_force(at=at + timedelta(days=1)).exists()


def test_a_request_waits_until_the_manager_says_yes_from_his_desk(town: Town) -> None:
    counter.hire()
    draft = prepare()
    request = campaigns.ask_to_publish(campaign=draft, reason="Acuerdo CA-12", at=PUBLISHED, by="laura")

    approvals.decide(request=request, is_granted=True, by="salas", at=PUBLISHED)

    assert request.act == acts.PUBLISH_CAMPAIGNS
    assert Campaign.objects.get().published_by == "salas"


def test_the_paper_of_the_council_is_kept_once(town: Town, settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path
    rule = prepare()
    paper = b"%PDF-1.7 acuerdo"

    with pytest.raises(campaigns.CannotKeepCouncilAgreement, match="no es un PDF"):
        campaigns.keep_council_agreement(campaign=rule, body=b"MZ", at=PREPARED, by="laura")
    kept = campaigns.keep_council_agreement(campaign=rule, body=paper, at=PREPARED, by="laura")
    rule = publish(kept)
    with pytest.raises(campaigns.CannotKeepCouncilAgreement, match="ya no se cambia"):
        campaigns.keep_council_agreement(campaign=rule, body=b"%PDF-otro", at=PUBLISHED, by="laura")

    assert kept.council_agreement_pdf.read() == paper
