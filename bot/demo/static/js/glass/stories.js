/** The stories that the page knows: fetched once, kept up to date as the server tells them. */
import { useEffect, useState } from "../html.js";
import { ui } from "../store.js";
import { act, onStory } from "../wire.js";

const MOST = 200;

/** The latest stories, the newest first; null until they are there. */
export function useLatest() {
  return useStories("latest", () => act(ui().me, "glass.latest"), () => true, (one, other) => other.id - one.id);
}

/** The stories of a message, the oldest first; null until they are there. */
export function useStoriesOf({ platform, place, message }) {
  const concerns = (story) => story.messages.some((each) => each.platform === platform && each.place === place && each.message === message);
  const fetch = () => act(ui().me, "glass.story", { platform, place, message });
  return useStories(`${platform} ${place} ${message}`, fetch, concerns, (one, other) => one.id - other.id);
}

function useStories(key, fetch, concerns, order) {
  const [stories, setStories] = useState({ key, list: null });
  useEffect(() => {
    let listening = true;
    let list = [];
    const add = (news) => {
      const ids = new Set(news.map(({ id }) => id));
      list = [...news, ...list.filter(({ id }) => !ids.has(id))].sort(order).slice(0, MOST);
      if (listening) setStories({ key, list });
    };
    const stop = onStory((story) => (concerns(story) || list.some(({ id }) => id === story.id)) && add([story]));
    fetch().then(
      (found) => add(found.filter(({ id }) => !list.some((each) => each.id === id))),
      () => add([]),
    );
    return () => {
      listening = false;
      stop();
    };
  }, [key]);
  return stories.key === key ? stories.list : null;
}
