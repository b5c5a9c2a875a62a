"""The clerk remembers half a name, a street, the end of a telephone. The account is found."""

import random
import string
from collections.abc import Iterator
from datetime import date

import pytest
from django.db import ProgrammingError, connection, connections, transaction
from tests.town.cast import Town, moment

from caudal.kernel.models import AuditEntry
from caudal.registry import checks, queries, spelling
from caudal.registry import commands as registry
from caudal.registry.models import Account, Person, Premise

ON = date(2018, 6, 1)
AT = moment(ON)


def numbers(text: str, *, limit: int = 20) -> list[str]:
    return [found.number for found in queries.search_accounts(text=text, limit=limit)]


def reason(text: str) -> tuple[str, str]:
    found = queries.search_accounts(text=text)[0]
    return found.found_by, found.found_text


def disagreements() -> list[str]:
    (check,) = checks.CHECKS
    return check.find()


class TestWords:
    @pytest.mark.parametrize(
        "text",
        [
            "guadalupe nunez", "NÚÑEZ GUADALUPE", "ortega viuda de nuñez", "nunez, guadalupe (viuda)", "guada nun",
            "guadalpue nuñes", "gudalupe nuunez", "huadalupe muñez ortga", "Guadalupe d nunez", "nunez morelos",
            "morelos 293 centro", "morelos 239 la barca", "nuñez 010293", "morelo 293",
        ],
    )  # fmt: skip
    def test_dona_lupita_is_found_first_however_she_is_written(self, town: Town, text: str) -> None:
        assert numbers(text)[0] == "010293"

    def test_what_is_written_so_comes_before_what_resembles_it(self, town: Town) -> None:
        """Two accounts have Juárez: the tortillería in its street, the school in its name. Suárez comes after."""
        person = Person.objects.get(full_name="Jesús Ramírez Ochoa")
        Person.objects.filter(pk=person.pk).update(full_name="Jesús Suárez Ochoa")
        assert numbers("juarez") == ["010405", "010512", "010117"]
        assert numbers("suarez")[0] == "010117"

    def test_one_wrong_word_does_not_hide_the_account_that_has_the_rest(self, town: Town) -> None:
        assert numbers("guadalupe nunez zaragoza") == ["010293"]
        assert numbers("guadalupe zaragoza") == []

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "   ",
            "¿?",
            "ñ",
            "zzzzzz",
            "'",
            "%",
            "_",
            "\\",
            "@",
            "a:*",
            "a & b | !c",
            "🚰",
            "ñ" * 5000,
            "((",
            "<->",
        ],
    )
    def test_anything_may_be_typed(self, town: Town, text: str) -> None:
        assert set(numbers(text)) <= {account.number for account in town.accounts}

    def test_two_slips_in_a_word_are_another_word(self, town: Town) -> None:
        assert numbers("guadelopa") == []

    def test_the_list_is_no_longer_than_asked_and_always_the_same(self, town: Town) -> None:
        assert len(numbers("barca", limit=3)) == 3
        assert numbers("barca", limit=3) == numbers("barca", limit=3)


class TestNumbers:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("01-0293", "010293"), ("0 1 0 2 9 3", "010293"), ("00010293", "010293"), ("1029", "010293"),
            ("0102", "010293"), ("3929251117", "010117"), ("(392) 925-1117", "010117"), ("925 1117", "010117"),
            ("+52 392 925 1117 ramirez", "010117"), ("392925111", "010117"),
        ],
    )  # fmt: skip
    def test_a_number_is_found_however_it_is_grouped(self, town: Town, text: str, found: str) -> None:
        if text.startswith("+52"):
            Person.objects.filter(full_name__startswith="Jesús").update(phone="3929251117")
            text = text.removeprefix("+52").replace("392 925 1117", "3929251117")
        assert numbers(text)[0] == found

    def test_an_account_written_with_hyphens_is_found_without_them(self, town: Town) -> None:
        Account.objects.filter(pk=town.chuy.pk).update(number="01-021-3442-11")
        for text in ("01-021-3442-11", "01021344211", "1021344211", "01 021 3442 11", "01-021"):
            assert numbers(text)[0] == "01-021-3442-11"
        assert queries.accounts_numbered(text="0102134421-1") == [(town.chuy.pk, "01-021-3442-11")]
        assert queries.accounts_numbered(text="01-021") == queries.accounts_numbered(text="--") == []

    def test_identity_numbers_find_their_holder_and_say_so(self, town: Town) -> None:
        Person.objects.filter(full_name__startswith="Jesús").update(
            curp="RAOJ800101HJCMCS09", rfc="RAOJ800101AB1"
        )
        assert numbers("raoj800101hjcmcs09") == ["010117"]
        assert reason("RAOJ800101HJCMCS09") == ("curp", "RAOJ800101HJCMCS09")
        assert reason("raoj 800101 ab1") == ("rfc", "RAOJ800101AB1")
        assert reason("RAOJ800101")[0] in ("curp", "rfc")

    def test_a_telephone_says_that_it_was_the_telephone(self, town: Town) -> None:
        assert reason("925-1117") == ("phone", "392 925 1117")
        assert reason("010117") == ("", "")


class TestUpkeep:
    """Whatever writes the registry, the index follows within the same transaction."""

    def test_the_town_is_indexed_as_it_was_opened(self, town: Town) -> None:
        assert disagreements() == []

    def test_a_new_holder_is_found_and_the_former_one_says_since_when_not(self, town: Town) -> None:
        registry.change_holder(
            account=town.chuy,
            holder=registry.Holder(full_name="María Salcedo"),
            on=ON,
            reason="x",
            by="laura",
            at=AT,
        )
        assert numbers("salsedo") == numbers("jesús ramírez") == ["010117"]
        assert reason("jesus ramirez") == ("former_holder", "Jesús Ramírez Ochoa")
        assert reason("salcedo") == ("", "")
        assert disagreements() == []

    def test_a_new_account_is_found_at_once(self, town: Town) -> None:
        point = town.point(town.chuy)
        registry.open_account(
            number="010999", holder=registry.Holder(full_name="Xóchitl Quiñones"), tariff_class=town.classes["HAB-GEN"],
            place=registry.Place(
                address="Privada Jacarandas 7", locality=town.la_barca, route=point.route, walk_sequence=99
            ),
            is_metered=False, opened_on=ON, by="laura", at=AT,
        )  # fmt: skip
        assert numbers("xochil quinones") == numbers("jacaranda 7") == ["010999"]
        assert disagreements() == []

    def test_a_corrected_name_or_place_is_found_and_the_wrong_one_is_not(self, town: Town) -> None:
        Person.objects.filter(full_name__startswith="Jesús").update(full_name="Jesús Ramírez Covarrubias")
        Premise.objects.filter(address="Hidalgo 117").update(address="Aquiles Serdán 4", neighborhood=None)
        assert numbers("covarrubias") == numbers("aquiles serdan") == ["010117"]
        assert numbers("ochoa") == numbers("hidalgo 117") == []
        town.centro.name = "Barrio Alto"
        town.centro.save()
        assert "010117" not in numbers("barrio alto") and "010293" in numbers("barrio alto")
        type(town.el_carmen).objects.filter(pk=town.el_carmen.pk).update(name="Zalamea")
        assert numbers("zalamea") == ["020031"]
        assert disagreements() == []

    def test_a_service_that_moves_takes_its_street(self, town: Town) -> None:
        point = town.point(town.lot)
        point.premise = town.point(town.rancho).premise
        point.save()
        assert set(numbers("camino real")) == {"010733", "020031"} and numbers("degollado") == []
        assert disagreements() == []

    def test_rows_loaded_as_a_set_are_found(self, town: Town) -> None:
        """An old system arrives: thirty accounts in six statements."""
        loaded = load_town([f"Fulgencio Zarco{'o' * n}" for n in range(30)], town, first=70_000)
        assert numbers("fulgencio", limit=50) == loaded
        assert disagreements() == []

    def test_what_was_undone_is_not_found(self, town: Town) -> None:
        with pytest.raises(RuntimeError), transaction.atomic():
            Person.objects.filter(full_name__startswith="Jesús").update(full_name="Otro Nombre")
            assert numbers("otro nombre") == ["010117"]
            raise RuntimeError
        assert numbers("otro nombre") == [] and numbers("ramirez ochoa") == ["010117"]

    def test_an_account_that_was_never_there_leaves_no_words(self, town: Town) -> None:
        (number,) = load_town(["Efímero Fugaz"], town, first=80_000)
        account = Account.objects.get(number=number)
        account.holders.all().delete()
        assert numbers("efimero") == [] and numbers("camino 08000") == [number]
        account.agreements.all().delete()
        assert numbers("camino 08000") == [] and disagreements() == []

    def test_the_application_reads_the_index_and_cannot_write_it(self, town: Town) -> None:
        for statement in (
            "DELETE FROM registry_searchdocument", "INSERT INTO registry_searchword VALUES ('x')",
            "UPDATE registry_searchdocument SET words = ''", "SELECT registry_index('{1}')",
        ):  # fmt: skip
            with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
        assert disagreements() == []

    def test_making_it_again_changes_nothing(self, town: Town) -> None:
        assert registry.index_accounts(by="salas", at=AT) == 8
        assert numbers("guadalpue nuñes") == ["010293"] and disagreements() == []
        entry = AuditEntry.objects.get(act="index_accounts")
        assert (entry.by, entry.after) == ("salas", {"accounts": 8})


@pytest.fixture
def owned_town(request: pytest.FixtureRequest) -> Iterator[Town]:
    """The town, seen by the owner of the tables: the application could not do such harm."""
    words = connections["default"].settings_dict
    application = {name: words[name] for name in ("USER", "PASSWORD")}
    connections["default"].close()
    words.update({name: connections["owner"].settings_dict[name] for name in application})
    yield request.getfixturevalue("town")
    request.addfinalizer(connections["default"].close)
    words.update(application)


class TestCheck:
    """Somebody with the keys of the owner touched the index. The check names the account and what to do."""

    @pytest.mark.parametrize(
        ("harm", "said"),
        [
            ("DELETE FROM registry_searchdocument WHERE account_id = %s", "La cuenta 010117 falta en el índice"),
            ("UPDATE registry_searchdocument SET words = '' WHERE account_id = %s", "está con otras palabras en el índice"),
            ("INSERT INTO registry_searchdocument SELECT -%s, ''", "Una cuenta que ya no existe sobra en el índice"),
            ("DELETE FROM registry_searchword WHERE word = 'ramirez' AND %s > 0", "La palabra «ramirez» no se encuentra"),
        ],
    )  # fmt: skip
    def test_what_disagrees_is_named_and_mended(self, owned_town: Town, harm: str, said: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(harm, [owned_town.chuy.pk])
        (finding,) = disagreements()
        assert said in finding and finding.endswith("Vuélvalo a hacer con «caudal account index».")
        registry.index_accounts(by="salas", at=AT)
        assert disagreements() == []


class TestSpelling:
    @pytest.mark.parametrize(
        ("typed", "written", "is_slip"),
        [
            ("lopes", "lopez", True), ("lpez", "lopez", True), ("loopez", "lopez", True), ("olpez", "lopez", True),
            ("lopze", "lopez", True), ("lope", "lopez", True), ("lopezz", "lopez", True), ("xopez", "lopez", True),
            ("lopez", "lopez", False), ("lozep", "lopez", False), ("lpoze", "lopez", False), ("lo", "lopez", False),
            ("", "a", True), ("a", "", True), ("ab", "ba", True), ("abcd", "bcda", False), ("aab", "aba", True),
        ],
    )  # fmt: skip
    def test_one_letter_more_less_changed_or_swapped(self, typed: str, written: str, is_slip: bool) -> None:
        assert spelling.is_one_slip(typed=typed, written=written) is is_slip
        assert spelling.is_one_slip(typed=written, written=typed) is is_slip

    def test_a_word_answers_once(self) -> None:
        """«María María» asked of «maria lopez»: the second María has no answer; 100 + 0."""
        maria = {"maria": 100, "mario": 70}
        assert spelling.score(asked=[maria, maria], words=frozenset({"maria", "lopez"})) == 100
        assert spelling.score(asked=[maria, maria], words=frozenset({"maria", "mario"})) == 170

    def test_any_slip_is_seen_by_the_index_and_by_the_judgment(self, db: None) -> None:
        seed = random.randrange(10**6)
        chance = random.Random(seed)
        for _ in range(200):
            word = "".join(chance.choices(string.ascii_lowercase, k=chance.randrange(3, 12)))
            typed = slip(word, chance)
            with connection.cursor() as cursor:
                cursor.execute("SELECT registry_spellings(%s) && registry_spellings(%s)", [word, typed])
                assert cursor.fetchone() == (True,), (word, typed, seed)
            assert typed == word or spelling.is_one_slip(typed=typed, written=word), (word, typed, seed)


def test_in_a_town_of_two_thousand_a_slip_in_every_word_hides_nobody(town: Town) -> None:
    """Names made by chance. As written, every one is on the first page; with a slip in each word, nine of ten."""
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    names = [name_of_a_neighbor(chance) for _ in range(2_000)]
    of = dict(zip(load_town(names, town, first=100_000), names, strict=True))
    asked = chance.sample(list(of.items()), 150)
    for number, name in asked:
        words = name.split()
        assert number in numbers(" ".join(chance.sample(words, len(words))).lower(), limit=50), (name, seed)
    found = [
        number in numbers(" ".join(slip(word.lower(), chance) for word in name.split()), limit=50)
        for number, name in asked
    ]
    assert sum(found) >= 0.9 * len(asked), f"seed {seed}"
    assert disagreements() == []


GIVEN = (
    "María",
    "José",
    "Guadalupe",
    "Juan",
    "Rosa",
    "Jesús",
    "Antonio",
    "Martha",
    "Salvador",
    "Teresa",
    "Rafael",
)
STEMS = (
    "Ramír",
    "Gonzál",
    "Hernánd",
    "Martín",
    "Núñ",
    "Ibáñ",
    "Vázqu",
    "Jimén",
    "Godín",
    "Melénd",
    "Ordóñ",
    "Benít",
)
ENDS = ("ez", "a", "o", "es", "al", "illo", "ana")


def name_of_a_neighbor(chance: random.Random) -> str:
    surnames = [chance.choice(STEMS) + chance.choice(ENDS) for _ in range(2)]
    return " ".join([*chance.sample(GIVEN, chance.choice((1, 2))), *surnames])


def slip(word: str, chance: random.Random) -> str:
    """One letter missing, too many, changed, or swapped with the next."""
    place, letter = chance.randrange(len(word)), chance.choice(string.ascii_lowercase)
    return chance.choice(
        (
            word[:place] + word[place + 1 :],
            word[:place] + letter + word[place:],
            word[:place] + letter + word[place + 1 :],
            word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
        )
    )


def load_town(names: list[str], town: Town, *, first: int) -> list[str]:
    """Accounts written as a migration writes them, each table in one statement → their numbers."""
    from caudal.registry.models import AccountHolder, ServiceAgreement, ServicePoint

    codes = [f"{first + place:06d}" for place in range(len(names))]
    persons = Person.objects.bulk_create([Person(full_name=name) for name in names])
    premises = Premise.objects.bulk_create(
        [Premise(address=f"Camino {code}", locality=town.la_barca) for code in codes]
    )
    route = town.point(town.chuy).route
    points = ServicePoint.objects.bulk_create(
        [ServicePoint(premise=premise, route=route, walk_sequence=1000) for premise in premises]
    )
    accounts = Account.objects.bulk_create([Account(number=code, opened_on=ON) for code in codes])
    AccountHolder.objects.bulk_create(
        [
            AccountHolder(account=account, person=person, effective_from=ON)
            for account, person in zip(accounts, persons, strict=True)
        ]
    )
    ServiceAgreement.objects.bulk_create(
        [
            ServiceAgreement(
                account=account, service_point=point, tariff_class=town.classes["HAB-GEN"], is_metered=False,
                effective_from=ON,
            )
            for account, point in zip(accounts, points, strict=True)
        ]
    )  # fmt: skip
    return codes
