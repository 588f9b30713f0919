"""Days and times as people type them."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.dates.reading import SaidDay, find_day, read_day
from handlers.dates.saying import spoken_day, spoken_day_near
from handlers.dates.times import find_time, is_past_midnight, read_time

MONDAY = date(2026, 11, 23)
SATURDAY = date(2026, 11, 28)
YEAR_END = date(2026, 12, 30)  # a Wednesday
LEAP = date(2028, 2, 21)  # a Monday

# One row a phrase: what is typed on Monday, 23 November 2026, and the day it names as month-day, or in full.
DAYS = """
heute | 11-23
ist heute noch was frei? | 11-23
heute Abend | 11-23
heut nachmittag | 11-23
heute morgen um 8 | 11-23
tonight | 11-23
is anything free today? | 11-23
this afternoon, any desk? | 11-23
this evening | 11-23
today's lunch | 11-23
Bis wann habt ihr heute geöffnet? | 11-23
Until when are you open today? | 11-23
morgen | 11-24
Morgen? | 11-24
ist morgen ein platz frei | 11-24
guten morgen, ist morgen ein platz frei | 11-24
Guten Morgen! Morgen früh noch was frei? | 11-24
Morgen Kumpel, ist morgen was frei | 11-24
morgen früh | 11-24
morgen Nachmittag um drei | 11-24
morgen abend | 11-24
platz für morgenabend | 11-24
mrogen | 11-24
mogen bitte | 11-24
morgn | 11-24
ab morgen bitte | 11-24
tomorrow | 11-24
Tomorrow's event | 11-24
tommorow | 11-24
tomorow morning | 11-24
tommorrow please | 11-24
desk for tomorrow pls | 11-24
übermorgen | 11-25
uebermorgen | 11-25
Übermorgen Abend | 11-25
uebermrogen | 11-25
the day after tomorrow | 11-25
day after tomorrow in the morning | 11-25
Morgen, ist übermorgen was frei? | 11-25
Montag | 11-23
is monday ok | 11-23
Dienstag | 11-24
am dienstag bitte | 11-24
dinstag | 11-24
Dienstagabend | 11-24
dienstag morgen | 11-24
Dienstag, den 24.11. | 11-24
am Di | 11-24
Di | 11-24
Di? | 11-24
Passt Di 24.11.? | 11-24
Di. 24.11. | 11-24
Di, 24. Nov. | 11-24
Tue 24 Nov | 11-24
Tuesday | 11-24
on Tue | 11-24
tusday | 11-24
mitwoch | 11-25
Mi nachmittag | 11-25
für Mi | 11-25
Mi 10:00 | 11-25
wednesday | 11-25
wendesday | 11-25
Wed works for me | 11-25
donerstag | 11-26
am Do | 11-26
Do 26.11. | 11-26
Thursday afternoon | 11-26
Freitag | 11-27
bis Freitag fertig? | 11-27
on Fri please | 11-27
Fr 27.11. | 11-27
Sonnabend | 11-28
saturday | 11-28
Sa, 28.11. | 11-28
Sat 28 Nov | 11-28
on Sat | 11-28
So 29.11. | 11-29
am So | 11-29
Sonntag | 11-29
Is the hub open on Sunday? | 11-29
diesen Dienstag | 11-24
kommenden Dienstag | 11-24
this Tuesday | 11-24
coming Friday | 11-27
diesen Montag | 11-30
kommenden Mo | 11-30
nächsten Dienstag | 12-01
naechsten dienstag | 12-01
nächsten Di | 12-01
next Tuesday | 12-01
next fri | 12-04
nächste Woche Dienstag | 12-01
nächste Woche am Freitag | 12-04
kommende Woche Mittwoch | 12-02
Dienstag nächster Woche | 12-01
Dienstag in der nächsten Woche | 12-01
Tuesday next week | 12-01
tuesday of next week | 12-01
next week on Thursday | 12-03
diese Woche Freitag | 11-27
Friday this week | 11-27
übernächsten Dienstag | 12-08
uebernaechste woche dienstag | 12-08
Dienstag in einer Woche | 12-01
Dienstag in zwei Wochen | 12-08
a week on Tuesday | 12-01
Tuesday week | 12-01
heute in einer Woche | 11-30
in zwei Wochen am Dienstag | 12-08
Kann ich Mo oder Di kommen? | 11-23
passt dir Mi oder Do? | 11-25
am 24sten | 11-24
heute in 14 Tagen | 12-07
morgen in einer Woche | 12-01
a week from tomorrow | 12-01
a week from today | 11-30
two weeks from now | 12-07
ich brauche drei Tage ab morgen einen Platz | 11-24
a desk for 3 days from tomorrow | 11-24
in drei Tagen | 11-26
in 3 days | 11-26
in zwei Wochen | 12-07
in two weeks | 12-07
in einer Woche | 11-30
24. | 11-24
am 24. | 11-24
geht am 24. noch was? | 11-24
am 24 | 11-24
am 24. Platz frei? | 11-24
auf den 24. bitte | 11-24
the 24th | 11-24
is the 24th free | 11-24
on the 1st please | 12-01
am 3. | 12-03
am 22. | 12-22
am 31. | 12-31
bis zum 30. | 11-30
am 35. | none
am vierundzwanzigsten | 11-24
24.11. | 11-24
Am 24.11.? | 11-24
24.11 | 11-24
am 3.12 | 12-03
ist 24.11 frei | 11-24
24.11.26 | 11-24
24.11.2026 | 11-24
24.11.2026. | 11-24
24-11-2026 | 11-24
24. 11. 2026 | 11-24
24. 11. | 11-24
24. November | 11-24
24.November | 11-24
24 november | 11-24
24. Nov | 11-24
am 24. nov. ab 10 | 11-24
Nov 24 | 11-24
Nov. 24 | 11-24
24th of November | 11-24
the 24th of november | 11-24
November 24th, 2026 | 11-24
November the 24th | 11-24
24 Nov 2027 | 2027-11-24
am ersten Dezember | 12-01
first of December | 12-01
vierundzwanzigsten November | 11-24
2026-11-24 | 11-24
24/11 | 11-24
24/11/2026 | 11-24
on 3/12 | 12-03
3/12 | 12-03
für den 3. Dezember | 12-03
3. Dez. | 12-03
may 5 | 2027-05-05
5 May please | 2027-05-05
2. Mai | 2027-05-02
3. Maerz | 2027-03-03
3. März 2027 | 2027-03-03
march 3rd | 2027-03-03
febuary 3rd | 2027-02-03
1.1. | 2027-01-01
vom 24. bis 26.11. | 11-24
24.-26.11. | 11-24
24. bis 26. November | 11-24
24–26 Nov | 11-24
24.11. - 26.11. | 11-24
Dienstag (24.11.) | 11-24
Dienstag, 25.11. | 11-25
@kumpel morgen? | 11-24
20.11. | 11-20
am 20.11. | 11-20
1.11. | 11-01
1.10. | 2027-10-01
gestern | 11-22
letzten Freitag | 11-20
seit Montag geht das WLAN nicht | 11-16
24.11.2025 | 2025-11-24
32.13. | none
Am 31.2. bitte | none
30. Februar | none
Feb 30 | none
2026-02-30 | none
31.11.2026 | none
29.2. | none
Heiligabend | 12-24
an Silvester | 12-31
Christmas Eve | 12-24
on New Year's Eve | 12-31
boxing day | 12-26
heute oder morgen | 11-23
nicht morgen, sondern Dienstag nächster Woche | 12-01
statt morgen lieber Freitag | 11-27
not on Tuesday but on Thursday | 11-26
war gestern nicht da, ist Freitag was frei | 11-27
"""

NO_DAYS = """
Guten Morgen
guten morgen kumpel, ist wer da
Good morning!
Morgen zusammen
moin, schönen Freitag noch
Happy Friday!
Bis morgen!
see you tomorrow!
Bis Dienstag
am Morgen
jeden Morgen
morgens
sonntags
Habt ihr samstags offen?
on mondays?
Open on Tuesdays?
jeden Dienstag
every Friday
immer am ersten Dienstag im Monat
an einem Dienstag
Montag bis Freitag
Mo-Fr von 9 bis 18 Uhr
Open Mon to Fri?
May I book a desk?
may 3 people come
mai
ich mag den Mai
can I march in
which 2 may come?
April is our designer
50 Euro
3.5 Meter
So 3.5 Meter
Version 1.2
Wir nutzen Version 1.2.
Python 3.11
Python 3.11.
um 10.30 Uhr
um 10.10.
ab 10.30
10:30
24/7
40 Plätze
1.500 Euro
15.11 Euro
19.12 €
IP 10.0.0.1
§ 3.2
nächste Woche
next week
am Wochenende
Mitte Dezember
im Dezember
2026
Platz 12
Tisch 3
am 3. Tisch
Sat down
I sat down on it
sun
in the sun
the second floor
on the 2nd floor
im 2. Stock
der 1. Preis
the 2nd time
in 5 Minuten
in 2 Monaten
zweimal in der Woche
twice a week
einmal in 2 Wochen
COVID-19
B2B
Montagehalle
Freitagsgebet
So ein Mist
so
I am so sorry
do you have a desk
what do you do
für so etwas
mit
mi casa
Mo ist unser Designer
was tue ich
Sonntagsmatinee
Wir mögen Kaffee
wir moegen kaffee
Feiertag
49.90.
12.15.
1/2
3/4 aller Plätze
192.168.1.1
0201-24-11-26
https://example.org/2026/11/24
https://example.org/termine/2026-11-24
montag@example.org
#freitag
#dienstag-runde
1. Frage
wie heißt der Freitags-Treff
der Herr Sonntags
am 24h-Lauf
ein Tag Hospitation
was kostet ein Tag
a day pass
desk for a month
ich brauche ihn 3 Tage
Nikolaus kommt auch

🙂
"""


def rows(table: str) -> list[tuple[str, date | None]]:
    """Return the phrases of a table with their days."""
    read = []
    for row in table.strip().splitlines():
        phrase, said = (part.strip() for part in row.rsplit("|", 1))
        full = said if said.count("-") == 2 else f"2026-{said}"
        read.append((phrase, None if said == "none" else date.fromisoformat(full)))
    return read


@pytest.mark.parametrize(("phrase", "day"), rows(DAYS))
def test_a_phrase_names_a_day(phrase: str, day: date | None) -> None:
    found = find_day(phrase, MONDAY)
    assert found is not None
    assert found.day == day


@pytest.mark.parametrize("phrase", NO_DAYS.strip().splitlines())
def test_ordinary_words_and_numbers_name_no_day(phrase: str) -> None:
    assert find_day(phrase, MONDAY) is None


@pytest.mark.parametrize(
    ("today", "phrase", "day"),
    [
        (SATURDAY, "nächsten Dienstag", date(2026, 12, 1)),
        (SATURDAY, "next Saturday", date(2026, 12, 5)),
        (SATURDAY, "Samstag", SATURDAY),
        (SATURDAY, "this Saturday", date(2026, 12, 5)),
        (SATURDAY, "Sonntag", date(2026, 11, 29)),
        (SATURDAY, "Montag", date(2026, 11, 30)),
        (SATURDAY, "übernächsten Montag", date(2026, 12, 7)),
        (SATURDAY, "diese Woche Dienstag", date(2026, 11, 24)),
        (SATURDAY, "am 28.", SATURDAY),
        (SATURDAY, "am 27.", date(2026, 12, 27)),
        (SATURDAY, "28.11.", SATURDAY),
        (SATURDAY, "28.10.", date(2026, 10, 28)),
        (SATURDAY, "27.10.", date(2027, 10, 27)),
        (YEAR_END, "übermorgen", date(2027, 1, 1)),
        (YEAR_END, "nächsten Dienstag", date(2027, 1, 5)),
        (YEAR_END, "Freitag", date(2027, 1, 1)),
        (YEAR_END, "am 4.", date(2027, 1, 4)),
        (YEAR_END, "4.1.", date(2027, 1, 4)),
        (YEAR_END, "in zwei Wochen", date(2027, 1, 13)),
        (YEAR_END, "Silvester", date(2026, 12, 31)),
        (date(2027, 1, 4), "20.12.", date(2026, 12, 20)),
        (LEAP, "29.2.", date(2028, 2, 29)),
        (LEAP, "29. Februar", date(2028, 2, 29)),
        (LEAP, "Dienstag in einer Woche", date(2028, 2, 29)),
        (LEAP, "in 9 Tagen", date(2028, 3, 1)),
        (LEAP, "30.2.", None),
        (LEAP, "am 30.", date(2028, 3, 30)),
        (LEAP, "5 March", date(2028, 3, 5)),
        (date(2028, 4, 15), "29.2.", None),
    ],
)
def test_a_phrase_names_another_day_on_another_day(today: date, phrase: str, day: date | None) -> None:
    found = find_day(phrase, today)
    assert found is not None
    assert found.day == day


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("Geht der 32.13. auch?", "32.13."),
        ("am 30. Februar bitte", "30. Februar"),
        ("ist Übermorgen Abend was frei", "Übermorgen Abend"),
        ("Passt Dienstag, 24.11.?", "24.11."),
        ("Donnerstag in einer Woche?", "Donnerstag in einer Woche"),
        ("am 24.", "24."),
    ],
)
def test_the_words_are_kept_as_typed(phrase: str, said: str) -> None:
    found = find_day(phrase, MONDAY)
    assert found is not None
    assert found.said == said


@pytest.mark.parametrize(
    ("answer", "day"),
    [
        ("so", date(2026, 11, 29)),
        ("Do", date(2026, 11, 26)),
        ("Di", date(2026, 11, 24)),
        ("24", date(2026, 11, 24)),
        ("24.", date(2026, 11, 24)),
        ("3.12", date(2026, 12, 3)),
        ("am 3.12. bitte", date(2026, 12, 3)),
        ("Morgen!", date(2026, 11, 24)),
        ("bis morgen", date(2026, 11, 24)),
        ("morgen (Di, 24. Nov.)", date(2026, 11, 24)),
        ("Dienstag, den 24.11.", date(2026, 11, 24)),
        ("on the 24th, please", date(2026, 11, 24)),
        ("2026-12-03", date(2026, 12, 3)),
        ("next Tuesday", date(2026, 12, 1)),
    ],
)
def test_a_whole_answer_is_a_day(answer: str, day: date) -> None:
    read = read_day(answer, MONDAY)
    assert read is not None
    assert read.day == day


def test_a_whole_answer_may_be_no_day_there_is() -> None:
    assert read_day("32.13.", MONDAY) == SaidDay("32.13.", None)


@pytest.mark.parametrize(
    "answer",
    ["", "heute oder morgen", "ist morgen was frei", "24.11. um 18:30", "am Morgen", "Startup-Night", "1.5 km"],
)
def test_an_answer_that_is_more_than_a_day_is_not_read(answer: str) -> None:
    assert read_day(answer, MONDAY) is None


WEEKDAYS_DE = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
FORMATS = (
    "{0:%d.%m.%Y}",
    "{0.day}.{0.month}.",
    "am {0.day}.{0.month}.{0:%y} bitte",
    "{1} {0:%d.%m.}",
    "{0:%Y-%m-%d}",
    "{0:%d/%m/%Y}",
    "{0:%d %B}",
    "{0:%B %d, %Y}",
    "{0:%A} {0.day} {0:%b}",
    "is the {0.day}th of {0:%B} ok?",
)


@given(
    today=st.dates(date(2025, 1, 1), date(2040, 1, 1)), ahead=st.integers(0, 300), form=st.sampled_from(FORMATS)
)
def test_every_day_in_every_form_is_read_back(today: date, ahead: int, form: str) -> None:
    day = today + timedelta(days=ahead)
    phrase = form.format(day, WEEKDAYS_DE[day.weekday()])
    found, read = find_day(phrase, today), read_day(phrase.removeprefix("is ").removesuffix(" ok?"), today)
    assert found is not None
    assert read is not None
    assert found.day == read.day == day


@given(
    today=st.dates(date(2025, 1, 1), date(2040, 1, 1)),
    ahead=st.integers(-31, 800),
    language=st.sampled_from(("de", "en")),
)
def test_what_kumpel_says_it_reads(today: date, ahead: int, language: str) -> None:
    day = today + timedelta(days=ahead)
    for spoken in (spoken_day(day, today, language), spoken_day_near(day, today, language)):
        found, read = find_day(spoken, today), read_day(spoken, today)
        assert found is not None
        assert read is not None
        assert found.day == read.day == day


PIECES = st.sampled_from(
    [row.rsplit("|", 1)[0] for row in (DAYS + NO_DAYS).split("\n")]
    + ["am", "in", "999", "Wochen", ".", "-", "\u0308", "²", "٣"]
)


@given(
    text=st.text() | st.lists(PIECES).map(" ".join) | st.lists(PIECES).map("".join),
    today=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
)
def test_any_text_is_read_without_complaint(text: str, today: date) -> None:
    for read in (find_day(text, today), read_day(text, today)):
        assert read is None or (read.said and read.said.strip() == read.said)
    find_time(text)
    read_time(text)


@pytest.mark.parametrize(
    "piece",
    ["a", "1", ".", "1.", "a.", "a-", " ", "morgen ", "am ", "in 1 ", "Di ", "24. bis ", "next week on the ", "W@",
     "um ", "6 uhr ", "halb ", "12:", "\u0308", "24.11. ", "jeden ", "mrogen"],
)  # fmt: skip
def test_long_and_odd_texts_are_read_to_their_end(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    find_day(text, MONDAY)
    read_day(text, MONDAY)
    find_time(text)
    found = find_day(text[:3900] + " x ist 24.12.2026 frei", MONDAY)
    assert found is not None


TIMES = [
    ("18:30", time(18, 30)), ("18.30 Uhr", time(18, 30)), ("18 Uhr", time(18)), ("18h", time(18)),
    ("18h30", time(18, 30)),
    ("18 Uhr 30", time(18, 30)), ("6 Uhr", time(6)), ("06:00", time(6)), ("halb sieben", time(18, 30)),
    ("um halb 8", time(7, 30)), ("halb 8 abends", time(19, 30)), ("viertel nach 6", time(18, 15)),
    ("Viertel vor sieben", time(18, 45)), ("dreiviertel sieben", time(18, 45)), ("fünf nach sechs", time(18, 5)),
    ("zehn vor 12", time(11, 50)), ("6 pm", time(18)), ("6:30pm", time(18, 30)), ("6.30 p.m.", time(18, 30)),
    ("9 am", time(9)), ("12 am", time(0)), ("12 pm", time(12)), ("noon", time(12)), ("mittags", time(12)),
    ("midnight", time(0)), ("24 Uhr", time(0)), ("half past six", time(18, 30)),
    ("quarter to seven", time(18, 45)),
    ("ten past nine", time(9, 10)), ("7 o'clock", time(7)), ("7 o'clock in the evening", time(19)),
    ("um sechs", time(18)),
    ("at 6", time(18)), ("um 18", time(18)), ("6 Uhr morgens", time(6)), ("um 6 morgens", time(6)),
    ("8 Uhr abends", time(20)), ("abends um 8", time(20)), ("um 18:30 Uhr, bitte", time(18, 30)),
]  # fmt: skip


@pytest.mark.parametrize(("phrase", "moment"), TIMES)
def test_a_time_is_found_and_read_whole(phrase: str, moment: time) -> None:
    assert find_time(phrase) == find_time(f"Start ist {phrase}") == read_time(phrase) == moment


@pytest.mark.parametrize(
    ("phrase", "moment"),
    [
        ("Di 24.11. um 18.30", time(18, 30)),
        ("um 6 am Dienstag", time(18)),
        ("morgen von 9 bis 18 Uhr", time(9)),
        ("Treffen heute gegen acht, ja?", time(8)),
    ],
)
def test_a_time_is_found_in_a_sentence_and_is_not_the_whole(phrase: str, moment: time) -> None:
    assert find_time(phrase) == moment
    assert read_time(phrase) is None


@pytest.mark.parametrize(
    ("answer", "moment"), [("18", time(18)), ("6", time(18)), ("18.30", time(18, 30)), ("9", time(9))]
)
def test_a_bare_number_is_a_time_only_as_a_whole_answer(answer: str, moment: time) -> None:
    assert find_time(answer) is None
    assert read_time(answer) == moment


@pytest.mark.parametrize(
    "answer", ["24:00", "24 Uhr", "um 24", "24.00 Uhr", "24:30", "midnight", "um Mitternacht"]
)
def test_at_24_oclock_the_day_is_over(answer: str) -> None:
    assert is_past_midnight(answer)
    assert read_time(answer) in (time(0), time(0, 30))


@pytest.mark.parametrize(
    "answer", ["0:00", "0 Uhr", "00:30", "12 am", "23:59", "fünf vor 24 Uhr", "12 pm", "24.11.", "25:00", ""]
)
def test_no_other_time_is_past_midnight(answer: str) -> None:
    assert not is_past_midnight(answer)


@pytest.mark.parametrize(
    "phrase",
    ["", "25:00", "10:75", "24/7", "24.11.", "um 50 Euro", "um 6 Euro", "at 3 desks", "1:1 Gespräch", "16:9",
     "Version 1.2", "2026", "halb so wild", "morgen", "12:30:15", "10.0.0.1"],
)  # fmt: skip
def test_other_numbers_and_words_are_no_time(phrase: str) -> None:
    assert find_time(phrase) is None
    assert read_time(phrase) is None


@given(
    moment=st.times().map(lambda moment: moment.replace(second=0, microsecond=0)),
    form=st.sampled_from(("%H:%M", "%H.%M Uhr", "%I:%M %p")),
)
def test_every_time_is_read_back(moment: time, form: str) -> None:
    assert find_time(moment.strftime(form)) == read_time(moment.strftime(form)) == moment
