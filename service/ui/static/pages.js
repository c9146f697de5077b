// What all pages share: messages, and keys that are not for a field.
(() => {
  const ig = (window.isogloss = window.isogloss || {});

  ig.toast = (text, kind, undo) => {
    const looks = {
      info: { classes: "ig-toast" },
      good: { classes: "ig-toast ig-toast-good", icon: "check" },
      warn: { classes: "ig-toast ig-toast-warn", icon: "sync_problem" },
      error: { classes: "ig-toast ig-toast-error", icon: "error_outline" },
    };
    const actions = undo
      ? [{ label: undo, noCaps: true, color: "white", handler: () => emitEvent("ig-undo") }]
      : [];
    Quasar.Notify.create({
      message: text,
      position: "bottom",
      timeout: kind === "error" ? 9000 : undo ? 6000 : 2200,
      group: false,
      actions,
      ...looks[kind],
    });
  };

  // A time of the server in the reader's own zone and language.
  customElements.define(
    "ig-time",
    class extends HTMLElement {
      connectedCallback() {
        const at = new Date(this.getAttribute("at"));
        const language = document.documentElement.lang;
        const near = Date.now() - at < 20 * 3600e3;
        const style = near ? { hour: "numeric", minute: "2-digit" } : { year: "numeric", month: "short", day: "numeric" };
        this.textContent = at.toLocaleString(language, style);
        this.title = at.toLocaleString(language);
      }
    },
  );

  // NiceGUI's own note that the connection is lost, in the language of the page.
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("#popup span").forEach((line, i) => (line.textContent = ig.lost?.[i] ?? line.textContent));
  });

  // The keys of an input method are its own: its Enter takes a syllable and not the cell.
  addEventListener("keydown", (event) => {
    if (!event.isComposing && event.keyCode !== 229) return;
    event.stopImmediatePropagation();
    if (!ig.inField(event)) ig.compose?.();
  }, true);

  // What is typed and not saved is not left behind without a question.
  addEventListener("beforeunload", (event) => {
    if (document.querySelector(".ig-unsaved:not(.hidden)")) event.preventDefault();
  });

  ig.proposals = (number) => {
    const count = document.querySelector(".ig-count");
    count.textContent = number;
    count.classList.toggle("ig-hidden", !number);
  };

  ig.inField = (event) =>
    event.target.closest?.("input, textarea, select, [contenteditable], .q-dialog, .q-menu");

  // Events begin with ig-: the page's own element gets native ones, "paste" for one, as well.
  // keys: {"a": "accept", ...}; the event is emitted unless a field has the focus.
  ig.keys = (keys) =>
    document.addEventListener("keydown", (event) => {
      const card = event.target.closest?.(".ig-card");
      if (card && event.target.matches("input.q-field__native") && ["Escape", "Enter"].includes(event.key)) return event.target.blur();
      if (ig.inField(event) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "e") {
        event.preventDefault();
        return document.querySelector(".ig-card.at input.q-field__native")?.select();
      }
      const name = keys[event.key];
      if (name) {
        event.preventDefault();
        emitEvent("ig-" + name);
      }
    });
})();
