"""Why not: stages with reasons, what law and technology ask, and decisions against."""

from __future__ import annotations

from typing import Any

from blocks import built, cells, rows, table, texts
from builders import a_block, a_channel, a_constraint, a_period, a_service, a_step

from servicedir.domain.service import ChannelKind, Effect, Requirement, Service
from servicedir.domain.step import StepState

BLOCK = a_block("reasons")


def with_stage(slug: str, stage: str, reason: str = "", **fields: Any) -> Service:
    return a_service(slug, channels=(a_channel("video", a_period(stage, "2024", reason=reason)),), **fields)


def test_what_cannot_be_had_is_listed_with_its_reason() -> None:
    part = built(
        BLOCK,
        with_stage("aus", "ended", "Zu wenig gefragt."),
        with_stage("nie", "ruled_out", "Das Gesetz."),
        with_stage("pause", "paused"),
        with_stage("nicht", "not_planned", "Kein Bedarf."),
        with_stage("da", "live"),
        with_stage("plan", "planned"),
    )
    found = table(part, "reasons-stages")
    assert rows(found) == ["aus", "nicht", "nie", "pause"]
    assert texts(found, "aus")["reason"] == "Zu wenig gefragt."
    assert "Bei 1 Dienstleistung ist kein Grund eingetragen." in part.notes


def test_what_the_law_asks_is_listed_with_its_citation_if_it_concerns_the_channel() -> None:
    constraints = (
        a_constraint(effect=Effect.CONDITIONS, note="Soll erscheinen."),
        a_constraint(effect=Effect.ALLOWS),
        a_constraint(effect=Effect.RULES_OUT, channel=ChannelKind.PHONE),
        a_constraint(effect=Effect.RULES_OUT, requirement=Requirement.SIGNATURE, legal_basis=None),
    )
    part = built(BLOCK, with_stage("ausweis", "live", constraints=constraints))
    found = table(part, "reasons-constraints")
    assert rows(found) == ["ausweis-1", "ausweis-2"]
    assert texts(found, "ausweis-2") == {
        "service": "Ausweis",
        "office": "Buergeramt",
        "kind": "rechtlich",
        "requirement": "persönliches Erscheinen",
        "effect": "ist Bedingung",
        "basis": "§ 9 PAuswG",
        "note": "Soll erscheinen.",
    }
    assert cells(found, "ausweis-1")["effect"].code == "rules_out"
    assert part.paragraphs[1:3] == (
        "Bei 1 Dienstleistung schließt aber eine rechtliche oder technische Vorgabe diesen Weg aus.",
        "Bei 1 Dienstleistung stellt eine Vorgabe dafür Bedingungen.",
    )


def test_decisions_against_are_listed_with_their_reason() -> None:
    against = a_step("nein", state=StepState.DECIDED_AGAINST, reason="Zu teuer.", paper="V1/26")
    part = built(BLOCK, with_stage("da", "live"), against, a_step("offen"), a_step("weg", state=StepState.DROPPED))
    found = table(part, "reasons-steps")
    assert rows(found) == ["nein"]
    assert (texts(found, "nein")["reason"], texts(found, "nein")["paper"]) == ("Zu teuer.", "V1/26")
    assert part.paragraphs[-1] == "1 Entscheidung gegen diesen Weg ist eingetragen."


def test_where_nothing_speaks_against_it_that_is_said() -> None:
    part = built(BLOCK, with_stage("da", "live"))
    assert not part.tables
    assert part.paragraphs[-1] == "Eine Entscheidung dagegen ist im Verzeichnis nicht eingetragen."
