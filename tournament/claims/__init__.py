"""The claims: experiments that say what they predict, what falsifies them, and which assumptions carry them."""
