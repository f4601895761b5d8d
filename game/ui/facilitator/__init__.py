"""The facilitator's screen, one module a tab: news, control, adjust, notes, room."""
