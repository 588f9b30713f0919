/** What is new for somebody, on each side and in all. */
import * as slack from "../slack/pane.js";
import * as telegram from "../telegram/pane.js";

export function unread(world, ui, key) {
  const counts = { slack: slack.unreadSlack?.(world, ui, key) ?? 0, telegram: telegram.unreadTelegram?.(world, ui, key) ?? 0 };
  return { ...counts, all: counts.slack + counts.telegram };
}
