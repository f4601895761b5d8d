"""A sitting: who plays which seat, clock, PINs, offers, forecasts, the facilitator's acts, saves. Knows no window."""
