"""Forms: shown whole where the platform can, asked one question a message where it can't.

A form's instance lives in the store from the moment it is offered; success uses it up. Where questions are asked
one by one, the answers so far and the question that is open live there too, so that a restart loses nothing.
"""

from __future__ import annotations

from datetime import date
from typing import assert_never

from handlers.core.context import Context
from handlers.core.features import ActionRoute, Route
from handlers.core.payloads import dump_answers, dump_form, load_answers, load_form
from handlers.core.replies import refusal, say
from handlers.core.requests import ButtonPress, Command, FormSubmitted, Picked, Request, TextMessage
from handlers.core.ui import (
    Action,
    Block,
    Button,
    ChoiceField,
    Control,
    Controls,
    DateField,
    DatePicker,
    Field,
    Form,
    FormErrors,
    Nothing,
    OpenForm,
    Outcome,
    PickList,
    Reply,
    Section,
    Text,
    TextField,
    Toast,
    join,
)
from handlers.dates.reading import read_day
from storage import chats, forms
from storage.forms import FormRow
from storage.outbox import REPLY

BACK_WORDS = ("back", "zurück", "zurueck")
CANCEL_WORDS = ("cancel", "stop", "abbrechen", "abbruch")


def offer(ctx: Context, request: Request, form: Form) -> Outcome:
    """Show a form in the way that fits the platform and the moment, to somebody who may send it in."""
    if refused := _refused(ctx, form):
        return refused
    forms.add_form(ctx.tx, form.instance, ctx.person.id, ctx.chat.id, ctx.thread, dump_form(form), ctx.now)
    if ctx.platform.forms:
        if request.can_open_form:
            return OpenForm(form)
        opener = Button(ctx.t.label("Open the form"), Action.of("form:open", form.instance), "primary")
        return say(ctx, ctx.t("**{title}**", title=form.title), opener)
    if ctx.chat.kind == "direct":
        return _ask(ctx, form, 0, {})
    return _offer_directly(ctx, request, form)


def being_asked(ctx: Context) -> FormRow | None:
    """The form whose question the person is being asked here."""
    return forms.get_form_asking(ctx.tx, ctx.chat.id, ctx.person.id)


def route_of(ctx: Context, instance: str) -> Route:
    """What a form that was offered runs; nothing for one that is not kept any more."""
    row = forms.get_form(ctx.tx, instance)
    known = ctx.house.registry.forms.get(load_form(row.payload).id) if row else None
    return known or Route(lambda ctx, request: Nothing())


def answered(ctx: Context, row: FormRow, request: TextMessage) -> Outcome:
    """Take a typed answer to the open question."""
    if request.forwarded and route_of(ctx, row.instance).role not in ("", "member"):
        return say(ctx, ctx.t("Write that yourself, please: I take no forwarded words for it."))
    word = request.text.strip().lower()
    if word in CANCEL_WORDS:
        return _cancelled(ctx, row)
    if word in BACK_WORDS:
        return _back(ctx, row)
    return _taken(ctx, row, request, request.text.strip())


def submitted(ctx: Context, request: FormSubmitted) -> Outcome:
    """Take a form that came back whole."""
    row = forms.get_form(ctx.tx, request.instance)
    if row is None or row.person_id != ctx.person.id or row.state in ("done", "cancelled"):
        return Nothing()  # sent in before: the first time counted
    chat = chats.get_chat(ctx.tx, row.chat_id)
    return _complete(ctx.at(chat, row.thread) if chat else ctx, request, load_form(row.payload), request.values)


def started(ctx: Context, request: Command) -> Outcome:
    """A deep link led here from a group, to be asked in private."""
    row = forms.get_form(ctx.tx, request.text)
    if row is None or row.person_id != ctx.person.id or row.state in ("done", "cancelled"):
        return say(ctx, ctx.t("This form is closed. Start again where you found it."))
    forms.mark_form_moved(ctx.tx, row.instance, ctx.chat.id)
    return _ask(ctx, load_form(row.payload), row.step, load_answers(row.answers))


def _refused(ctx: Context, form: Form) -> Outcome | None:
    """Say who may send a form in, if this person may not, or not any more."""
    role = ctx.house.registry.forms[form.id].role
    return None if ctx.may(role) else refusal(ctx, role, f"form {form.id}")


def _offer_directly(ctx: Context, request: Request, form: Form) -> Outcome:
    direct = ctx.open_direct_chat()
    if direct is None:
        return Toast(ctx.t.label("Let us go on in private."), start=f"form_{form.instance}")
    forms.mark_form_moved(ctx.tx, form.instance, direct.id)
    question = _ask(ctx.at(direct), form, 0, {})
    if isinstance(question, Reply):
        ctx.send(direct, f"form:{form.instance}", question, lane=REPLY)
    told = ctx.t.label("I have written to you in private.")
    return Toast(told) if isinstance(request, ButtonPress | Picked) else say(ctx, told)


def _ask(ctx: Context, form: Form, step: int, answers: dict[str, str], problem: Text = "") -> Outcome:
    """Ask the field at ``step``; a form that is over says so."""
    if refused := _refused(ctx, form):
        forms.mark_form_over_if_open(ctx.tx, form.instance, "cancelled")
        return refused
    if not forms.mark_form_asking(ctx.tx, form.instance, step, dump_answers(answers)):
        return say(ctx, ctx.t("This form is closed. Start again where you found it."))
    field = form.fields[step]
    label = ctx.t("**{label}**", label=field.label)
    current = _current(field, answers)
    so_far = ctx.t("So far: {value}", value=_as_written(field, current)) if current else ""
    blocks: list[Block] = [Section(join(problem, label, field.hint, so_far, separator="\n"))]
    answer = Action.of("form:p", form.instance, step)
    if picker := _picker(field, answer, answers.get(field.name, "")):
        blocks.append(Controls((picker,)))
    blocks.append(Controls(_steps(ctx, form, step, current)))
    return Reply(blocks=tuple(blocks), summary=field.label, language=ctx.language)


def _picker(field: Field, answer: Action, current: str) -> Control | None:
    match field:
        case TextField():
            return None
        case ChoiceField():
            return PickList(field.label, answer, field.options, selected=current or field.initial)
        case DateField():
            initial = date.fromisoformat(current) if current else field.initial
            return DatePicker(field.label, answer, field.earliest, field.latest, initial)
        case _:
            assert_never(field)


def _current(field: Field, answers: dict[str, str]) -> str:
    """What may stay as it is: the answer so far, or what the form came with. A list marks it by itself."""
    match field:
        case TextField(initial=initial):
            return answers.get(field.name) or initial
        case DateField(initial=day):
            return answers.get(field.name) or (day.isoformat() if day else "")
    return ""


def _as_written(field: Field, value: str) -> str:
    return f"{date.fromisoformat(value):%d.%m.%Y}" if isinstance(field, DateField) else value


def _steps(ctx: Context, form: Form, step: int, current: str) -> tuple[Button, ...]:
    buttons = []
    if current:
        buttons.append(Button(ctx.t.label("Keep it"), Action.of("form:keep", form.instance, step), "primary"))
    if step:
        buttons.append(Button(ctx.t.label("Back"), Action.of("form:back", form.instance)))
    if not form.fields[step].required:
        buttons.append(Button(ctx.t.label("Skip"), Action.of("form:skip", form.instance, step)))
    buttons.append(Button(ctx.t.label("Cancel"), Action.of("form:cancel", form.instance)))
    return tuple(buttons)


def _taken(ctx: Context, row: FormRow, request: Request, typed: str) -> Outcome:
    form = load_form(row.payload)
    field = form.fields[row.step]
    answers = load_answers(row.answers)
    value = _read(field, typed, ctx.now.astimezone(ctx.zone).date())
    if problem := _problem(ctx, field, value):
        return _ask(ctx, form, row.step, answers, problem)
    if value:
        answers[field.name] = value
    else:
        answers.pop(field.name, None)
    if row.step + 1 < len(form.fields):
        return _ask(ctx, form, row.step + 1, answers)
    forms.mark_form_asking(ctx.tx, row.instance, row.step, dump_answers(answers))
    outcome = _complete(ctx, request, form, answers)
    return _ask_again(ctx, form, answers, outcome) if isinstance(outcome, FormErrors) else outcome


def _complete(ctx: Context, request: Request, form: Form, values: dict[str, str]) -> Outcome:
    """Check all values, run the handler, and use the form up unless something is to be corrected."""
    problems = {field.name: _problem(ctx, field, values.get(field.name, "")) for field in form.fields}
    if errors := {name: problem for name, problem in problems.items() if problem}:
        return FormErrors(errors)
    whole = FormSubmitted(
        **{name: getattr(request, name) for name in Request.__struct_fields__},
        form=form.id,
        instance=form.instance,
        values=values,
        context=form.context,
    )
    outcome = _refused(ctx, form) or ctx.house.registry.forms[form.id].handler(ctx, whole)
    if not isinstance(outcome, FormErrors):
        forms.mark_form_over_if_open(ctx.tx, form.instance, "done")
    return outcome


def _ask_again(ctx: Context, form: Form, values: dict[str, str], wrong: FormErrors) -> Outcome:
    step = next((at for at, field in enumerate(form.fields) if field.name in wrong.errors), 0)
    fitting = {name: value for name, value in values.items() if name not in wrong.errors}
    return _ask(ctx, form, step, fitting, wrong.errors.get(form.fields[step].name, ""))


def _read(field: Field, typed: str, today: date) -> str:
    """Return a typed answer as the field's value; as typed if it can't be read."""
    match field:
        case ChoiceField():
            return next((o.value for o in field.options if o.label.casefold() == typed.casefold()), typed)
        case DateField() if (said := read_day(typed, today)) and said.day:
            return said.day.isoformat()
    return typed


def _problem(ctx: Context, field: Field, value: str) -> str:
    """Say what is wrong with a value; empty if nothing."""
    if not value.strip():
        return ctx.t.label("This is needed.") if field.required else ""
    match field:
        case TextField() if len(value) > field.max_length:
            return ctx.t.label(
                "That is {length} characters; {most} fit. Please make it shorter.",
                length=len(value),
                most=field.max_length,
            )
        case ChoiceField() if value not in {option.value for option in field.options}:
            return ctx.t.label("Please pick one of these.")
        case DateField():
            try:
                day = date.fromisoformat(value)
            except ValueError:
                return ctx.t.label("I do not know that day. Write it like 24.11.2026, or pick it.")
            if not field.earliest <= day <= field.latest:
                return ctx.t.label("That day is not open to choose. Please pick another.")
    return ""


def _open_row(ctx: Context, request: ButtonPress | Picked) -> FormRow | None:
    row = forms.get_form(ctx.tx, request.action.args[0])
    return row if row and row.person_id == ctx.person.id and row.state in ("offered", "asking") else None


def _pressed_open(ctx: Context, request: ButtonPress) -> Outcome:
    row = _open_row(ctx, request)
    if row is None:
        return Toast(ctx.t.label("This form is closed. Start again where you found it."))
    form = load_form(row.payload)
    if ctx.platform.forms:
        return _refused(ctx, form) or OpenForm(form)
    return _ask(ctx, form, row.step, load_answers(row.answers))


def _pressed_pick(ctx: Context, request: Picked) -> Outcome:
    row = _open_row(ctx, request)
    if row is None or str(row.step) != request.action.args[1]:
        return Toast(ctx.t.label("This question was answered already."))
    return _taken(ctx, row, request, request.value)


def _pressed_keep(ctx: Context, request: ButtonPress) -> Outcome:
    row = _open_row(ctx, request)
    if row is None or str(row.step) != request.action.args[1]:
        return Toast(ctx.t.label("This question was answered already."))
    field = load_form(row.payload).fields[row.step]
    return _taken(ctx, row, request, _current(field, load_answers(row.answers)))


def _pressed_skip(ctx: Context, request: ButtonPress) -> Outcome:
    row = _open_row(ctx, request)
    if row is None or str(row.step) != request.action.args[1]:
        return Toast(ctx.t.label("This question was answered already."))
    return _taken(ctx, row, request, "")


def _pressed_back(ctx: Context, request: ButtonPress) -> Outcome:
    row = _open_row(ctx, request)
    return _back(ctx, row) if row else Toast(ctx.t.label("This form is closed. Start again where you found it."))


def _pressed_cancel(ctx: Context, request: ButtonPress) -> Outcome:
    row = _open_row(ctx, request)
    return _cancelled(ctx, row) if row else Toast(ctx.t.label("This form is closed already."))


def _back(ctx: Context, row: FormRow) -> Outcome:
    return _ask(ctx, load_form(row.payload), max(0, row.step - 1), load_answers(row.answers))


def _cancelled(ctx: Context, row: FormRow) -> Outcome:
    forms.mark_form_over_if_open(ctx.tx, row.instance, "cancelled")
    return say(ctx, ctx.t("Cancelled, nothing was sent."))


ACTIONS = {
    "form:open": ActionRoute(_pressed_open),
    "form:p": ActionRoute(_pressed_pick),
    "form:keep": ActionRoute(_pressed_keep),
    "form:skip": ActionRoute(_pressed_skip),
    "form:back": ActionRoute(_pressed_back),
    "form:cancel": ActionRoute(_pressed_cancel),
}
