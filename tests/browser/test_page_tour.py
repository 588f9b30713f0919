"""The guided tour: done by the page, done by hand, put away and brought back."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

PageAs = Callable[..., Page]
NARROW = (390, 844)
STEPS = 6


def tour(page: Page) -> Locator:
    return page.locator(".sh-tour")


def ringed(page: Page) -> Locator:
    return page.locator("[data-tour-here]")


def go_on(page: Page, step: int) -> None:
    """Go on after a step; while the pointer is on the tour, it does not go on by itself."""
    tour(page).hover()
    expect(
        page.locator(f"[data-step='{step}'][data-done=true], [data-step='{step + 1}'], [data-step=end]")
    ).to_be_visible()
    if tour(page).get_attribute("data-step") == str(step):
        tour(page).locator(".sh-tour-do").click()


def expect_step(page: Page, step: int, done: bool = False) -> None:
    expect(tour(page)).to_have_attribute("data-step", str(step))
    expect(tour(page)).to_have_attribute("data-done", str(done).lower())


def is_covered(page: Page) -> bool:
    """Whether something lies over the middle of what is ringed."""
    return bool(
        page.evaluate(
            """() => {
              const element = document.querySelector("[data-tour-here]");
              if (!element) return false;
              const { x, y, width, height } = element.getBoundingClientRect();
              const top = document.elementFromPoint(x + width / 2, y + height / 2);
              return !(element.contains(top) || top?.contains(element));
            }"""
        )
    )


def test_the_page_does_the_whole_tour_for_the_newcomer(page_as: PageAs) -> None:
    page = page_as(step=0)
    seen = ["1"]
    for _ in range(40):
        assert not is_covered(page)
        tour(page).locator(".sh-tour-do").click()
        if (step := tour(page).get_attribute("data-step") or "") != seen[-1]:
            seen.append(step)
        if step == "end":
            break
        # On a busy machine it takes a while; without an answer the same help is offered again only then.
        expect(tour(page).locator(".sh-tour-do:enabled")).to_be_visible()
    assert seen == [*map(str, range(1, STEPS + 1)), "end"]
    expect(tour(page)).to_contain_text("Das war’s")
    expect(page.locator(".tg-room .tg-message", has_text="nimmt sich Zeit")).to_be_visible()


def test_on_a_phone_the_tour_is_walked_by_hand_and_in_english(page_as: PageAs) -> None:
    page = page_as("sam", language="en", size=NARROW, step=0)

    def say(text: str, field: str) -> None:
        expect(tour(page)).to_contain_text(f"“{text}”")
        expect(ringed(page).locator(field)).to_be_visible()
        page.locator(field).fill(text)
        page.locator(field).press("Enter")

    def press(label: str, step: int) -> None:
        expect(tour(page)).to_contain_text(f"“{label}”")
        expect_step(page, step)
        expect(ringed(page)).to_have_text(label)
        assert not is_covered(page)
        ringed(page).click()

    slack, telegram = ".sl-composer-text", ".tg-field"
    say("what does a desk cost", slack)
    go_on(page, 1)
    say("is a desk free tomorrow", slack)
    for _ in range(2):  # before a weekend, another day is chosen first
        expect(ringed(page).locator(slack)).to_have_count(0)
        label = ringed(page).inner_text()
        press(label, 2)
        if label == "Take a desk":
            break
        expect(ringed(page)).to_have_text("Take a desk")
    go_on(page, 2)

    expect(tour(page)).to_contain_text("Now you are Aylin (community manager).")
    say("/kumpel termin", slack)
    form = page.locator(".sl-pane [role=dialog]")
    day = page.evaluate("new Date(Date.now() + 9 * 86400000).toISOString().slice(0, 10)")
    for block, answer in {"title": "Pitch-Abend", "day": day, "time": "19:00", "place": "Essen"}.items():
        field = form.locator(f"[data-block={block}] input")
        expect(field).to_have_attribute("data-tour-here", "")
        field.fill(answer)
    press("Vorschau", 3)
    press("Veröffentlichen", 3)
    go_on(page, 3)

    expect(page.locator(".sh-panes")).to_have_attribute("data-pane", "telegram")
    press("Dabei", 4)
    go_on(page, 4)
    say("I am looking for a mentor in logistics", telegram)
    say("We are looking for pilot customers for our robots.", telegram)
    for _ in range(2):
        expect(ringed(page)).to_contain_text("✓")
        label = ringed(page).inner_text()
        press(label, 5)
        expect(tour(page)).not_to_contain_text(f"“{label}”")
    go_on(page, 5)

    press("Annehmen", 6)
    expect(tour(page)).to_contain_text("be Sam")
    page.locator(".sh-menu-people > button").click()
    page.locator(".sh-menu-people [data-person=sam]").click()
    expect(page.locator(".sh-panes")).to_have_attribute("data-pane", "telegram")
    go_on(page, 6)
    tour(page).locator("[data-tour=away]").click()
    expect(tour(page)).to_have_count(0)


def test_it_is_put_away_brought_back_and_skipped(page_as: PageAs) -> None:
    page = page_as(step=0)
    expect_step(page, 1)
    tour(page).get_by_role("button", name="Überspringen").click()
    expect_step(page, 2)
    tour(page).get_by_role("button", name="Tour weglegen").click()
    expect(tour(page)).to_have_count(0)
    page.locator("[data-toggle=tour]").click()
    expect_step(page, 2)
    page.locator(".sh-people [data-person=petra]").click()
    expect(ringed(page)).to_have_count(0)
    tour(page).get_by_role("button", name="Bring mich hin").click()
    expect(ringed(page)).to_be_visible()
    expect(page.locator(".sh-people [data-person=lena]")).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect_step(page, 2)


def test_the_tour_finds_another_day_when_the_hub_is_closed_tomorrow(page_as: PageAs) -> None:
    page = page_as(step=1)
    page.evaluate(
        """async () => {
          const friday = new Date((await import('/js/store.js')).now());
          do friday.setUTCDate(friday.getUTCDate() + 1); while (friday.getUTCDay() !== 5);
          await (await import('/js/wire.js')).act('lena', 'world.move', { to: friday.toISOString() });
        }"""
    )
    for _ in range(4):
        tour(page).locator(".sh-tour-do").click()
        expect(page.locator(".sh-tour-do:enabled")).to_be_visible()
        if tour(page).get_attribute("data-done") == "true":
            break
    expect_step(page, 2, done=True)
    expect(page.locator(".sl-main article", has_text="deiner").last).not_to_contain_text("morgen")


def test_who_has_become_somebody_else_is_not_taken_away_when_it_goes_on(page_as: PageAs) -> None:
    page = page_as(step=0)
    page.locator(".sl-composer-text").fill("was kostet ein schreibtisch")
    page.locator(".sl-composer-text").press("Enter")
    expect_step(page, 1, done=True)
    page.locator(".sh-people [data-person=aylin]").click()
    expect_step(page, 2)
    expect(page.locator(".sh-people [data-person=aylin]")).to_have_attribute("aria-pressed", "true")
    expect(tour(page)).not_to_contain_text("Du bist")
    tour(page).get_by_role("button", name="Bring mich hin").click()
    expect(page.locator(".sh-people [data-person=lena]")).to_have_attribute("aria-pressed", "true")
    expect(ringed(page).locator(".sl-composer-text")).to_be_visible()
