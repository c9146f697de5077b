// What is shown: read from and written to the URL's hash, and applied to the records.

const PAGE = 50;
const FAILURE = "error:"; // a failure's code is filtered like a check
const RANK = { failed: 0, flagged: 1 };

// v: verdicts, check, run: its number, c: group, s: range of a score, q: free text,
// sort: worst | input | key of a score, page: from 1, diff, item: index to open
function readState(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const item = given.get("item");
  const run = given.get("run");
  return {
    v: new Set((given.get("v") || "").split(",").filter(Boolean)),
    check: given.get("check") || "",
    run: run === null ? null : Number(run),
    q: given.get("q") || "",
    c: given.get("c") || "",
    s: readRange(given.get("s")),
    sort: orders.has(given.get("sort")) ? given.get("sort") : "worst",
    page: Math.max(1, Number.parseInt(given.get("page"), 10) || 1),
    diff: given.has("diff") ? given.get("diff") === "1" : legend.back,
    item: item === null ? null : Number(item),
  };
}

function writeState(state) {
  const given = new URLSearchParams();
  if (state.v.size) given.set("v", [...state.v].join(","));
  if (state.check) given.set("check", state.check);
  if (state.run !== null) given.set("run", state.run);
  if (state.c) given.set("c", state.c);
  if (state.s) given.set("s", state.s.text);
  if (state.q) given.set("q", state.q);
  if (state.sort !== "worst") given.set("sort", state.sort);
  if (state.page > 1) given.set("page", state.page);
  if (state.diff !== legend.back) given.set("diff", Number(state.diff));
  if (state.item !== null) given.set("item", state.item);
  return `#${given.toString() || "v="}`; // never a bare "#": browsers scroll up for it
}

// Names a record can be filtered by: its checks, and its error's code.
function causes(record) {
  const names = new Set((record.f || []).map((finding) => finding[0]));
  if (record.e) names.add(FAILURE + record.e[0]);
  return names;
}

// The records in every order there is; each is made when it is first asked for.
function prepare(records) {
  for (const record of records) {
    record.causes = causes(record);
    record.hard = (record.f || []).reduce((sum, finding) => sum + finding[2], 0);
  }
  const lead = (r) => legend.order.length ? badness(r, legend.order[0]) : 0;
  const weights = new Map(legend.scores.map(({ key }, at) => [key, (r) => [badness(r, at)]]));
  weights.set("worst", (r) => [RANK[r.v] ?? 2, -r.hard, lead(r), -(r.f || []).length]);
  const made = new Map([["input", records]]);
  return {
    count: records.length,
    has: (name) => made.has(name) || weights.has(name),
    get: (name) => {
      if (!made.has(name)) made.set(name, sorted(records, weights.get(name)));
      return made.get(name);
    },
  };
}

// By the first weight that differs; as they come where all are equal.
function sorted(records, weights) {
  const weighed = records.map((record) => [weights(record), record]);
  weighed.sort(([a], [b]) => {
    for (let at = 0; at < a.length; at += 1) {
      if (a[at] !== b[at]) return a[at] < b[at] ? -1 : 1;
    }
    return 0;
  });
  return weighed.map(([, record]) => record);
}

function contains(record, needle) {
  // Lower case of all texts is kept from the first search on: building it is the slow part.
  record.low ??= [record.d, ...record.s.flatMap(([, , source, target, back]) => [source, target, back])]
    .join("\u0000").toLowerCase();
  return record.low.includes(needle);
}

// The records to show, and how many there would be for each verdict and each cause if only that
// filter were changed.
function applyFilters(orders, state) {
  const needle = state.q.toLowerCase();
  const shown = [];
  const verdicts = new Map();
  const found = new Map();
  const add = (map, key) => map.set(key, (map.get(key) || 0) + 1);
  let afterText = 0;
  for (const record of orders.get(state.sort)) {
    if (needle && !contains(record, needle)) continue;
    if (state.run !== null && state.run !== (record.r || 0)) continue;
    if (state.c && state.c !== legend.groups[record.c]) continue;
    if (state.s && !inRange(record, state.s)) continue;
    const verdict = !state.v.size || state.v.has(record.v);
    const cause = !state.check || record.causes.has(state.check);
    if (cause) { add(verdicts, record.v); afterText += 1; }
    if (verdict) record.causes.forEach((name) => add(found, name));
    if (verdict && cause) shown.push(record);
  }
  return { shown, verdicts, causes: found, needle, anyVerdict: afterText };
}

// Where each shown item's findings start in the walk from finding to finding.
function findingWalk(shown, check) {
  const stops = [];
  shown.forEach((record, position) => {
    (record.f || []).forEach((finding, k) => {
      if (!check || check.startsWith(FAILURE) || finding[0] === check) {
        stops.push({ record, position, k });
      }
    });
  });
  return stops;
}
