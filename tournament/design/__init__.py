"""What is to be played: plans, fields of players, arms, profiles, identities of games."""
