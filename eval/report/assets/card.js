// One item as a card: its segments side by side, its findings, its error, its JSON.
// Keys of a record are those of eval/report/payload.py.

const NAMES = {
  answer_text: "answer", answer_span: "answer span", answer_label: "answer label",
  text_list: "texts", inline_options: "question and options", messages: "message", turn: "turn",
  code: "code", solution: "solution",
};

const SIDES = { Source: "source", Translation: "target", "Back-translation": "back",
  Reference: "reference" };

// What a person calls a segment: "option A", "turn 2", or the name of its field.
function segmentNames(segments) {
  const seen = new Map();
  const total = new Map();
  for (const [, kind] of segments) total.set(kind, (total.get(kind) || 0) + 1);
  return segments.map(([id, kind]) => {
    const nth = seen.get(kind) || 0;
    seen.set(kind, nth + 1);
    const field = id.replace(/\[\d+\]/g, "").split(".").filter(Boolean).at(-1) || id;
    if (kind === "option") {
      return /^[A-Za-z]$/.test(field) ? `option ${field.toUpperCase()}` : `option ${letter(nth)}`;
    }
    if (!(kind in NAMES)) return field.replace(/_/g, " ");
    return total.get(kind) > 1 ? `${NAMES[kind]} ${nth + 1}` : NAMES[kind];
  });
}

function letter(index) {
  return index < 26 ? String.fromCharCode(65 + index) : String(index + 1);
}

function readFindings(record) {
  return (record.f || []).map((f, k) => ({
    k, n: k + 1, row: `f-${record.i}-${k}`, check: f[0], severity: f[1], hard: Boolean(f[2]),
    segment: f[3], message: f[4], sourceSpan: f[5], targetSpan: f[6], expected: f[7], found: f[8],
  }));
}

// view: {needle, check, diff, alike, source, target, engine} - what to emphasise, whether the sides
// are written alike, their language tags, and the engine where the page shows several runs
function itemCard(record, view) {
  const findings = readFindings(record);
  const names = segmentNames(record.s);
  const known = new Set(record.s.map(([id]) => id));
  const loose = findings.filter((finding) => !known.has(finding.segment));
  const card = el("article", { class: `card v-${record.v}`, id: `item-${record.i}`,
    tabindex: "-1", "aria-label": `Item ${record.d}` }, cardHead(record, findings, view));
  Object.assign(card, { findings, view });
  if (record.e) card.append(errorBox(record.e));
  if (record.s.length) {
    const rows = record.s.map((segment, at) => segmentRow(
      record, segment, names[at], findings.filter((f) => f.segment === segment[0]), view));
    card.append(el("div", { class: "segments" }, ...rows));
  }
  if (loose.length) {
    card.append(el("div", { class: "whole" }, el("h4", {}, "The whole item"),
      findingList(loose, view)));
  }
  if (record.t) card.append(termList(record.t, view));
  card.append(...[timeline(record.w), measured(record)].filter(Boolean));
  card.append(cardFoot(record, view));
  return card;
}

function cardHead(record, findings, view) {
  const tag = (kind) => {
    const names = findings.filter((f) => f.hard === (kind === "hard")).map((f) => f.check);
    if (!names.length) return null;
    return el("span", { class: `tag ${kind}`, title: `${names.length} ${kind}` }, icon(kind),
      [...new Set(names)].join(", "));
  };
  return el("header", { class: "card-head" },
    el("span", { class: `verdict v-${record.v}` }, icon(record.v), record.v),
    el("h3", {}, el("a", { href: `#item=${record.i}`, title: "Link to this item" },
      visible(record.d))),
    tag("hard"), tag("soft"), itemScores(record),
    view.engine ? el("span", { class: "run", title: view.engine },
      `${view.source} → ${view.target}`) : null,
    el("span", { class: "index", title: "Position in the input, from 0" }, `index ${record.i}`));
}

function errorBox([code, detail, remedy]) {
  return el("div", { class: "error" },
    el("p", {}, el("code", {}, code), " ", visible(detail)),
    el("p", { class: "remedy" }, el("strong", {}, "What to do: "), visible(remedy)));
}

function segmentRow(record, [id, kind, source, target, back, scores, reference], name, findings, view) {
  const way = view.diff && view.alike ? changes(source, target) : { source: [], target: [] };
  const round = view.diff && back ? wordChanges(source, back) : { source: [], target: [] };
  const side = (text, span, tag, ranges, label) => sideBox({
    text, tag, label, code: kind === "code", needle: view.needle, ranges,
    findings: findings.map((finding) => ({ ...finding, span: span ? finding[span] : null })),
  });
  const missing = target === "" && source !== "" && record.v === "failed";
  return el("section", { class: `segment k-${kind}`, "aria-label": name },
    el("div", { class: "label" }, el("h4", { title: `${id} (${kind})` }, name),
      segmentScores(scores, record.s.length === 1)),
    side(source, "sourceSpan", view.source, { changed: way.source, lost: round.source }, "Source"),
    missing ? el("div", { class: "side target none" }, "no translation")
      : side(target, "targetSpan", view.target, { changed: way.target }, "Translation"),
    typeof reference === "string"
      ? side(reference, null, view.target, {}, "Reference") : null,
    typeof back === "string"
      ? side(back, null, view.source, { new: round.target }, "Back-translation") : null,
    findings.length ? findingList(findings, view) : null);
}

function sideBox(side) {
  const classes = ["side", SIDES[side.label], side.code ? "code" : ""];
  const box = el("div", { class: classes.join(" ").trim(), lang: side.tag, dir: "auto" });
  const fill = (text) => box.replaceChildren(
    el("span", { class: "side-name", lang: "en" }, `${side.label} · ${side.tag}`),
    markedText({ ...side, text }));
  if (side.text.length <= LONGEST) {
    fill(side.text);
    return box;
  }
  const start = shortened(side.text, LONGEST);
  fill(start);
  const more = el("button", { type: "button", class: "more", lang: "en" },
    `… show ${(side.text.length - start.length).toLocaleString("en")} more characters`);
  more.addEventListener("click", () => fill(side.text), { once: true });
  box.append(more);
  return box;
}

function findingList(findings, view) {
  return el("ul", { class: "findings" }, ...findings.map((finding) => {
    const kind = finding.hard ? "hard" : "soft";
    const dim = view.check && finding.check !== view.check;
    return el("li", { class: `finding ${kind}${dim ? " dim" : ""}`, id: finding.row,
      tabindex: "-1", "data-f": finding.k }, ...findingText(finding, view));
  }));
}

// The same words in the list under a segment and in the bubble at a mark.
function findingText(finding, view) {
  const kind = finding.hard ? "hard" : "soft";
  const quoted = (name, text) => text === null || text === undefined ? null
    : el("span", { class: "quoted" }, el("span", { class: "quoted-name" }, name),
      el("q", { lang: view.target },
        visible(shortened(text, QUOTED)) + (text.length > QUOTED ? " …" : "")));
  return [
    el("span", { class: `number ${kind}` }, String(finding.n)),
    el("span", { class: "what" },
      el("span", { class: `check ${kind}` }, icon(kind), finding.check),
      el("span", { class: "severity" }, `${finding.severity}, ${kind}`), " ",
      el("span", { class: "message" }, visible(finding.message)), " ",
      quoted("expected", finding.expected), " ", quoted("found", finding.found)),
  ];
}

// What became of the glossary's terms: what stands in the translation, or should.
function termList(terms, view) {
  return el("ul", { class: "terms", "aria-label": "Terms" }, ...terms.map(
    ([term, outcome, strength, expected, found]) => el("li", { class: `term ${outcome}`,
      title: `${outcome} (${strength}); the glossary says: ${expected || "no translation"}` },
    el("span", { lang: view.source }, visible(term)), " → ",
    el("span", { lang: view.target }, visible(found || expected || "?")),
    outcome === "applied" ? null : el("span", { class: "outcome" }, ` ${outcome}`))));
}

function cardFoot(record, view) {
  const [calls, prompt, completion, seconds, candidates, chosen, sha256, effort] = record.p;
  const rows = [
    ["calls", calls], ["prompt tokens", prompt], ["completion tokens", completion],
    ["seconds", seconds], ["effort", effort], ["candidates", candidates], ["chosen", chosen],
    ["source SHA-256", sha256], ["signature", record.g],
    ...(record.w || []).map((stage) => [legend.steps[stage[0]], stageCost(stage)]),
  ].filter(([, value]) => value !== null && value !== undefined);
  const foot = el("footer", { class: "card-foot" });
  if (record.j !== undefined) {
    foot.append(lazy("Translated item (JSON)", () =>
      el("pre", { class: "code", lang: view.target }, visible(indented(record.j)))));
  }
  foot.append(lazy("Provenance", () => el("dl", { class: "provenance" },
    ...rows.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, String(value))]))));
  return foot;
}

function lazy(summary, content) {
  const details = el("details", {}, el("summary", {}, summary));
  details.addEventListener("toggle", () => details.append(content()), { once: true });
  return details;
}
