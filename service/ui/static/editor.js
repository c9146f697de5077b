// The grid of the editor: rows come by fetch, edits go out as events, answers come as calls.
(() => {
  const ig = (window.isogloss = window.isogloss || {});
  let api, cfg, base, commit, turn = 0, focused = null;
  let draft = {};

  const isDraft = (p) => p.node?.rowPinned === "top";
  const word = (key) => cfg.words[key] ?? key;

  // As a dictionary of the language orders them, with numbers by value and empty cells last.
  function ordered(language) {
    const { compare } = new Intl.Collator(language, { numeric: true });
    return (a, b, _nodeA, _nodeB, descending) => {
      if (a && b) return compare(a, b);
      return a === b || (!a && !b) ? 0 : (a ? -1 : 1) * (descending ? -1 : 1);
    };
  }

  const listed = (values) => (a, b) => values.indexOf(a) - values.indexOf(b);

  function unpack(cells) {
    const row = {};
    cfg.columns.forEach((name, i) => (row[name] = cells[i]));
    for (const lang of cfg.languages) {
      const [text, status, others, banned] = row[lang] || ["", "", [], []];
      row[lang] = text;
      row[lang + "_"] = { status, others, banned };
    }
    return row;
  }

  function span(kind, text, title) {
    const element = document.createElement("span");
    element.className = kind;
    element.textContent = text;
    if (title) element.title = title;
    return element;
  }

  function termCell(p) {
    const box = span("ig-term", "");
    if (isDraft(p)) {
      box.append(span(p.value ? "" : "ig-hint", p.value || word("new_term")));
      return box;
    }
    const more = p.data[p.colDef.field + "_"];
    if (p.value) box.append(span(`ig-text ig-s-${more.status}`, p.value));
    if (more.others.length) box.append(span("ig-others", `+${more.others.length}`, more.others.join(" · ")));
    if (more.banned.length) box.append(span("ig-banned", more.banned.join(" · "), word("banned")));
    return box;
  }

  function statusCell(p) {
    return p.value ? span(`ig-status ig-s-${p.value}`, word("status_" + p.value)) : span("", "");
  }

  function changedCell(p) {
    if (!p.value) return span("", "");
    const when = new Date(p.value);
    const day = when.toLocaleDateString(cfg.locale, { month: "short", day: "numeric" });
    const box = span("ig-changed", "", `${when.toLocaleString(cfg.locale)} · ${p.data.changed_by}`);
    box.append(span("", p.data.changed_by), span("ig-faint", ` ${day}`));
    return box;
  }

  function openCell(p) {
    const button = document.createElement("button");
    button.className = "ig-open material-icons";
    button.tabIndex = -1;
    button.textContent = isDraft(p) ? "check" : "chevron_right";
    button.title = isDraft(p) ? word("add") : word("open");
    button.onclick = (event) => {
      event.stopPropagation();
      isDraft(p) ? addDraft() : emitEvent("ig-open", p.data.id);
    };
    return button;
  }

  function columns() {
    const language = (lang) => ({
      field: lang,
      headerName: word("language_" + lang),
      minWidth: 172,
      flex: 1.4,
      cellClass: `ig-l-${lang}`,
      cellRenderer: termCell,
      comparator: ordered(lang),
      getQuickFilterText: (p) => [p.value, ...p.data[lang + "_"].others, ...p.data[lang + "_"].banned].join(" "),
      filterValueGetter: (p) => [p.data[lang], ...p.data[lang + "_"].others, ...p.data[lang + "_"].banned].join(" "),
    });
    const choice = (name, values, width, renderer) => ({
      field: name,
      width,
      cellRenderer: renderer,
      cellEditor: "agSelectCellEditor",
      cellEditorParams: { values },
      comparator: listed(values),
      valueFormatter: (p) => (p.value ? word(`${name}_${p.value}`) : name === "strength" && p.data?.id ? word("mixed") : ""),
      filterValueGetter: (p) => (p.data[name] ? word(`${name}_${p.data[name]}`) : word("mixed")),
      getQuickFilterText: () => "",
    });
    const inOrder = ordered(cfg.locale);
    const text = (name, width, more) => ({ field: name, width, comparator: inOrder, ...more });
    const long = { cellEditor: "agLargeTextCellEditor", cellEditorPopup: true, cellEditorParams: { maxLength: 4000, rows: 5, cols: 46 } };
    const shown = [
      { colId: "open", width: 44, pinned: "left", cellRenderer: openCell, editable: false, filter: false, sortable: false, resizable: false, cellClass: "ig-open-cell", suppressNavigable: true, headerName: "" },
      text("id", 130, { editable: false, hide: true }),
      ...cfg.languages.map(language),
      choice("status", cfg.statuses, 118, statusCell),
      text("domain", 134),
      choice("strength", cfg.strengths, 124),
      { field: "keep", width: 78, cellDataType: "boolean", cellRenderer: "agCheckboxCellRenderer", cellEditor: "agCheckboxCellEditor", filter: false },
      text("condition", 170, long),
      text("note", 150, long),
      text("benchmarks", 120),
      text("contrasts", 130),
      { field: "changed_at", width: 150, editable: false, cellRenderer: changedCell, filterValueGetter: (p) => `${p.data.changed_by} ${p.data.changed_at}`, getQuickFilterText: () => "" },
    ];
    return shown.map((column) => ({
      headerName: column.headerName ?? word("column_" + column.field),
      headerTooltip: cfg.words["about_" + column.field],
      ...column,
    }));
  }

  // Options that the grid must have before it is made; the page asks for them one by one.
  let options;
  ig.option = (key) => (options ??= make())[key];

  function make() {
    cfg = ig.given;
    return {
      columnDefs: columns(),
      defaultColDef: {
        editable: true,
        sortable: true,
        resizable: true,
        filter: "agTextColumnFilter",
        floatingFilter: true,
        suppressHeaderMenuButton: true,
        suppressHeaderFilterButton: true,
        filterParams: { buttons: ["reset"], debounceMs: 150 },
        suppressKeyboardEvent: (p) => {
          if (p.editing && p.event.key === "Enter" && isDraft(p) && !p.event.shiftKey) commit = true;
          const all = p.event.key.toLowerCase() === "a" && (p.event.ctrlKey || p.event.metaKey);
          return (p.event.key === " " || all) && !p.editing && !isDraft(p);
        },
      },
      getRowId: (p) => p.data.id || "draft",
      suppressFieldDotNotation: true,
      rowHeight: 34,
      headerHeight: 34,
      floatingFiltersHeight: 34,
      rowSelection: { mode: "multiRow", checkboxes: true, headerCheckbox: true, selectAll: "filtered", enableClickSelection: false },
      selectionColumnDef: { pinned: "left", width: 40, suppressNavigable: true },
      cacheQuickFilter: true,
      singleClickEdit: false,
      stopEditingWhenCellsLoseFocus: true,
      enterNavigatesVerticallyAfterEdit: true,
      animateRows: false,
      tooltipShowDelay: 400,
      pinnedTopRowData: [emptyDraft(kept("draft"))],
      localeText: cfg.grid,
      rowClassRules: { "ig-proposed": (p) => p.data?.status === "proposed" },
      onGridReady: (p) => {
        api = p.api;
        ig.grid = api;
        ig.load();
      },
      onCellEditingStarted: (e) => (base = { id: e.data.id, version: e.data.version }),
      onCellEditingStopped: (e) => {
        setTimeout(() => (base = null), 0);
        if (isDraft(e)) {
          kept("draft", typed());
          if (commit) setTimeout(addDraft, 0);
        }
        commit = false;
      },
      onCellValueChanged: changed,
      onCellFocused: (e) => follow(e),
      onModelUpdated: count,
      onSelectionChanged: () => ig.selected(),
    };
  }

  // The first key of an input method opens the cell, as a letter does.
  ig.compose = () => {
    const cell = api?.getFocusedCell();
    const node = cell && ig.rowAt(cell);
    if (!node || cell.column.getColDef().cellEditor === "agSelectCellEditor" || !cell.column.isCellEditable(node)) return;
    api.startEditingCell({ rowIndex: cell.rowIndex, rowPinned: cell.rowPinned, colKey: cell.column });
  };

  ig.begin = () => api.startEditingCell({ rowIndex: 0, rowPinned: "top", colKey: cfg.languages[0] });

  function emptyDraft(said) {
    draft = { id: "", version: 0, keep: false, status: "", strength: "", ...said };
    for (const lang of cfg.languages) draft[lang + "_"] = { status: "", others: [], banned: [] };
    return draft;
  }

  // What was typed and is not known to be saved outlives the page: a laptop sleeps, a service
  // starts anew. An edit says the version that it was made from, so sending it twice is harmless.
  function kept(what, value) {
    const key = `isogloss.${what}.${cfg.url}`;
    if (value === undefined) return JSON.parse(sessionStorage.getItem(key) || "null");
    const some = value && (Array.isArray(value) ? value.length : Object.keys(value).length);
    some ? sessionStorage.setItem(key, JSON.stringify(value)) : sessionStorage.removeItem(key);
  }

  let waitingEdits = [];
  function send(edit) {
    waitingEdits.push(edit);
    kept("edits", waitingEdits);
    emitEvent("ig-cell", edit);
  }
  ig.settled = (number) => {
    waitingEdits = waitingEdits.filter((edit) => edit.number !== number);
    kept("edits", waitingEdits);
  };
  let again = true;
  function sendAgain() {
    const lost = (again && kept("edits")) || []; // later ones are on their way
    again = false;
    lost.forEach(send);
    if (lost.length) ig.toast(word("sent_again").replace("{n}", lost.length), "warn");
  }

  function changed(e) {
    if (isDraft(e)) return;
    const column = e.column.getColId();
    if ((e.oldValue ?? "") === (e.newValue ?? "")) return;
    const version = base?.id === e.data.id ? base.version : e.data.version;
    const number = `${Date.now()}.${waitingEdits.length}`;
    send({ number, id: e.data.id, version, column, value: e.newValue ?? "" });
  }

  function typed() {
    const values = {};
    for (const name of cfg.columns) if (draft[name]) values[name] = draft[name];
    return values;
  }

  function addDraft() {
    if (cfg.languages.some((lang) => draft[lang])) emitEvent("ig-add", typed());
  }

  // The page says that the new concept is saved: the empty row is ready for the next.
  ig.added = (cells) => {
    kept("draft", null);
    api.setGridOption("pinnedTopRowData", [emptyDraft()]);
    ig.update([cells], false);
    api.setFocusedCell(0, cfg.languages[0], "top");
  };

  ig.load = async () => {
    const mine = ++turn;
    let offset = 0;
    api.setGridOption("loading", true);
    for (;;) {
      const answer = await fetch(`${cfg.url}?offset=${offset}&limit=${offset ? 10000 : 2000}`);
      if (mine !== turn) return;
      if (!answer.ok) {
        api.setGridOption("loading", false);
        return ig.toast(word("not_loaded"), "error");
      }
      const page = await answer.json();
      if (mine !== turn) return;
      const rows = page.rows.map(unpack);
      if (offset === 0) {
        api.setGridOption("rowData", rows);
        api.setGridOption("loading", false);
        emitEvent("ig-loading", page.version);
      } else {
        api.applyTransaction({ add: rows.filter((row) => !api.getRowNode(row.id)) });
      }
      if (offset === 0) sendAgain();
      offset += rows.length;
      if (!rows.length || offset >= page.total) break;
    }
    document.body.dataset.loaded = String(offset);
    count();
    if (wanted) ig.show(wanted);
  };

  ig.update = (packed, flash) => {
    const rows = packed.map(unpack);
    const known = rows.filter((row) => api.getRowNode(row.id));
    const fresh = rows.filter((row) => !api.getRowNode(row.id));
    api.applyTransaction({ update: known, add: fresh });
    const rowNodes = rows.map((row) => api.getRowNode(row.id)).filter(Boolean);
    api.refreshCells({ rowNodes, force: true });
    if (flash) api.flashCells({ rowNodes });
  };

  ig.remove = (ids) =>
    api.applyTransaction({ remove: ids.filter((id) => api.getRowNode(id)).map((id) => ({ id })) });

  ig.search = (text) => api?.setGridOption("quickFilterText", text || "");
  ig.clear = () => {
    api.setFilterModel(null);
    api.applyColumnState({ defaultState: { sort: null } });
  };
  // A row that is still on its way is shown when all are there.
  let wanted = "";
  ig.show = (id) => {
    const node = api.getRowNode(id);
    wanted = node || document.body.dataset.loaded ? "" : id;
    if (!node) return;
    api.ensureNodeVisible(node, "middle");
    api.setFocusedCell(node.rowIndex, cfg.languages[0]);
  };
  ig.only = (status) => {
    api.setFilterModel(status ? { status: { filterType: "text", type: "equals", filter: word("status_" + status) } } : null);
  };

  function count() {
    const field = document.querySelector(".ig-rows");
    if (!field || !api) return;
    let all = 0;
    api.forEachNode(() => all++);
    const shown = api.getDisplayedRowCount();
    const number = (n) => n.toLocaleString(cfg.locale);
    field.textContent = shown === all ? number(all) : `${number(shown)} / ${number(all)}`;
    document.querySelector(".ig-grid-page").classList.toggle("ig-no-match", all > 0 && !shown);
  }

  ig.selected = () => {
    const rows = api.getSelectedRows().length;
    document.querySelector(".ig-grid-page")?.classList.toggle("ig-some", rows > 0);
    const field = document.querySelector(".ig-chosen");
    if (field) field.textContent = rows || "";
  };

  function atHand() {
    const cell = api.getFocusedCell();
    const node = cell && !cell.rowPinned ? api.getDisplayedRowAtIndex(cell.rowIndex) : null;
    return node?.data;
  }

  // Selected rows, or else the one with the focus, as {id: version}.
  ig.delete = () => {
    const rows = api.getSelectedRows();
    const row = atHand();
    const which = rows.length ? rows : row ? [row] : [];
    if (which.length) emitEvent("ig-delete", Object.fromEntries(which.map((r) => [r.id, r.version])));
  };

  let waiting;
  function follow(e) {
    const row = e.rowPinned ? null : api.getDisplayedRowAtIndex(e.rowIndex)?.data;
    if (!row || row.id === focused) return;
    focused = row.id;
    if (!document.querySelector(".ig-panel:not(.ig-hidden)")) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => emitEvent("ig-open", focused), 180);
  }

  ig.atHand = atHand;
  ig.rowAt = (cell) => (cell.rowPinned ? api.getPinnedTopRow(0) : api.getDisplayedRowAtIndex(cell.rowIndex));
})();
