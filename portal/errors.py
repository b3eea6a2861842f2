"""What can go wrong in a way that a person should read about."""


class Refused(Exception):
    """A refusal in one Chinese sentence; nothing was changed."""

    status = 409

    def __init__(self, sentence: str):
        """Keep the sentence that the person will read."""
        super().__init__(sentence)
        self.sentence = sentence


class RuleBroken(Refused):
    """A rule of the scheme stands against it."""


class TooLate(Refused):
    """The case has moved on in the meantime; the sentence says who was first."""


class NotYours(Refused):
    """The row may be seen, but this move is not this person's."""

    status = 403


class BadValue(Refused):
    """A value that no column takes (too long, control characters, out of range)."""

    status = 422


class Throttled(Refused):
    """Too many tries from one place; the sentence says when to come back."""

    status = 429
