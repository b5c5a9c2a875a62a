"""The demonstration from beginning to end."""

from pathlib import Path
from typing import Any

from caudal.intake.demo import month, papers, stage, telling
from caudal.intake.demo.year import almanac
from caudal.intake.demo.year import play as year_play
from caudal.intake.demo.year import telling as year_telling
from caudal.intake.loading import Tell


def play(*, directory: Path, n_accounts: int, tell: Tell) -> tuple[dict[str, Any], str]:
    """Play the demonstration in an empty database → what happened, as data and as text.

    :raises CannotStageDemo: if the database is not empty
    """
    stage.require_empty()
    staged = stage.stage(directory=directory, n_accounts=n_accounts, tell=tell)
    lived = month.live(staged=staged, tell=tell)
    stage.mark_ready(at=stage.moment(month.ISSUED_ON, 11))
    tell("Imprimiendo recibos")
    samples = papers.print_samples(run=lived.run, directory=directory)
    files = papers.print_run(run=lived.run, directory=directory)
    tell("Comprobando todo")
    told = telling.story(staged=staged, lived=lived, checked=telling.check(), samples=samples, files=files)
    return told, telling.text(told, staged=staged, lived=lived)


def play_year(*, directory: Path, n_accounts: int, tell: Tell) -> tuple[dict[str, Any], str]:
    """Play the whole year in an empty database, to its printed report → what happened, as data and as text.

    :raises CannotStageDemo: if the database is not empty
    """
    stage.require_empty()
    staged = stage.stage(directory=directory, n_accounts=n_accounts, tell=tell)
    lived = year_play.live(staged=staged, tell=tell)
    stage.mark_ready(at=stage.moment(almanac.LAST_DAY, 12))
    tell("Imprimiendo el informe del año")
    report = year_telling.print_report(directory=directory)
    tell("Comprobando todo")
    told = year_telling.story(year=lived, checked=telling.check(), report=report)
    return told, year_telling.text(told, year=lived)
