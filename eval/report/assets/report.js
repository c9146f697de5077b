// The page: draws one page of items for the state in the URL's hash.

const get = (id) => document.getElementById(id);
const list = get("list");
const bubble = get("bubble");
const runs = JSON.parse(document.body.dataset.runs).map(([source, target, engine]) =>
  ({ source, target, engine, alike: source.slice(0, 2) === target.slice(0, 2) }));
const orders = prepare(JSON.parse(get("records").textContent));
get("records").remove(); // the text has been read; its memory is better spent
let state = readState(location.hash);
let result = null;
let stops = [];
let at = -1; // place in the walk
let toList = false; // a link in the charts was followed: bring the list into view

function number(value) {
  return value.toLocaleString("en");
}

function go(changed, { quietly = false } = {}) {
  const next = writeState({ ...state, page: 1, item: null, ...changed });
  if (next === location.hash) draw();
  else if (quietly) location.replace(next);
  else location.hash = next;
}

function draw() {
  state = readState(location.hash);
  result = applyFilters(orders, state);
  stops = findingWalk(result.shown, state.check);
  at = -1;
  if (state.item !== null) {
    const position = result.shown.findIndex((record) => record.i === state.item);
    if (position >= 0) state.page = 1 + Math.floor(position / PAGE);
  }
  state.page = Math.min(state.page, Math.max(1, Math.ceil(result.shown.length / PAGE)));
  drawControls();
  drawPage();
  if (toList) get("items").scrollIntoView();
  toList = false;
  if (state.item !== null) get(`item-${state.item}`)?.focus();
}

function drawPage() {
  hideBubble();
  const from = (state.page - 1) * PAGE;
  const cards = result.shown.slice(from, from + PAGE).map((record) => {
    const run = runs[record.r || 0];
    return itemCard(record, { needle: result.needle, check: state.check, source: run.source,
      target: run.target, engine: runs.length > 1 ? run.engine : null,
      diff: state.diff, alike: run.alike });
  });
  if (cards.length) list.replaceChildren(...cards);
  else {
    list.replaceChildren(el("p", { class: "empty" }, "No item matches. ",
      el("a", { href: "#v=" }, "Clear the filters")));
  }
  drawPager(from, cards.length);
}

function drawControls() {
  const all = orders.count;
  get("shown").textContent = result.shown.length === all ? `${number(all)} items`
    : `${number(result.shown.length)} of ${number(all)}`;
  get("clear").hidden = !(state.v.size || state.check || state.q || state.c || state.s
    || state.run !== null);
  get("range").hidden = !state.s;
  get("range").textContent = state.s ? `${rangeText(state.s)} ×` : "";
  for (const button of document.querySelectorAll("[data-verdict]")) {
    const name = button.dataset.verdict;
    button.setAttribute("aria-pressed", String(state.v.has(name)));
    button.querySelector(".count").textContent = number(result.verdicts.get(name) || 0);
  }
  for (const option of get("check").options) {
    const count = option.value ? result.causes.get(option.value) || 0 : null;
    option.textContent = count === null ? "All checks"
      : `${option.value.replace(FAILURE, "failed: ")} (${number(count)})`;
  }
  get("check").value = state.check;
  get("run-filter").value = state.run ?? "";
  get("group").value = state.c;
  get("sort").value = state.sort;
  if (get("diff")) get("diff").checked = state.diff;
  if (document.activeElement !== get("q")) get("q").value = state.q;
  drawWalk();
}

function drawWalk() {
  get("where").textContent = stops.length
    ? `${at < 0 ? "–" : number(at + 1)} / ${number(stops.length)}` : "none";
  get("previous").disabled = get("next").disabled = !stops.length;
}

function drawPager(from, count) {
  const pages = Math.ceil(result.shown.length / PAGE);
  const button = (label, page, name) => {
    const node = el("button", { type: "button", "aria-label": name, disabled: page < 1 ||
      page > pages || page === state.page }, label);
    node.addEventListener("click", () => {
      toList = true;
      go({ page });
    });
    return node;
  };
  get("pager").hidden = pages < 2;
  get("pager").replaceChildren(
    button("«", 1, "First page"), button("‹", state.page - 1, "Previous page"),
    el("span", {}, `${number(from + 1)}–${number(from + count)} of ${number(result.shown.length)}`),
    button("›", state.page + 1, "Next page"), button("»", pages, "Last page"));
}

// From finding to finding, over page borders.
function step(direction) {
  if (!stops.length) return;
  if (at < 0) {
    // The walk starts at the page in view.
    const next = stops.findIndex((stop) => stop.position >= (state.page - 1) * PAGE);
    const first = next < 0 ? stops.length : next;
    at = direction > 0 ? first - 1 : first;
  }
  at = (at + direction + stops.length) % stops.length;
  const { record, position, k } = stops[at];
  const page = 1 + Math.floor(position / PAGE);
  if (page !== state.page) {
    state.page = page;
    state.item = null;
    drawPage();
    history.replaceState(null, "", writeState(state)); // no hashchange: the walk goes on
  }
  const card = get(`item-${record.i}`);
  const place = card.querySelector(`.target mark[tabindex][data-f~="${k}"]`)
    || card.querySelector(`mark[tabindex][data-f~="${k}"]`) || get(`f-${record.i}-${k}`);
  place.focus({ preventScroll: true });
  place.scrollIntoView({ block: "center" });
  light(place, [String(k)]); // only this one, where marks overlap
  hideBubble(); // its row is in view as well
  drawWalk();
}

// A finding's marks on both sides and its row light up together.
function light(node, only = null) {
  for (const other of list.querySelectorAll(".lit")) other.classList.remove("lit");
  const own = node?.closest("[data-f]");
  if (!own) return hideBubble();
  const card = own.closest(".card");
  const numbers = only || own.dataset.f.split(" ");
  for (const k of numbers) {
    card.querySelectorAll(`[data-f~="${k}"]`).forEach((other) => other.classList.add("lit"));
  }
  return own.matches("mark") ? showBubble(own, card, numbers) : hideBubble();
}

function showBubble(mark, { findings, view }, numbers) {
  bubble.replaceChildren(...numbers.map((k) =>
    el("div", { class: "finding" }, ...findingText(findings[Number(k)], view))));
  bubble.hidden = false;
  const place = mark.getClientRects()[0] || mark.getBoundingClientRect();
  const { width, height } = bubble.getBoundingClientRect();
  const left = Math.min(Math.max(8, place.left - 12), innerWidth - width - 8);
  const below = place.top < height + 16; // above, where it does not cover the list of findings
  bubble.style.left = `${Math.max(8, left)}px`;
  bubble.style.top = `${below ? place.bottom + 8 : place.top - height - 8}px`;
}

function hideBubble() {
  bubble.hidden = true;
}

function listen() {
  addEventListener("hashchange", draw);
  addEventListener("scroll", hideBubble, { passive: true });
  list.addEventListener("pointerover", (event) => light(event.target));
  list.addEventListener("pointerleave", () => light(null));
  list.addEventListener("focusin", (event) => {
    light(event.target);
    const card = event.target.closest(".card");
    const own = event.target.closest("[data-f]");
    if (!own) return;
    const k = Number(own.dataset.f.split(" ")[0]);
    const found = stops.findIndex((s) => card.id === `item-${s.record.i}` && s.k === k);
    const here = stops[at];
    const same = here && card.id === `item-${here.record.i}`
      && own.matches(`[data-f~="${here.k}"]`);
    if (found >= 0 && !same) { at = found; drawWalk(); }
  });
  list.addEventListener("focusout", () => light(null));
  let typing = 0;
  get("q").addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => go({ q: get("q").value.trim() }, { quietly: true }), 150);
  });
  get("check").addEventListener("change", (event) => go({ check: event.target.value }));
  get("run-filter").addEventListener("change", (event) =>
    go({ run: event.target.value === "" ? null : Number(event.target.value) }));
  get("group").addEventListener("change", (event) => go({ c: event.target.value }));
  get("range").addEventListener("click", () => go({ s: null }));
  get("sort").addEventListener("change", (event) => go({ sort: event.target.value }));
  get("diff")?.addEventListener("change", (event) =>
    go({ diff: event.target.checked, page: state.page }));
  get("clear").addEventListener("click", () => {
    get("q").value = "";
    go({ v: new Set(), check: "", q: "", c: "", s: null, run: null });
  });
  get("previous").addEventListener("click", () => step(-1));
  get("next").addEventListener("click", () => step(1));
  for (const button of document.querySelectorAll("[data-verdict]")) {
    button.addEventListener("click", () => {
      const v = new Set(state.v);
      if (!v.delete(button.dataset.verdict)) v.add(button.dataset.verdict);
      go({ v });
    });
  }
  for (const link of document.querySelectorAll("a[data-jump]")) {
    link.addEventListener("click", () => {
      toList = true;
      if (link.getAttribute("href") === location.hash) draw(); // also of links inside of charts
    });
  }
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") hideBubble();
    if (event.ctrlKey || event.metaKey || event.altKey
      || event.target.matches?.("input, select, textarea")) return;
    if (event.key === "n") step(1);
    else if (event.key === "p") step(-1);
    else if (event.key === "/") { event.preventDefault(); get("q").focus(); }
  });
}

listen();
get("items").hidden = false; // before drawing: what is hidden cannot take the focus
draw();
