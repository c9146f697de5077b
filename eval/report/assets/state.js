// What is shown: read from and written to the URL's hash, and applied to the records.

const PAGE = 50;
const FAILURE = "error:"; // a failure's code is filtered like a check
const RANK = { failed: 0, flagged: 1 };

// v: verdicts, check, run: its number, q: free text, sort: worst | input, page: from 1, diff, item: index to open
function readState(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const item = given.get("item");
  const run = given.get("run");
  return {
    v: new Set((given.get("v") || "").split(",").filter(Boolean)),
    check: given.get("check") || "",
    run: run === null ? null : Number(run),
    q: given.get("q") || "",
    sort: given.get("sort") === "input" ? "input" : "worst",
    page: Math.max(1, Number.parseInt(given.get("page"), 10) || 1),
    diff: given.get("diff") === "1",
    item: item === null ? null : Number(item),
  };
}

function writeState(state) {
  const given = new URLSearchParams();
  if (state.v.size) given.set("v", [...state.v].join(","));
  if (state.check) given.set("check", state.check);
  if (state.run !== null) given.set("run", state.run);
  if (state.q) given.set("q", state.q);
  if (state.sort !== "worst") given.set("sort", state.sort);
  if (state.page > 1) given.set("page", state.page);
  if (state.diff) given.set("diff", "1");
  if (state.item !== null) given.set("item", state.item);
  return `#${given.toString() || "v="}`; // never a bare "#": browsers scroll up for it
}

// Names a record can be filtered by: its checks, and its error's code.
function causes(record) {
  const names = new Set((record.f || []).map((finding) => finding[0]));
  if (record.e) names.add(FAILURE + record.e[0]);
  return names;
}

function prepare(records) {
  for (const record of records) {
    record.causes = causes(record);
    record.hard = (record.f || []).reduce((sum, finding) => sum + finding[2], 0);
  }
  const weight = (r) => [RANK[r.v] ?? 2, -r.hard, -(r.f || []).length, r.i];
  const worst = records.map((record) => [weight(record), record]);
  worst.sort(([a], [b]) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3]);
  return { input: records, worst: worst.map(([, record]) => record) };
}

function contains(record, needle) {
  // Lower case of all texts is kept from the first search on: building it is the slow part.
  record.low ??= [record.d, ...record.s.flatMap(([, , source, target]) => [source, target])]
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
  for (const record of orders[state.sort]) {
    if (needle && !contains(record, needle)) continue;
    if (state.run !== null && state.run !== (record.r || 0)) continue;
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
