"""The hindcast: what was observed beside what the model says of the same half-years."""
