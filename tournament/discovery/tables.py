"""A discovery as tables: one row a thing, the same numbers as on the page."""

from __future__ import annotations

from typing import Any

import polars as pl

Data = dict[str, Any]


def frames(data: Data) -> dict[str, pl.DataFrame]:
    """Return the tables by name; numbers are in units of the payoff, ranges are 95%."""
    rows: dict[str, list[Data]] = {
        "mixture": [
            {"seat": seat, "strategy": name, "share": share}
            for seat, found in data["mixture"].items()
            for name, share in found.items()
        ],
        "rounds": [
            {"round": each["round"], "seat": seat, "value": told["value"], "oracle": told["oracle"],
             "joined": ", ".join(told["joined"]), **_range(told), "regret_before": each["regret"],
             "profiles": each["profiles"]}
            for each in data["rounds"]
            for seat, told in each["seats"].items()
        ],
        "certificate": [
            {"round": number, "seat": seat, "found": told["found"], "chance": told["chance"], **_range(told),
             "spread": told["spread"], "worlds": told["worlds"], "status": data["status"]}
            for number, each in enumerate(data["certificate"], 1)
            for seat, told in each["seats"].items()
        ],
        "attackers": [
            {"seat": seat, "player": told["player"], "value": told["value"], **_range(told), "worlds": told["worlds"]}
            for seat, found in data["attackers"].items()
            for told in found
        ],
        "strategies": [
            {"strategy": name, "seat": told["seat"], "round": told["round"], "oracle": told["oracle"],
             "base": told["base"], **_range(told), "does": told.get("does", "")}
            for name, told in data["strategies"].items()
        ],
        "lines": [
            {"strategy": name, "change": line["change"], "worth": line["worth"], "low": line["worth"] - line["half"],
             "high": line["worth"] + line["half"]}
            for name, told in data["strategies"].items()
            for line in told.get("worth", [])
        ],
        "styles": [
            {"seat": seat, **style}
            for seat, told in data["styles"].items()
            for style in told["styles"]
        ],
    }  # fmt: skip
    return {name: pl.DataFrame(found, infer_schema_length=None) for name, found in rows.items() if found}


def _range(told: Data) -> Data:
    return {"gain": told["gain"], "low": told["gain"] - told["half"], "high": told["gain"] + told["half"]}
