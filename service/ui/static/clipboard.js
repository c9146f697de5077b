// Copy and paste between the grid and a spreadsheet.
(() => {
  const ig = (window.isogloss = window.isogloss || {});
  const COPIED = ["status", "domain", "strength", "condition", "note"];
  const PART = 100_000; // a message to the page may have a million bytes
  const MOST = 20_000_000;

  // The text of a lone cell, as a spreadsheet gives it: in quotation marks if it has lines.
  function lone(text) {
    const cell = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!/[\t\n]/.test(cell)) return cell.trim();
    return /^"([^"]|"")*"$/.test(cell) ? cell.slice(1, -1).replaceAll('""', '"') : null;
  }

  function sendRows(text) {
    if (text.length > MOST) return ig.toast(ig.given.words.paste_too_long, "error");
    for (let at = 0; at < text.length; at += PART)
      emitEvent("ig-paste", { text: text.slice(at, at + PART), last: at + PART >= text.length });
  }

  document.addEventListener("paste", (event) => {
    if (!ig.grid) return;
    const text = event.clipboardData.getData("text/plain");
    if (event.target.closest?.(".ig-mono") && text.length > PART) {
      event.preventDefault();
      return sendRows(text);
    }
    if (ig.inField(event)) return;
    const one = lone(text);
    if (one === null) return sendRows(text);
    const cell = ig.grid.getFocusedCell();
    const node = cell && ig.rowAt(cell);
    if (node && cell.column.isCellEditable(node)) node.setDataValue(cell.column, one);
  });

  // A cell that a spreadsheet would run gets an apostrophe, which pasting takes away again.
  const quoted = (value) => {
    const text = String(value ?? "").replace(/^(?=[=+@-]|'[=+@-])/, "'");
    return /[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };

  document.addEventListener("copy", (event) => {
    if (!ig.grid || ig.inField(event) || String(getSelection())) return;
    const rows = ig.grid.getSelectedRows();
    const cell = ig.grid.getFocusedCell();
    const names = ["id", ...ig.given.languages, ...COPIED];
    let text = "";
    if (rows.length) text = [names, ...rows.map((row) => names.map((name) => row[name]))].map((line) => line.map(quoted).join("\t")).join("\n");
    else if (cell && ig.atHand()) text = quoted(ig.atHand()[cell.column.getColId()]);
    if (!text) return;
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
  });
})();
