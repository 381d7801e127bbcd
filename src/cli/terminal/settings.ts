/**
 * What the command line and the environment say about the output: JSON or text, colour, stacks. The settings are read from the words of
 * the command line before commander parses them, because an error of usage is printed with them too.
 *
 * @internal
 */

/** Where colour is used. `auto` is a terminal, if the environment does not say otherwise. */
type ColorChoice = "auto" | "always" | "never"

/** The choices of `--color`. */
export const colorChoices: ReadonlyArray<ColorChoice> = ["auto", "always", "never"]

/** The settings of the output. */
interface OutputSettings {
  /** `--json`: results on standard output and errors on standard error are lines of JSON. */
  readonly json: boolean
  /** `--debug` or `EFFECT_WMI_DEBUG`: a defect is printed with its stack. */
  readonly debug: boolean
  readonly color: ColorChoice
}

type Environment = Readonly<Record<string, string | undefined>>

const isSet = (value: string | undefined): boolean => value !== undefined && value !== ""

/** The settings in the words of a command line. An invalid choice of `--color` counts as `auto`; commander reports it. */
export const settingsOf = (words: ReadonlyArray<string>, environment: Environment): OutputSettings => {
  const end = words.indexOf("--")
  const options = end < 0 ? words : words.slice(0, end)
  let color: ColorChoice = "auto"
  for (const [i, word] of options.entries()) {
    const given = word === "--color" ? options[i + 1] : word.startsWith("--color=") ? word.slice(8) : undefined
    color = colorChoices.find((choice) => choice === given) ?? color
  }
  return {
    json: options.includes("--json"),
    debug: options.includes("--debug") || isSet(environment["EFFECT_WMI_DEBUG"]),
    color
  }
}

/** Whether a stream gets colour. `FORCE_COLOR=0` is no colour; `NO_COLOR` and `TERM=dumb` come after it (no-color.org, force-color.org). */
export const usesColor = (
  choice: ColorChoice,
  stream: { readonly isTTY?: boolean | undefined },
  environment: Environment
): boolean => {
  if (choice !== "auto") return choice === "always"
  const force = environment["FORCE_COLOR"]
  if (force !== undefined) return force !== "0" && force !== "false"
  if (isSet(environment["NO_COLOR"])) return false
  return stream.isTTY === true && environment["TERM"] !== "dumb"
}

let current: OutputSettings = { json: false, debug: false, color: "auto" }

/** The settings of this run. */
export const settings = (): OutputSettings => current

/** Replaces the settings of this run. */
export const setSettings = (next: OutputSettings): void => {
  current = next
}
