// The keys of the editor; those of other pages are in pages.js.
(() => {
  const ig = (window.isogloss = window.isogloss || {});

  function toPanel() {
    const row = ig.atHand();
    const panel = document.querySelector(".ig-panel:not(.ig-hidden)");
    if (panel?.dataset.concept === row?.id) panel.querySelector(".ig-form input")?.focus();
    else if (row) emitEvent("ig-open", row.id);
  }

  function toGrid() {
    const cell = ig.grid.getFocusedCell();
    document.activeElement.blur();
    if (cell) ig.grid.setFocusedCell(cell.rowIndex, cell.column, cell.rowPinned);
  }

  function tick() {
    const cell = ig.grid.getFocusedCell();
    const node = cell && !cell.rowPinned && ig.grid.getDisplayedRowAtIndex(cell.rowIndex);
    if (node) node.setSelected(!node.isSelected());
  }

  const toSearch = () => document.querySelector(".ig-search input").focus();
  const savePanel = () => document.querySelector(".ig-panel-foot:not(.hidden) .ig-save")?.click();

  document.addEventListener("keydown", (event) => {
    if (!ig.grid) return;
    const field = ig.inField(event);
    const ctrl = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    const act = (run) => {
      event.preventDefault();
      event.stopPropagation();
      run();
    };
    if (ctrl && key === "s") return act(savePanel);
    if (ctrl && key === "f") return act(toSearch);
    if (event.altKey && key === "n") return act(ig.begin);
    if (field && key === "escape" && field.closest(".ig-panel, .ig-search") && !document.querySelector(".q-menu")) return act(toGrid);
    if (field) return;
    if (ctrl && key === "z") return act(() => emitEvent(event.shiftKey ? "ig-redo" : "ig-undo"));
    if (ctrl && key === "y") return act(() => emitEvent("ig-redo"));
    if (key === "/") return act(toSearch);
    if (key === "?") return act(() => emitEvent("ig-help"));
    if (key === "escape") return emitEvent("ig-close");
    if (event.target.closest?.("button:not(.ig-open), a, .ig-panel, .q-header")) return; // Space presses these
    if (ctrl && key === "a") return act(() => (ig.grid.getSelectedRows().length ? ig.grid.deselectAll() : ig.grid.selectAll("filtered")));
    if (ctrl && (key === "delete" || key === "backspace")) return act(ig.delete);
    if (key === " " && ig.atHand()) return act(event.shiftKey ? tick : toPanel);
  }, true);
})();
