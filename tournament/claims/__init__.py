"""The claims: experiments on a rulebook that say what they predict, what falsifies them, and which assumptions carry them."""
