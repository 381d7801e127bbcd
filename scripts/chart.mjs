// Draws a run of benches as SVG: for each group a bar for each case, as long as the case is fast beside the baseline of its group. All
// groups have one scale, and a line marks the speed of the baselines. The text is text, the fonts are those of the reader, and the colours
// follow the reader's choice of light or dark.
const width = 900
const left = 400
const right = 150
const row = 24
const bar = 12
const margin = 20

const escaped = (text) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")

const style = `
text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328 }
.title { font-size: 17px; font-weight: 600 }
.group { font-weight: 600 }
.name { text-anchor: end }
.small { font-size: 11px; fill: #59636e }
.page { fill: #ffffff }
.bar { fill: #0969da }
.base { fill: #8c959f }
.spread { stroke: #1f2328; stroke-width: 1.5 }
.one { stroke: #8c959f; stroke-dasharray: 3 3 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .small { fill: #9198a1 }
  .page { fill: #0d1117 }
  .bar { fill: #4493f8 }
  .base { fill: #656c76 }
  .spread { stroke: #e6edf3 }
  .one { stroke: #656c76 }
}`

const text = (x, y, words, name) =>
  `<text x="${x}" y="${y}"${name === undefined ? "" : ` class="${name}"`}>${escaped(words)}</text>`

const rect = (x, y, w, h, name) => `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="2" class="${name}"/>`

const line = (x1, y1, x2, y2, name) => `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" class="${name}"/>`

const number = (value) => value >= 10 ? value.toFixed(0) : value >= 0.1 ? value.toFixed(2) : value.toFixed(3)

/** A line of words that is broken where it would be wider than the picture. */
const broken = (words) =>
  words.split(" ").reduce((lines, word) => {
    const longer = `${lines.at(-1)} ${word}`
    return longer.length <= 130 ? [...lines.slice(0, -1), longer.trim()] : [...lines, word]
  }, [""])

/**
 * The picture of groups `{ title, baseline, cases: [{ name, ratio: { lower, median, upper } }] }`; `about` are the lines below it: the
 * machine, the runtimes, the date.
 */
export const chart = ({ about, groups, title }) => {
  if (groups.length === 0) throw new Error("there is no group to draw")
  const longest = Math.max(1, ...groups.flatMap(({ cases }) => cases.map(({ ratio }) => ratio.upper)))
  const scale = (width - left - right) / longest
  const at = (ratio) => Number((left + ratio * scale).toFixed(1))
  const drawn = [text(margin, 34, title, "title")]
  let y = 56
  const top = y
  for (const { baseline, cases, title: of } of groups) {
    drawn.push(text(margin, y + 14, of, "group"))
    y += 26
    const rows = [{ name: baseline, ratio: { lower: 1, median: 1, upper: 1 }, isBase: true }, ...cases]
    for (const { isBase = false, name, ratio: { lower, median, upper } } of rows) {
      const middle = y + row / 2
      drawn.push(
        text(left - 10, middle + 4, name, "name"),
        rect(left, middle - bar / 2, Math.max(1, Number((median * scale).toFixed(1))), bar, isBase ? "base" : "bar")
      )
      if (!isBase) drawn.push(line(at(lower), middle, at(upper), middle, "spread"))
      drawn.push(
        text(
          at(Math.max(upper, median)) + 8,
          middle + 4,
          isBase ? "1" : `${number(median)} (${number(lower)} - ${number(upper)})`,
          isBase ? "small" : undefined
        )
      )
      y += row
    }
    y += 14
  }
  const below = line(at(1), top, at(1), y - 10, "one")
  const lines = about.flatMap(broken)
  for (const words of lines) {
    drawn.push(text(margin, y + 8, words, "small"))
    y += 16
  }
  const height = y + 8
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(about.join(" "))}</desc>`,
    `<style>${style}</style>`,
    `<rect width="${width}" height="${height}" rx="6" class="page"/>`,
    below,
    ...drawn,
    "</svg>",
    ""
  ].join("\n")
}
