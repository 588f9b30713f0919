"""A text in neither German nor English is recognised; one in them never is, however it is typed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq_bench import spoiled
from handlers.retrieval.language import is_foreign

FOREIGN = """
Bonjour, combien coûte un bureau par mois ?
Où puis-je garer ma voiture ?
Est-ce que vous êtes ouverts le samedi ?
combien ca coute un bureau chez vous
¿Cuánto cuesta un escritorio al mes?
Dónde puedo aparcar mi coche
a que hora abren los sabados
Quanto custa uma mesa por mês?
Onde posso estacionar o meu carro
Quanto costa una scrivania al mese?
Dove posso parcheggiare la macchina
quando siete aperti il sabato
Hoeveel kost een bureau per maand?
Waar kan ik mijn auto parkeren
Hebben jullie wifi in het gebouw?
wanneer zijn jullie open
Ile kosztuje biurko na miesiąc?
Gdzie mogę zaparkować samochód
czy macie otwarte w sobote
Masa aylık ne kadar?
Arabamı nereye park edebilirim
cumartesi günü açık mısınız
merhaba bir masa kiralamak istiyorum
Hur mycket kostar ett skrivbord per månad?
Var kan jag parkera min bil
Hvad koster et skrivebord om måneden?
Hvor kan jeg parkere bilen min
Kolik stojí stůl na měsíc?
Kde můžu zaparkovat auto
Cât costă un birou pe lună?
Unde pot să parchez mașina
Mennyibe kerül egy asztal havonta?
Hol lehet parkolni az autóval
Paljonko työpöytä maksaa kuukaudessa?
Missä voin pysäköidä autoni
Koliko košta stol mjesečno?
Gdje mogu parkirati auto
Sa kushton një tavolinë në muaj?
Berapa harga meja per bulan?
Di mana saya bisa parkir mobil
Một bàn làm việc giá bao nhiêu một tháng?
Сколько стоит стол в месяц?
Скільки коштує стіл на місяць?
كم تكلفة المكتب في الشهر؟
桌子一个月多少钱？
机はいくらですか
책상은 한 달에 얼마예요?
Πόσο κοστίζει ένα γραφείο;
คุณเปิดกี่โมง
आप कब खुलते हैं
привет
你好
""".strip().splitlines()

HOME = [
    "Łukasz sucht einen Tisch",
    "Mülheim an der Ruhr",
    "was macht Zoë",
    "São Paulo camp",
    "café au lait gibts das",
    "wo ist das Büro von Özgür Yılmaz",
    "who is Mateusz Wójcik",
    "de la cruz",
    "la dolce vita event",
    "gibts das a la carte",
    "hola, wann habt ihr offen",
    "merci, bis morgen dann",
    "ciao und danke",
    "en route to essen",
    "vis a vis vom bahnhof",
    "que pasa kumpel wann ist offen",
    "wlan pw bitte",
    "raum no 5 na klar",
    "pro per con",
    "wo is n hier dat klo",
    "watt kost dat denn hier",
    "bonjour",
    "gracias amigo",
    "",
    "?",
    "👍👍👍",
    "10 µm und 5 Ω",
    "was heißt привет auf deutsch",
]


@pytest.mark.parametrize("text", FOREIGN)
def test_other_languages_are_recognised(text):
    assert is_foreign(text)


@pytest.mark.parametrize("text", HOME)
def test_names_and_loan_words_make_nothing_foreign(text):
    assert not is_foreign(text)


@pytest.mark.parametrize("name", ["covid_de", "covid_en", "robo_en", "clinc150"])
def test_no_german_or_english_question_is_foreign_even_with_typing_errors(shared_dir, name):
    given = json.loads((shared_dir / "bench" / "faq" / "data" / f"{name}.json").read_text(encoding="utf-8"))
    asked = [variant for entry in given["entries"] for variant in entry["variants"]]
    asked += [query["q"] for query in given["queries"]] + given["oos_near"] + given["oos_far"]
    assert len(asked) > 300
    asked += [spoiled(text, given["lang"]) for text in asked]
    assert [text for text in asked if is_foreign(text)] == []


@given(st.text(max_size=300))
def test_any_text_can_be_asked_about(text):
    assert is_foreign(text) in (True, False)
