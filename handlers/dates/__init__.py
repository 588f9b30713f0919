"""Days and times as people say them in chat, in German and English: read and spoken.

``words`` holds the vocabulary, ``line`` turns a text into a line of its words, ``rules`` says which runs of words
name which day, ``reading`` picks the day that is meant. ``times`` reads times of day. ``saying`` is the way back.
"""
