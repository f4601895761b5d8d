"""Equilibria, zero-sum values and regrets agree with pygambit, nashpy and OpenSpiel, and with what can be worked out."""

from __future__ import annotations

import warnings

import nashpy
import numpy as np
import pygambit
import pytest
import pyspiel
from open_spiel.python.algorithms import lp_solver  # noqa: F401  (only where cvxpy is there)

from tests.analysis.matrices import (
    BATTLE,
    BIASED,
    NAU,
    PARITY,
    ROCK_PAPER_SCISSORS,
    TWO_SEATS,
    random_game,
    symmetric,
    zero_sum,
)
from tournament.analysis.equilibria import equilibria
