"""Answers with a picture: what is pressed under them happens in place."""

from __future__ import annotations

import pytest
from e2e_world import Modes, Person, World, answer_of, eventually, from_bot, heard, said

pytestmark = pytest.mark.parametrize("modes", [Modes("socket", "polling")], indirect=True)


@pytest.mark.parametrize("platform", ["slack", "telegram"])
async def test_a_press_under_a_picture_takes_its_buttons_away_and_posts_nothing(
    world: World, platform: str
) -> None:
    person: Person = (
        world.slack.add_user("Fatma", locale="de-DE")
        if platform == "slack"
        else world.telegram.add_user("Gerd", language="de")
    )
    await person.say("Was sind die Camps?")
    await person.hears(answer_of("camps", "de"), timeout=10.0)
    (answer,) = [message for message in person.messages() if from_bot(message)]
    assert said("de", "That helps") in answer.plain
    await person.press(said("de", "That helps"))
    await eventually(lambda: said("de", "That helps") not in answer.plain, 10.0)
    await world.settled()
    (text,) = heard(person)
    assert said("de", "_Good to know, thanks._") in text
