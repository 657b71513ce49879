"""What the catalogue's own terms are called in the languages of the interface; every face takes its labels here."""

from __future__ import annotations

from enum import StrEnum

from servicedir.domain.acceptance import Group, Measurement
from servicedir.domain.catalogue import OfficeKind, PlaceKind, TopicKind
from servicedir.domain.figures import Measure, Standing
from servicedir.domain.hint import HintState, Subject
from servicedir.domain.history import ChangeKind
from servicedir.domain.inquiry import BlockKind, Column, InquiryState
from servicedir.domain.link import LinkFault
from servicedir.domain.programme import Level
from servicedir.domain.query import Sort
from servicedir.domain.service import ChannelKind, ConstraintKind, Contradiction, Effect, Nature, Requirement, Stage
from servicedir.domain.step import StepState
from servicedir.domain.text import Text
from servicedir.domain.workflow import Role, State

_LABELS: tuple[tuple[StrEnum, str, str], ...] = (
    (Stage.LIVE, "möglich", "available"),
    (Stage.PILOT, "Testbetrieb", "pilot"),
    (Stage.PLANNED, "geplant", "planned"),
    (Stage.UNDER_REVIEW, "wird geprüft", "under review"),
    (Stage.PAUSED, "zurzeit ausgesetzt", "paused"),
    (Stage.ENDED, "beendet", "ended"),
    (Stage.NOT_PLANNED, "nicht geplant", "not planned"),
    (Stage.RULED_OUT, "nicht möglich", "not possible"),
    (Stage.UNKNOWN, "nicht bekannt", "not known"),
    (ChannelKind.VIDEO, "Video", "Video"),
    (ChannelKind.PHONE, "Telefon", "Phone"),
    (ChannelKind.CHAT, "Chat", "Chat"),
    (ChannelKind.ONLINE, "Online-Dienst", "Online service"),
    (ChannelKind.IN_PERSON, "vor Ort", "In person"),
    (ChannelKind.HOME_VISIT, "Hausbesuch", "Home visit"),
    (ChannelKind.MAIL, "schriftlich", "By post or e-mail"),
    (Measure.HELD, "durchgeführt", "held"),
    (Measure.OFFERED, "angeboten", "offered"),
    (Measure.CANCELLED, "abgesagt", "cancelled"),
    (Measure.NO_SHOW, "nicht erschienen", "not attended"),
    (Standing.NUMBER, "Zahl", "number"),
    (Standing.UNKNOWN, "nicht bekannt", "not known"),
    (Standing.NOT_COUNTED, "nicht gezählt", "not counted"),
    (Standing.SUPPRESSED, "nicht gezeigt", "not shown"),
    (Nature.TRANSACTIONAL, "Antrag", "Application"),
    (Nature.ADVISORY, "Beratung", "Advice"),
    (Nature.COORDINATION, "Formlos", "Informal"),
    (Nature.INSTRUCTION, "Unterweisung", "Instruction"),
    (ConstraintKind.LEGAL, "rechtlich", "legal"),
    (ConstraintKind.TECHNICAL, "technisch", "technical"),
    (Requirement.IDENTITY_CHECK, "Ausweis nötig", "Identity check"),
    (Requirement.PERSONAL_APPEARANCE, "persönliches Erscheinen", "Personal appearance"),
    (Requirement.WRITTEN_FORM, "Schriftform", "Written form"),
    (Requirement.SIGNATURE, "Unterschrift", "Signature"),
    (Requirement.ORIGINALS, "Originale nötig", "Originals needed"),
    (Requirement.BIOMETRICS, "biometrische Daten", "Biometric data"),
    (Requirement.DATA_PROTECTION, "Datenschutz", "Data protection"),
    (Requirement.EQUIPMENT, "Technik nötig", "Equipment needed"),
    (Requirement.OTHER, "andere Vorgabe", "Other requirement"),
    (Effect.ALLOWS, "erlaubt diesen Weg", "allows this way"),
    (Effect.CONDITIONS, "ist Bedingung", "is a condition"),
    (Effect.RULES_OUT, "schließt diesen Weg aus", "rules this way out"),
    (
        Contradiction.RULED_OUT_BUT_AVAILABLE,
        "Eine Vorgabe schließt diesen Zugangsweg aus, er ist aber als möglich eingetragen.",
        "A requirement rules this channel out, but it is entered as available.",
    ),
    (
        Contradiction.APPEARANCE_BUT_REMOTE,
        "Persönliches Erscheinen ist verlangt, aber der Zugangsweg kommt ohne Erscheinen aus.",
        "Personal appearance is required, but this channel works without it.",
    ),
    (OfficeKind.DEPARTMENT, "Amt", "Department"),
    (OfficeKind.COMMISSIONER, "Beauftragte", "Commissioner"),
    (OfficeKind.MUNICIPAL_COMPANY, "städtisches Unternehmen", "Municipal company"),
    (OfficeKind.PARTNER_AUTHORITY, "Partnerbehörde", "Partner authority"),
    (OfficeKind.COUNTER, "Anlaufstelle", "Counter"),
    (PlaceKind.PHYSICAL, "Ort", "Place"),
    (PlaceKind.VIRTUAL, "Ort im Netz", "Place on the net"),
    (TopicKind.TOPIC, "Thema", "Topic"),
    (TopicKind.LIFE_SITUATION, "Lebenslage", "Life situation"),
    (Sort.RELEVANCE, "Treffergüte", "Relevance"),
    (Sort.TITLE, "Titel", "Title"),
    (Sort.UPDATED, "zuletzt geändert", "Last changed"),
    (ChangeKind.SAVED, "gespeichert", "saved"),
    (ChangeKind.SUBMITTED, "zur Prüfung gesendet", "sent for review"),
    (ChangeKind.WITHDRAWN, "aus der Prüfung zurückgeholt", "taken back from review"),
    (ChangeKind.REJECTED, "zurückgegeben", "returned"),
    (ChangeKind.REVIVED, "wieder aufgenommen", "taken up again"),
    (ChangeKind.PUBLISHED, "veröffentlicht", "published"),
    (ChangeKind.CHANGED, "Änderung veröffentlicht", "change published"),
    (ChangeKind.RETIRED, "zurückgezogen", "retired"),
    (ChangeKind.VERIFIED, "als richtig bestätigt", "confirmed as correct"),
    (ChangeKind.RENAMED, "Adresse geändert", "address changed"),
    (ChangeKind.READDRESSED, "Adresse des Entwurfs geändert", "address of the draft changed"),
    (ChangeKind.DELETED, "gelöscht", "deleted"),
    (ChangeKind.DISCARDED, "verworfen", "discarded"),
    (Subject.WRONG, "Angabe falsch", "Wrong information"),
    (Subject.BROKEN_LINK, "Link funktioniert nicht", "Link does not work"),
    (Subject.UNCLEAR, "schwer zu verstehen", "Hard to understand"),
    (Subject.ACCESSIBILITY, "Barriere", "Accessibility barrier"),
    (Subject.OTHER, "etwas anderes", "Something else"),
    (HintState.OPEN, "offen", "open"),
    (HintState.IN_PROGRESS, "in Arbeit", "in progress"),
    (HintState.DONE, "erledigt", "done"),
    (HintState.REJECTED, "kein Fehler", "not a fault"),
    (HintState.SPAM, "Spam", "spam"),
    (LinkFault.MALFORMED, "keine Internetadresse", "not a web address"),
    (LinkFault.FORBIDDEN, "führt nicht ins öffentliche Netz", "does not lead to the public internet"),
    (LinkFault.UNKNOWN_HOST, "den Server gibt es nicht", "there is no such server"),
    (LinkFault.NO_ANSWER, "keine Antwort", "no answer"),
    (LinkFault.CERTIFICATE, "keine sichere Verbindung", "no secure connection"),
    (LinkFault.NOT_HTTP, "keine Antwort eines Webservers", "not the answer of a web server"),
    (LinkFault.REDIRECTS, "zu oft weitergeleitet", "redirected too often"),
    (StepState.PLANNED, "geplant", "planned"),
    (StepState.UNDER_WAY, "in Arbeit", "under way"),
    (StepState.DONE, "erledigt", "done"),
    (StepState.DROPPED, "aufgegeben", "dropped"),
    (StepState.DECIDED_AGAINST, "dagegen entschieden", "decided against"),
    (Level.EU, "Europäische Union", "European Union"),
    (Level.FEDERAL, "Bund", "Federal government"),
    (Level.STATE, "Land", "State"),
    (Level.OTHER, "andere", "Other"),
    (Group.CITIZENS, "Bürgerinnen und Bürger", "Citizens"),
    (Group.STAFF, "Beschäftigte der Stadt", "City staff"),
    (Measurement.SURVEY, "Befragung", "Survey"),
    (Measurement.RATING, "Bewertung nach dem Termin", "Rating after the appointment"),
    (Measurement.SHARE, "Anteil an allen Terminen", "Share of all appointments"),
    (Measurement.REMARK, "Rückmeldung ohne Messung", "Feedback without measurement"),
    (BlockKind.SERVICES, "Leistungen an einem Tag", "Services on a day"),
    (BlockKind.PLACE, "Angebote eines Ortes oder Amtes", "Offers of a place or office"),
    (BlockKind.FIGURES, "Zahlen nach Leistung und Jahr", "Figures by service and year"),
    (BlockKind.PLANNED, "Was geplant ist oder geprüft wird", "What is planned or under review"),
    (BlockKind.ACCEPTANCE, "Akzeptanz", "Acceptance"),
    (BlockKind.REASONS, "Was dagegen spricht", "Reasons against"),
    (BlockKind.PROGRAMMES, "Förderprogramme", "Funding programmes"),
    (BlockKind.COVERAGE, "Was nicht bekannt ist", "What is not known"),
    (BlockKind.COMPARISON, "Vergleich zweier Tage", "Comparison of two days"),
    (BlockKind.TEXT, "freier Text", "Free text"),
    (Column.TITLE, "Leistung", "Service"),
    (Column.OFFICE, "Amt", "Office"),
    (Column.NATURE, "Art", "Nature"),
    (Column.STAGE, "Stand", "Stage"),
    (Column.SINCE, "seit", "Since"),
    (Column.UNTIL, "bis", "Until"),
    (Column.SLOTS, "Zeiten", "Times"),
    (Column.BOOKING, "Buchung", "Booking"),
    (Column.NOTE, "Hinweis", "Note"),
    (Column.REASON, "Grund", "Reason"),
    (Column.NEEDS, "was man braucht", "What you need"),
    (Column.TELEWORK, "aus der Telearbeit", "From telework"),
    (Column.CHANNELS, "Zugangswege", "Channels"),
    (Column.CONSTRAINTS, "Vorgaben", "Requirements"),
    (Column.TOPICS, "Themen", "Topics"),
    (Column.AUDIENCES, "für wen", "For whom"),
    (Column.LANGUAGES, "Sprachen", "Languages"),
    (Column.SUMMARY, "kurz gesagt", "In short"),
    (Column.VERIFIED, "geprüft am", "Checked on"),
    (Column.SOURCE, "Quelle", "Source"),
    (InquiryState.DRAFT, "Entwurf", "Draft"),
    (InquiryState.IN_APPROVAL, "zur Freigabe", "In approval"),
    (InquiryState.APPROVED, "freigegeben", "Approved"),
    (InquiryState.PUBLISHED, "veröffentlicht", "Published"),
    (State.PRIVATE, "Entwurf", "Draft"),
    (State.PENDING, "zur Prüfung", "In review"),
    (State.PUBLISHED, "veröffentlicht", "Published"),
    (State.RETIRED, "zurückgezogen", "Retired"),
    (Role.EDITOR, "Redaktion", "Editor"),
    (Role.REVIEWER, "Freigabe", "Reviewer"),
    (Role.COORDINATOR, "Koordination", "Coordinator"),
    (Role.ADMINISTRATOR, "Administration", "Administrator"),
)

NATURE_SENTENCES: dict[Nature, Text] = {
    Nature.TRANSACTIONAL: Text.of(de="Antrag: hat rechtliche Wirkung", en="Application: has legal effect"),
    Nature.ADVISORY: Text.of(de="Beratung: ohne Antrag", en="Advice: no application"),
    Nature.COORDINATION: Text.of(de="Formlos: ohne Antrag", en="Informal: no application needed"),
    Nature.INSTRUCTION: Text.of(de="Unterweisung: Belehrung oder Kurs", en="Instruction: briefing or lesson"),
}

LANGUAGE_NAMES: dict[str, tuple[str, str]] = {
    "ar": ("Arabisch", "Arabic"),
    "bg": ("Bulgarisch", "Bulgarian"),
    "de": ("Deutsch", "German"),
    "dgs": ("Deutsche Gebärdensprache", "German Sign Language"),
    "en": ("Englisch", "English"),
    "es": ("Spanisch", "Spanish"),
    "fa": ("Persisch", "Persian"),
    "fr": ("Französisch", "French"),
    "it": ("Italienisch", "Italian"),
    "pl": ("Polnisch", "Polish"),
    "ro": ("Rumänisch", "Romanian"),
    "ru": ("Russisch", "Russian"),
    "tr": ("Türkisch", "Turkish"),
    "uk": ("Ukrainisch", "Ukrainian"),
    "vi": ("Vietnamesisch", "Vietnamese"),
}

# A member of an enum equals its string, so members of two enums may be equal: the type is part of the key.
_TEXTS = {(type(term), term.value): Text.of(de=de, en=en) for term, de, en in _LABELS}


def label(term: StrEnum, language: str) -> str:
    """Return what a term is called in a language."""
    return _TEXTS[type(term), term.value].within(language)


def language_name(code: str, language: str) -> str:
    """Return what a language is called in another; its code where we have no name."""
    german, english = LANGUAGE_NAMES.get(code, (code, code))
    return english if language == "en" else german
