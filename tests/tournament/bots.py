"""Players for the tests: a good one and all kinds of bad ones. They run in processes of their own."""

import random

seen = []


class Trader:
    """Sells when the price is high, else draws lots; remembers, and would be found out if a game left a trace."""

    name = "trader"

    def __init__(self):
        self.moves = 0

    def choose(self, view, legal, rng):
        self.moves += 1
        seen.append(view.round)
        assert len(seen) == self.moves
        assert view.to_json()["seat"] == view.seat
        selling = [move for move in legal if move.name == "sell"]
        if selling and view.value("price") > 9:
            return selling[0]
        return rng.choice(list(legal))


class Raises(Trader):
    name = "raises"
    seats = ("north",)

    def choose(self, view, legal, rng):
        if view.round > 2:
            raise ValueError("not my day")
        return str(legal[0])


class Nonsense:
    seats = ("north",)

    def choose(self, view, legal, rng):
        print("chatter on standard output")
        return {"move": 7} if random.random() < 0.5 else "burn_the_market"


class Hungry:
    seats = ("north",)

    def choose(self, view, legal, rng):
        return bytearray(8 << 30)


class Endless:
    seats = ("north",)

    def choose(self, view, legal, rng):
        while True:
            pass


class Slow:
    seats = ("north",)

    def choose(self, view, legal, rng):
        while True:
            len(legal)


class Dies:
    seats = ("north",)

    def choose(self, view, legal, rng):
        import os

        os.kill(os.getpid(), 9)


class Leaves:
    seats = ("north",)

    def choose(self, view, legal, rng):
        import os

        os._exit(0)


class Peeks:
    seats = ("north",)

    def choose(self, view, legal, rng):
        import sys

        if "game" in sys.modules or "numpy" in sys.modules or vars(view).keys() & {"seed", "game", "memory"}:
            return "caught"
        return legal[-1]
