"""Forms: how each form of the site is made, read, checked and shown again, with nothing typed lost and no script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import colander
import deform
import peppercorn
from deform.widget import CheckboxChoiceWidget, CheckboxWidget, MappingWidget, SequenceWidget
from pyramid.csrf import get_csrf_token
from pyramid.httpexceptions import HTTPBadRequest
from translationstring import ChameleonTranslate, TranslationStringFactory

from servicedir.web.compiling import Template
from servicedir.web.fields import MAX_ITEMS, BesideWidget, ChecklistWidget, RadioWidget, TextsWidget, sentence

_ = TranslationStringFactory("servicedir")

Button = deform.Button
MAX_DEPTH = 12  # brackets (`__start__`) open at one time; our deepest form needs six
MAX_CONTROLS = 20_000  # names and values in one request
MAX_BRACKETS = 2_000  # lists, entries and groups in one request: each costs half a millisecond and 4 kB of answer
ACTION = "__list__"  # the buttons that add, remove and move entries of a list
_WHOLE = (MappingWidget, SequenceWidget, CheckboxWidget, CheckboxChoiceWidget, RadioWidget)
_BESIDE = {"csrf_token", "_charset_", "__formid__"}  # what a request may carry beside the fields


# The form.


class Problem(NamedTuple):
    """One line of the error summary: where it is in words, what is wrong, and the link to the field."""

    label: str
    message: str
    href: str


class Way(NamedTuple):
    """A link beside the buttons of a form; one that opens a new window says so in its words."""

    words: str
    href: str
    new_window: bool = False


class Refusal(Exception):
    """What `on_success` raises when the domain refuses what the schema let pass: pairs of path and sentence.

    A path is that of the values, such as `("channels", 0, "periods", 1, "since")`; an empty one means the whole.
    Raise it before anything is written.
    """

    def __init__(self, problems: Iterable[tuple[Sequence[str | int], str]]) -> None:
        self.problems = [(tuple(where), words) for where, words in problems]
        super().__init__(self.problems)


class Form(deform.Form):
    """A form as deform knows it, with identifiers made of paths, so that links to fields and tests hold."""

    prefix = ""  # before the ids of the fields, when a page has two forms
    keep = ""  # under which name the browser keeps what is typed until it is saved; empty: not at all
    note = ""  # a sentence beside the buttons, such as "Entwurf gespeichert 14:03"
    ways: Sequence[Way] = ()  # what can be done beside the buttons
    goes_to = ""  # the id of what takes the focus when the page opens
    token = ""  # against forgery, where that is not the token of the session
    announcement = ""  # what just happened to a list, for those who do not see it
    edited = False  # whether what is shown differs from what is stored

    def serialize(self, *args, **kw):
        """Return the form's HTML."""
        token = self.token or get_csrf_token(self.renderer.request)
        return super().serialize(*args, problems=error_summary(self), csrf_token=token, **kw)


def make_form(schema, request, buttons, action: str = "", formid: str = "form", values: Any = colander.null) -> Form:
    """Return a form that renders with our templates in the language of the request, filled with `values`.

    The schema is bound with `request`. Buttons are names or `Button`s; the first is the one that Enter presses.
    A `formid` of its own keeps two forms of a page apart.
    """
    # Said in full: an empty action keeps the fragment of an error link, which outranks autofocus. And with one slash:
    # "//elsewhere" is a path that leads away.
    action = action or "/" + request.path_qs.lstrip("/")
    form = Form(
        schema.bind(request=request),
        action=action,
        buttons=buttons,
        formid=formid,
        focus="off",
        renderer=_Renderer(request),
        appstruct=values,
    )
    form.prefix = "" if formid == "form" else f"{formid}-"
    return form


def run(form: Form, request, on_success: Callable[[Any, str], Any], on_failure: Callable[[Form], Any]) -> Any:
    """Return what `on_success(values, name of the button)` returns when the request posts valid input.

    Otherwise return what `on_failure(form)` returns, with every character typed still in the form: status 400 when
    the input is invalid; 200 when the request asks for a list entry to be added, removed or moved, or is no POST.
    Raise HTTPBadRequest for what no browser with our form would send.
    """
    if request.method != "POST":
        return on_failure(form)
    fields, actions = _read(request)
    pressed = [button.name for button in form.buttons if fields.pop(button.name, None) is not None]
    _check(form, {name: value for name, value in fields.items() if name not in _BESIDE}, request)
    if len(actions) + len(pressed) > 1:
        raise _refuse(request, _DAMAGED)
    form.edited = True
    if actions:
        _rearrange(form, fields, actions[0], request)
        return on_failure(form)
    try:
        values = form.validate_pstruct(fields)
    except deform.ValidationFailure:
        return _failed(form, request, on_failure)
    try:
        return on_success(values, pressed[0] if pressed else form.buttons[0].name)
    except Refusal as refusal:
        for where, words in refusal.problems:
            field = _at(form, where) or form
            field.error = colander.Invalid(field.schema, [*(field.error.messages() if field.error else ()), words])
        if request.environ.get("tm.active"):
            request.tm.doom()  # a 400 that is returned must not commit what was written all the same
        return _failed(form, request, on_failure)


def error_summary(form: Form) -> list[Problem]:
    """Return every error of the form and of the lists in it, in the order of the page."""
    fields = _prepare(form, form, (), (), "")
    return [
        Problem(" › ".join(field.trail), words, f"#{_target(field) or form.formid}")
        for field in fields
        for words in field.sentences
    ]


def _failed(form, request, on_failure):
    request.response.status_int = 400
    answer = on_failure(form)
    if getattr(answer, "status_int", None) == 200:
        answer.status_int = 400
    return answer


# Reading: from the controls of a request to nested values, trusting nothing.

_DAMAGED = _("Das Formular kam beschädigt an. Bitte laden Sie die Seite neu und versuchen Sie es noch einmal.")
_TOO_LARGE = _("Das Formular ist zu groß. Bitte teilen Sie es auf.")
_UNKNOWN = _("Das Formular enthält ein Feld, das es hier nicht gibt. Bitte laden Sie die Seite neu.")
_NUL = _("Der Text enthält ein Zeichen, das nicht gespeichert werden kann (NUL). Bitte entfernen Sie es.")
# Pasted from word processors: vertical tabs and separators are line ends; other control characters are invisible,
# and neither XML nor a search index takes them.
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x01-\x08\x0e-\x1f\x7f-\x9f]")


def _refuse(request, words) -> HTTPBadRequest:
    return HTTPBadRequest(request.localizer.translate(words))


def _read(request) -> tuple[dict[str, Any], list[str]]:
    """Return the nested values of a request and the list actions it asks for.

    Peppercorn's brackets are checked here, since peppercorn itself takes any depth, takes the last of two
    values with one name, and ends in an IndexError when there are too many ends.
    """
    controls = list(request.POST.items())
    if len(controls) > MAX_CONTROLS or sum(name == peppercorn.START for name, _value in controls) > MAX_BRACKETS:
        raise _refuse(request, _TOO_LARGE)
    kept: list[tuple[str, str]] = []
    actions: list[str] = []
    brackets: list[tuple[str, set[str]]] = [(peppercorn.MAPPING, set())]
    for name, value in controls:
        if not isinstance(value, str):  # an upload, which our forms have no field for
            raise _refuse(request, _DAMAGED)
        if "\0" in name or "\0" in value:
            raise _refuse(request, _NUL)
        if name == ACTION:
            actions.append(value)
            continue
        value = _CONTROLS.sub("", _LINE_ENDS.sub("\n", value))
        kept.append((name, value))
        if name == peppercorn.END:
            brackets.pop()
            if not brackets:
                raise _refuse(request, _DAMAGED)
            continue
        kind, seen = brackets[-1]
        key, opened = name, None
        if name == peppercorn.START:
            key, opened = peppercorn.data_type(value)
            if opened not in (peppercorn.MAPPING, peppercorn.SEQUENCE, peppercorn.RENAME) or len(brackets) > MAX_DEPTH:
                raise _refuse(request, _DAMAGED)
            brackets.append((opened, set()))
        if (kind == peppercorn.MAPPING and key in seen) or (kind == peppercorn.RENAME and seen):
            raise _refuse(request, _DAMAGED)  # two values where one belongs (ASVS 15.3.7)
        seen.add(key)
    if len(brackets) != 1:
        raise _refuse(request, _DAMAGED)
    return peppercorn.parse(kept), actions


def _check(field, value, request) -> None:
    """Raise HTTPBadRequest unless the value has the shape of the field: deform would ignore a name that it does
    not know, and show a Python error for a lone value in place of a list.
    """
    widget = field.widget
    if isinstance(widget, MappingWidget):
        if not isinstance(value, dict):
            raise _refuse(request, _DAMAGED)
        children = {child.name: child for child in field.children}
        for name, below in value.items():
            if name not in children:
                raise _refuse(request, _UNKNOWN)
            _check(children[name], below, request)
    elif isinstance(widget, SequenceWidget):
        if not isinstance(value, list):
            raise _refuse(request, _DAMAGED)
        if len(value) > (widget.max_len or MAX_ITEMS):
            raise _refuse(request, _TOO_LARGE)
        for below in value:
            _check(field.children[0], below, request)
    elif isinstance(widget, CheckboxChoiceWidget):
        if not isinstance(value, list) or not all(isinstance(below, str) for below in value):
            raise _refuse(request, _DAMAGED)
    elif not isinstance(value, str):
        raise _refuse(request, _DAMAGED)


def _rearrange(form, fields, action: str, request) -> None:
    """Do what a list's button says (`add:channels.0.periods`, `up:channels.1`) to what was typed, unchecked."""
    form.set_pstruct(fields)
    error_summary(form)  # makes the fields of the entries, to find the list among them
    verb, _colon, path = action.partition(":")
    if verb == "show":  # what the browser kept of an earlier visit (static/drafts.js)
        return
    where = path.split(".")
    field = _at(form, where)
    lists = field if verb == "add" else _at(form, where[:-1])
    if field is None or lists is None or not isinstance(lists.widget, SequenceWidget):
        raise _refuse(request, _DAMAGED)
    entries = lists.cstruct
    if verb == "add" and len(entries) < (lists.widget.max_len or MAX_ITEMS):
        at = 0 if getattr(lists.widget, "newest_first", False) else len(entries)
        entries.insert(at, lists.children[0].schema.serialize(colander.null))
    elif verb == "remove" and len(entries) > (lists.widget.min_len or 0):
        del entries[int(where[-1])]
    elif verb in ("up", "down"):
        old = int(where[-1])
        at = min(max(old + (-1 if verb == "up" else 1), 0), len(entries) - 1)
        entries.insert(at, entries.pop(old))
    else:
        raise _refuse(request, _DAMAGED)
    if verb == "remove":
        form.goes_to = f"{lists.oid}--legend"
        form.announcement = form.translate(_("${entry} entfernt.", mapping={"entry": field.label}))
        return
    error_summary(form)  # makes the fields of the entries as they now are
    entry = lists.sequence_fields[at]
    if verb == "add":
        form.goes_to = _first(entry)
        form.announcement = form.translate(_("${entry} hinzugefügt.", mapping={"entry": entry.label}))
    else:  # to the same button, for those who press it again; at the end of the list there is only the other one
        there = at not in (0, len(entries) - 1) or (at == 0) == (verb == "down")
        form.goes_to = f"{entry.oid}--{verb if there else {'up': 'down', 'down': 'up'}[verb]}"
        form.announcement = form.translate(_("Verschoben: jetzt ${entry}.", mapping={"entry": entry.label}))


# Showing: what the templates need to know of each field.


class _Renderer:
    """Renders deform's fields with our templates and nobody else's: deform's own carry scripts."""

    def __init__(self, request) -> None:
        self.request = request
        self.translator = request.localizer.translate
        self.load = _templates(bool((request.registry.settings or {}).get("pyramid.reload_templates")))

    def translate(self, words: str) -> str:
        return self.translator(words) if words else ""

    def __call__(self, template_name, **values):
        template = self.load(template_name)
        return template(request=self.request, translate=ChameleonTranslate(self.translator), **values)


@lru_cache(maxsize=2)
def _templates(reload: bool):
    made = deform.ZPTRendererFactory([str(Path(__file__).with_name("templates") / "forms")], auto_reload=reload)
    made.loader.formats = {"xml": Template}
    return made.load


def _prepare(form, field, path: tuple[str, ...], trail: tuple[str, ...], label: str) -> list[Any]:
    """Write on the field and all below what the templates show; return them in the order of the page.

    Deform numbers its fields in the order in which it happens to make them; here the path is the name.
    """
    field.path, field.trail, field.label = ".".join(path), trail, label
    field.oid = form.prefix + "-".join(path) if path else form.formid
    field.depth = len(path)
    field.hints = [field.translate(words) for words in (field.description, getattr(field.widget, "hint", "")) if words]
    field.sentences = [sentence(field, message) for message in field.error.messages()] if field.error else []
    about = [f"{field.oid}--{kind}" for kind, there in (("hint", field.hints), ("error", field.sentences)) if there]
    field.goes_to = form.goes_to
    field.attributes = {
        "id": field.oid,
        "name": field.name,
        "aria-describedby": " ".join(about) or None,
        "aria-invalid": "true" if field.sentences else None,
        "autofocus": "autofocus" if form.goes_to == field.oid else None,
        **getattr(field.widget, "attributes", {}),
    }
    field.asked = field.required and not field.children and not isinstance(field.widget, CheckboxWidget)
    # What brings its own label or legend; what is a group of fields, and not one field of several controls.
    field.whole = field.widget.hidden or isinstance(field.widget, _WHOLE)
    field.group = isinstance(field.widget, MappingWidget | SequenceWidget)
    field.group = field.group and not isinstance(field.widget, TextsWidget | BesideWidget)
    is_list = isinstance(field.widget, SequenceWidget)
    fields = [field]
    for number, child in enumerate(_entries(field) if is_list else field.children):
        title = field.translate(child.title)
        name, words = (str(number), f"{title} {number + 1}") if is_list else (child.name, title)
        above = trail[:-1] if is_list and label else trail  # "Zugangsweg 1", without "Zugangswege" before it
        fields += _prepare(form, child, (*path, name), (*above, words) if words else above, words)
    return fields


def _entries(field) -> list[Any]:
    """Return the fields of a list's entries, made anew where they are not those of its values."""
    values = list(field.cstruct) if isinstance(field.cstruct, list | tuple) else []
    values += [colander.null] * ((field.widget.min_len or 0) - len(values))
    fields = getattr(field, "sequence_fields", None) or []
    if [entry.cstruct for entry in fields] != values:
        fields = []
        for value in values:
            fields.append(field.children[0].clone())
            if value is not colander.null:  # which would overwrite the defaults
                fields[-1].cstruct = value
    field.sequence_fields = fields
    if field.cstruct is colander.null or len(field.cstruct) != len(values):
        field.cstruct = values
    return fields


def _at(form, where):
    """Return the field at a path of the values, or None; the entries of lists have been made (`error_summary`)."""
    field = form
    for part in where:
        if isinstance(field.widget, SequenceWidget):
            below = {str(number): entry for number, entry in enumerate(_entries(field))}
        else:
            below = {child.name: child for child in field.children}
        field = below.get(str(part))
        if field is None:
            return None
    return field


def _target(field) -> str:
    """Return the id of what takes the focus for a field: its control, or the legend of a group; "" if hidden."""
    if field.widget.hidden:
        return ""
    if isinstance(field.widget, RadioWidget | ChecklistWidget):
        options = [option for _label, group in field.widget.choices(field, field.cstruct) for option in group]
        chosen = [option for option in options if option[-1] and isinstance(field.widget, RadioWidget)]
        return (chosen or options)[0][0] if options else f"{field.oid}--legend"
    return f"{field.oid}--legend" if field.children and field.depth else field.oid


def _first(field) -> str:
    """Return the id of the first control in a new entry."""
    if isinstance(field.widget, SequenceWidget):
        return _first(field.sequence_fields[0]) if field.sequence_fields else f"{field.oid}--add"
    shown = [child for child in field.children if not child.widget.hidden]
    return _first(shown[0]) if shown else _target(field)
