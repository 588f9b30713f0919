"""How people say that they want to tell everybody something."""

from __future__ import annotations

GERMAN = (
    "ich möchte eine mitteilung schreiben",
    "wie schreibe ich eine mitteilung an alle",
    "neue mitteilung verfassen",
    "ankündigung an alle verfassen",
    "schick eine nachricht an alle gruppen",
    "eine rundnachricht an alle kanäle verschicken",
    "kannst du allen etwas mitteilen",
    "sag allen gruppen bescheid",
    "schreib in alle gruppen, dass der hub zu ist",
    "poste eine ankündigung in alle chats",
    "ich brauche eine durchsage an alle",
    "einen broadcast an alle machen",
    "verbreite das in allen chats",
    "ich will alle gruppen informieren",
    "wir müssen alle über etwas informieren",
    "ein rundschreiben an alle chats verfassen",
    "alle kanäle auf einmal benachrichtigen",
)
ENGLISH = (
    "i want to write a notice",
    "how do i send a notice to everybody",
    "a new notice to everybody please",
    "write an announcement to all",
    "send a message to all groups",
    "broadcast something to all channels",
    "can you tell everybody something",
    "let everybody know that the hub is closed",
    "tell all people on slack and telegram",
    "tell everyone something on both",
    "please tell all groups that we are closed",
    "post an announcement in all chats",
    "make a broadcast to everyone",
    "make an announcement to everyone",
    "spread the word in all channels",
    "i want to inform all groups",
    "we need to inform everybody",
    "circulate a note to all channels",
    "notify every channel at once",
)
TITLES = {"de": "Mitteilung an alle schreiben", "en": "Write a notice to everybody"}
