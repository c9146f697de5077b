// Text with marks: findings, search hits and changed characters at their places.
// Everything counts in code points, as the checks do, and is written with text nodes only.

const SVG = "http://www.w3.org/2000/svg";
const LONGEST = 20000; // code units of a text shown before the reader asks for the rest
const QUOTED = 400; // code units of an expected or found text; the whole stands in its segment
const WORD = /(?:(?!\p{Script=Han})[\p{L}\p{M}\p{N}])+|\s+|./gsu;
const DIFF_CELLS = 1e6; // beyond this product of lengths changed characters are not looked for

function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? "" : value);
    }
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon ${name}`);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

// Control characters would be invisible: show their pictures (U+2400 to U+2421), one for one.
function visible(text) {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, (c) =>
    c === "\u007f" ? "\u2421" : String.fromCharCode(0x2400 + c.charCodeAt(0)));
}

function shortened(text, length) {
  if (text.length <= length) return text;
  // Never between the halves of a surrogate pair.
  return text.slice(0, length - (text.codePointAt(length - 1) > 0xffff ? 1 : 0));
}

// Cut [0, length) at every boundary of the ranges; each piece knows which ranges cover it.
// A range without width becomes a piece without width, before the text that starts there.
function pieces(length, ranges) {
  const cuts = new Set([0, length]);
  for (const range of ranges) cuts.add(range.start).add(range.end);
  const points = [...cuts].sort((a, b) => a - b);
  const found = [];
  points.forEach((point, at) => {
    const carets = ranges.filter((range) => range.start === point && range.end === point);
    if (carets.length) found.push({ start: point, end: point, covers: carets });
    const next = points[at + 1];
    if (next === undefined) return;
    const covers = ranges.filter((range) => range.start <= point && range.end >= next);
    found.push({ start: point, end: next, covers });
  });
  return found;
}

// side: {text, findings: [{k, hard, span, row}], needle, ranges: {class: [[start, end]]}}
function markedText(side) {
  const characters = Array.from(side.text);
  const within = (at) => Math.min(Math.max(at, 0), characters.length);
  const ranges = [];
  for (const finding of side.findings) {
    if (!finding.span) continue;
    const start = within(finding.span[0]);
    ranges.push({ finding, start, end: Math.max(start, within(finding.span[1])) });
  }
  const named = { ...side.ranges, hit: hits(characters, side.needle) };
  for (const [name, places] of Object.entries(named)) {
    for (const [start, end] of places || []) ranges.push({ name, start, end });
  }

  const nodes = pieces(characters.length, ranges);
  const last = new Map();
  for (const piece of nodes) {
    for (const { finding } of piece.covers) if (finding) last.set(finding, piece);
  }
  const reached = new Set();
  const fragment = document.createDocumentFragment();
  for (const piece of nodes) {
    const text = visible(characters.slice(piece.start, piece.end).join(""));
    fragment.append(pieceNode(text, piece, last, reached));
  }
  return fragment;
}

function pieceNode(text, piece, last, reached) {
  const findings = piece.covers.map((range) => range.finding).filter(Boolean);
  const classes = [...new Set(piece.covers.map((range) => range.name).filter(Boolean))];
  if (!findings.length) {
    return classes.length ? el("span", { class: classes.join(" ") }, text) : text;
  }
  const hard = findings.some((finding) => finding.hard);
  classes.push("mark", hard ? "hard" : "soft");
  if (hard && findings.some((finding) => !finding.hard)) classes.push("both");
  if (!text) classes.push("caret");
  // One tab stop for a finding on each side, however many pieces overlaps cut it into.
  const first = findings.some((finding) => !reached.has(finding));
  findings.forEach((finding) => reached.add(finding));
  const ending = findings.filter((finding) => last.get(finding) === piece);
  return el("mark", {
    class: classes.join(" "),
    tabindex: first ? "0" : null,
    "aria-describedby": findings.map((finding) => finding.row).join(" "),
    "data-f": findings.map((finding) => finding.k).join(" "),
    "data-n": ending.length ? ending.map((finding) => finding.n).join("·") : null,
  }, text);
}

function hits(characters, needle) {
  if (!needle) return [];
  const lower = characters.map((c) => c.toLowerCase());
  const wanted = Array.from(needle);
  const found = [];
  for (let at = 0; at + wanted.length <= lower.length; at += 1) {
    if (wanted.every((c, offset) => lower[at + offset] === c)) {
      found.push([at, at + wanted.length]);
      at += wanted.length - 1;
    }
  }
  return found;
}

// Changed characters of both sides.
function changes(source, target) {
  return common(Array.from(source), Array.from(target));
}

// Changed words of both sides, as places of characters; where words are not spaced, characters.
function wordChanges(source, target) {
  const words = (text) => text.match(WORD) || [];
  const [a, b] = [words(source), words(target)];
  const places = (ranges, parts) => {
    const starts = [0];
    for (const part of parts) starts.push(starts.at(-1) + Array.from(part).length);
    return ranges.map(([start, end]) => [starts[start], starts[end]]);
  };
  const found = common(a, b);
  return { source: places(found.source, a), target: places(found.target, b) };
}

// What is not in the longest common subsequence, common ends cut off first.
function common(a, b) {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) {
    tail += 1;
  }
  const [n, m] = [a.length - head - tail, b.length - head - tail];
  if (n * m > DIFF_CELLS) return { source: [], target: [] };
  const width = m + 1;
  const table = new Uint16Array((n + 1) * width);
  for (let i = n - 1; i >= 0; i -= 1) {
    for (let j = m - 1; j >= 0; j -= 1) {
      table[i * width + j] = a[head + i] === b[head + j]
        ? table[(i + 1) * width + j + 1] + 1
        : Math.max(table[(i + 1) * width + j], table[i * width + j + 1]);
    }
  }
  const result = { source: [], target: [] };
  let [i, j] = [0, 0];
  while (i < n || j < m) {
    if (i < n && j < m && a[head + i] === b[head + j]) { i += 1; j += 1; }
    else if (j >= m || (i < n && table[(i + 1) * width + j] >= table[i * width + j + 1])) {
      extend(result.source, head + i);
      i += 1;
    } else {
      extend(result.target, head + j);
      j += 1;
    }
  }
  return result;
}

function extend(ranges, at) {
  const last = ranges.at(-1);
  if (last && last[1] === at) last[1] = at + 1;
  else ranges.push([at, at + 1]);
}

// Indents JSON text without parsing it, so that 1.0, big integers, NaN and key order stay.
function indented(json) {
  let [depth, out] = [0, ""];
  const line = () => `\n${"  ".repeat(depth)}`;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|\[\]|\{\}|[{}[\],:]|[^\s"{}[\],:]+/gs)) {
    if (token === "{" || token === "[") { depth += 1; out += token + line(); }
    else if (token === "}" || token === "]") { depth -= 1; out += line() + token; }
    else if (token === ",") out += token + line();
    else if (token === ":") out += ": ";
    else out += token;
  }
  return out;
}
