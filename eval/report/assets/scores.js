// Scores and stages of an item. What many records share stands in the page's legend:
// scores: [{key, name, lower: is a low value bad?, digits}], order: in which they are shown (the
// first one sorts), reasons, groups, steps, outcomes, back: are there back-translations?

const legend = JSON.parse(document.body.dataset.legend);

// The item's own scores, for its head.
function itemScores(record) {
  const shown = legend.order.filter((at) => typeof record.m?.[at] === "number").map((at) => {
    const { key, name, digits } = legend.scores[at];
    return el("span", { title: `${key}: mean over the item's scored segments` }, `${name} `,
      el("b", {}, record.m[at].toFixed(digits)));
  });
  return shown.length ? el("span", { class: "item-scores" }, ...shown) : null;
}

// Those of a segment: a number is a score, [n] the nth reason why there is none.
// Of an item of one segment the head says them already.
function segmentScores(scores, alone) {
  const there = (at) => Array.isArray(scores?.[at]) || (!alone && typeof scores?.[at] === "number");
  const rows = legend.order.filter(there).map((at) => {
    const { key, name, digits } = legend.scores[at];
    const value = scores[at];
    return el("li", { title: key }, `${name} `, typeof value === "number"
      ? el("b", {}, value.toFixed(digits))
      : el("i", {}, `not scored: ${visible(legend.reasons[value[0]] || "no reason given")}`));
  });
  return rows.length ? el("ul", { class: "segment-scores" }, ...rows) : null;
}

// The steps of an item in their order, each with what came of it.
function timeline(stages) {
  if (!stages || stages.length < 2) return null;
  return el("ol", { class: "timeline", "aria-label": "Steps" }, ...stages.map((stage) => {
    const [step, outcome, , , , seconds, before, after, note] = stage;
    const name = legend.outcomes[outcome];
    const changed = before !== null && before !== undefined && after !== null
      && after !== undefined && before !== after;
    return el("li", { class: `came-${name}`, title: stageCost(stage) },
      icon(name), el("span", { class: "step" }, legend.steps[step]),
      name === "done" ? null : el("span", {}, name),
      seconds ? el("span", {}, `${seconds.toFixed(1)} s`) : null,
      changed ? el("span", { class: "change", title: "hard findings before and after" },
        `hard ${before} → ${after}`) : null,
      note ? el("span", { class: "note" }, visible(note)) : null);
  }));
}

function stageCost([, , calls, prompt, completion, seconds]) {
  const tokens = typeof prompt === "number" || typeof completion === "number"
    ? `${number((prompt ?? 0) + (completion ?? 0))} tokens` : "tokens not known";
  return `${number(calls)} ${calls === 1 ? "call" : "calls"}, ${calls ? `${tokens}, ` : ""}${
    seconds.toFixed(1)} s`;
}

// What a solver answered on each side, and what the way back made of a changed number.
function measured(record) {
  const counted = (answers) => Object.entries(answers)
    .map(([answer, times]) => `${visible(answer)} ×${times}`).join(", ") || "none";
  const rows = [];
  if (record.a) {
    const [outcome, times, source, target, note, back, backOutcome] = record.a;
    rows.push(el("li", {}, el("b", {}, `answers ${outcome}`), ` asked ${times} times a side: source `,
      `${counted(source)}; translation ${counted(target)}${note ? ` (${visible(note)})` : ""}`,
      back ? `; back-translation ${counted(back)} (${backOutcome})` : null));
  }
  if (record.b) {
    const [original, changed, back, result] = record.b;
    rows.push(el("li", {}, el("b", {}, `probe ${result.replace("_", " ")}`),
      ` ${visible(original)} was changed to ${visible(changed)}; the way back: `,
      el("q", {}, visible(shortened(back, QUOTED)))));
  }
  return rows.length ? el("ul", { class: "measured" }, ...rows) : null;
}

// A filter by score, as the address has it: KEY:from:to (to excluded) or KEY:none.
function readRange(text) {
  const [key, low, high] = (text || "").split(":");
  const at = legend.scores.findIndex((score) => score.key === key);
  if (at < 0) return null;
  if (low === "none") return { at, none: true, text };
  return { at, low: Number(low), high: Number(high), text };
}

function inRange(record, { at, none, low, high }) {
  if (none) return record.s.some((segment) => Array.isArray(segment[5]?.[at]));
  const value = record.m?.[at];
  return typeof value === "number" && low <= value && value < high;
}

function rangeText({ at, none, low, high }) {
  const { name, digits } = legend.scores[at];
  return none ? `${name} not scored` : `${name} ${low.toFixed(digits)} to ${high.toFixed(digits)}`;
}

// What to sort by so that the worst comes first; what was not scored comes last.
function badness(record, at) {
  const value = record.m?.[at];
  if (typeof value !== "number") return Infinity;
  return legend.scores[at].lower ? value : -value;
}
