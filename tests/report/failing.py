"""Players for the report's tests: one that fails and one that does not."""


class Raises:
    name = "raises"
    seats = ("north",)

    def choose(self, view, legal, rng):
        if view.round > 2:
            raise ValueError("not my day")
        return legal[0]


class Steady:
    name = "steady"
    seats = ("west",)

    def choose(self, view, legal, rng):
        return rng.choice(list(legal))
