/**
 * The exit statuses of the command.
 *
 * @internal
 */

/** The exit statuses of the command. A command that compares or checks returns 1 for a difference. */
export const exitStatus = {
  done: 0,
  refused: 1,
  badInput: 2,
  /** A defect of the command itself (`EX_SOFTWARE` of sysexits.h). */
  defect: 70,
  /** The reader of standard output is gone: 128 + SIGPIPE, as a shell reports it. */
  closedPipe: 141
} as const
