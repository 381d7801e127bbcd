/**
 * Errors that show the line of the test: their stack has the frames of the program that called a function of the kit, and none of the
 * library or of `effect`.
 *
 * @internal
 */
export { callFrames } from "../pipeline/observation/recording.ts"

/** Gives an error the frames of a caller. Without frames, which a runtime may not have, the error keeps its own. */
export const withFrames = <E extends Error>(error: E, frames: ReadonlyArray<string>): E => {
  if (frames.length > 0) {
    const stack = [`${error.name}: ${error.message}`, ...frames].join("\n")
    Object.defineProperty(error, "stack", { value: stack, configurable: true, enumerable: false, writable: true })
  }
  return error
}
