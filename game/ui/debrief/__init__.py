"""The debrief: what happened, why, what if, the real world, takeaways; and what is exported of a game."""
