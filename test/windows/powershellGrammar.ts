/** PowerShell's grammar for tree-sitter, in WebAssembly: the parser of the static checks of the host script. */
import { fileURLToPath } from "node:url"
import { Language, type Node, Parser } from "web-tree-sitter"

export type { Node }

const runtime = globalThis as { readonly Bun?: unknown }

/** Without this flag V8 optimises for seconds a parser that runs for milliseconds. */
if (runtime.Bun === undefined) (await import("node:v8")).setFlagsFromString("--liftoff-only")

await Parser.init()
const language = await Language.load(
  fileURLToPath(new URL("../../node_modules/tree-sitter-powershell/tree-sitter-powershell.wasm", import.meta.url))
)

const parser = new Parser()
parser.setLanguage(language)

const trees = new Map<string, Node>()

/** The syntax tree of a script, cached by its text. */
export const parse = (text: string): Node => {
  const known = trees.get(text)
  if (known !== undefined) return known
  const root = parser.parse(text)!.rootNode
  trees.set(text, root)
  return root
}

const lists = new Map<Node, ReadonlyArray<Node>>()

const walk = (from: Node, into: Array<Node>): Array<Node> => {
  into.push(from)
  for (const child of from.children) if (child !== null) walk(child, into)
  return into
}

/** A node and all its descendants. */
export const nodes = (from: Node): ReadonlyArray<Node> => {
  const known = lists.get(from)
  if (known !== undefined) return known
  const collected = walk(from, [])
  lists.set(from, collected)
  return collected
}

/** The nodes of one kind. */
export const nodesOfType = (from: Node, type: string): ReadonlyArray<Node> =>
  nodes(from).filter((node) => node.type === type)
