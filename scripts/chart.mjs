// The ratios of a run of benches as SVG: a bar for each case, as long as it is fast beside the baseline of its own group.
const width = 860
const left = 330
const row = 22
const head = 34

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;")

const text = (x, y, words, more = "") => `<text x="${x}" y="${y}" ${more}>${escaped(words)}</text>`

/** A group whose cases are compared, drawn from `top` on; answers what was drawn and where it ends. */
const group = ({ baseline, cases, title }, top) => {
  const longest = Math.max(...cases.map(({ ratio }) => ratio))
  const scale = (width - left - 90) / longest
  const lines = [text(12, top + 20, title, 'font-weight="bold"')]
  cases.forEach(({ name, ratio }, i) => {
    const y = top + head + i * row
    const color = name === baseline ? "#9aa5b1" : "#2f6f9f"
    lines.push(
      text(left - 10, y + 14, name, 'text-anchor="end"'),
      `<rect x="${left}" y="${y + 3}" width="${Math.max(1, ratio * scale).toFixed(1)}" height="${
        row - 8
      }" fill="${color}"/>`,
      text(left + ratio * scale + 6, y + 14, `${ratio.toFixed(2)} x`)
    )
  })
  return [lines, top + head + cases.length * row + 8]
}

export const chart = (groups) => {
  const lines = []
  let top = 8
  for (const one of groups) {
    const [drawn, end] = group(one, top)
    lines.push(...drawn)
    top = end
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${top}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${top}" fill="white"/>`,
    ...lines,
    "</svg>",
    ""
  ].join("\n")
}
