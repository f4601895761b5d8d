"""The window: live play, on plain pygame. ``game.ui.run.run()`` opens it.

How it fits together
    The model knows no pygame: ``sitting`` (a game with its record, journal, players), ``sight`` (what one pair of eyes
    may see, or everybody), ``chronicle`` (the log as lines), ``history`` (rounds, largest changes), ``options`` (moves
    with reasons), ``choosing`` (a turn in the making), ``forecast`` (a preview as rows), ``board`` (what of a rulebook
    is drawn where, worked out from the shapes of its tracks), ``manual`` (the rulebook to look up), ``saves``,
    ``bots`` (players that think in a thread), ``facilitation`` (the facilitator's acts and what is read from them),
    ``timing`` (a turn's clock), ``pins``. Screens read only these. No screen knows a move, track or number of the
    rules: names, prices, effects, reasons and sources come from the rulebook.

    The toolkit: ``app`` (loop, events, focus, stack of screens), ``screen`` (what a screen is), ``page`` (one frame),
    ``widgets``, ``scroll``, ``layout``, ``text``, ``marks``, ``theme``, ``display``. Screens: ``screens/``; ``play/``
    for the table, one module a panel; ``facilitator/``, one module a tab; ``replay/`` (its ``table`` shows play's
    panels on any position), ``lessons/``, ``debrief/``, and ``guide/`` for the coach of the first game. ``game.paper``
    puts games on paper from the parts of the model that know no pygame.

How to make a screen
    A screen builds its whole frame from its state, anew each time something has changed, and changes nothing while it
    does. What is pressed calls back into it; ``app.redraw()`` is needed only when something changes by itself.

        class Notes(Screen):
            name = "notes"
            over = True                          # lies on the screen below; leave out for an opaque one

            def __init__(self, app):
                super().__init__(app)
                self.entry, self.scroll = Entry(limit=200), Scroll()

            def build(self, page):
                box = centred(page.rect, page.u(500), page.u(300))      # u(): logical units to pixels
                page.panel(box)
                head, body = from_top(inset(box, page.u(16)), page.line(theme.HEAD), page.u(8))
                page.text(head, "Notes", theme.HEAD, bold=True)         # one line, never cut in silence
                foot, body = from_bottom(body, page.u(48), page.u(8))
                field(page, "notes.text", from_top(body, page.line() + page.u(12))[0], self.entry, "Your note")
                button(page, "notes.done", foot, "Done", self.app.pop, hotkey="Esc", kind="go")

            def key(self, key): ...              # what no control used; answer whether you did
            def tick(self, now): ...             # seconds of the injected clock
            def first_focus(self): return "notes.text"

    ``app.push``, ``pop``, ``replace`` and ``reset`` change screens; ``app.tell`` shows a sentence for some seconds.
    Ready-made: ``screens.sheet.Sheet`` (title, running text, buttons), ``screens.picker.Picker`` (one of a list),
    ``screens.busy.Busy`` (work in a thread). The start screen's menu is ``StartScreen.items``, the game's menu is
    ``play.dialogs.menu_sheet``, the play screen's keys are ``PlayScreen.key``. Keys
    for the whole game go into ``PlayScreen.under``: it hears of what the screens above leave, unless one of them says
    ``lets_through = False``. ``keeps_time`` says whether a turn's clock runs behind a screen.

What the toolkit sees to, and what you must
    Sizes: lay out in ``page.u(...)`` and in measured text (``page.line``, ``width``, ``tall``), never in pixels, and
    choose between forms by ``page.room`` (the window in logical units: 1280×800 at 100 % text, 853×533 at 150 %).
    Text: ``page.text`` is one line (what does not fit gets an ellipsis and a tooltip), ``page.words`` wraps;
    ``scroll.running_text`` and ``scroll.stack`` scroll by whole rows, so that nothing is cut at an edge. Rows that are
    scrolled out are drawn muted: list their controls (so that Tab reaches them), skip the rest if ``page.muted``.
    Controls: every one has an id that stays the same, a label, and a reason when it is disabled. Tab follows the order
    of drawing; arrows go to the nearest; Enter presses; a control with ``keys`` or ``type`` takes keys itself.
    Colour: take it from ``theme`` and never let it stand alone: ``Mark`` is colour, shape and hatch together, a change
    has an arrow or sign; text in a mark's colour goes through ``theme.readable``.
    Secrets: draw from ``sight(viewer)``; ``viewer`` is ``None`` for screens that everybody looks at.

How it is tested
    ``python -m tests.ui.stage --out DIR`` renders every screen at every size and checks it; add yours to ``scenes`` in
    ``tests/ui/stage/stage.py``. ``tests/ui/hands.py`` works the window by posted events: ``hands.click("start.new")``.
    ``app.frame()`` gives the controls of the frame (id, rect, label, enabled, reason), ``app.focus`` the focused one.
    ``python -m tests.ui.bench_frames`` measures frames.
"""

import os

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
