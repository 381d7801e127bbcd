/**
 * What a program may say of its hosts, and what holds where it says nothing.
 *
 * @internal
 */
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import type { Cut } from "./batch.ts"
import type { Sizes, Times } from "../conversation/conversation.ts"
import type { Entry } from "../HostRecording.ts"
import type { Backoff } from "../process/startRetry.ts"

/**
 * How the host connects to WMI. The namespace comes with each call. User, password and authority are for another computer than
 * the one that PowerShell runs on; WMI refuses them for its own.
 *
 * @since 0.1.0
 * @category models
 */
export interface Connect {
  /** The computer as the host sees it; its own by default. */
  readonly server?: string | undefined
  readonly user?: string | undefined
  readonly password?: Redacted.Redacted<string> | undefined
  /** `MS_409` for English text of classes; none by default. */
  readonly locale?: string | undefined
  readonly authority?: string | undefined
  /** 3, impersonate, by default. */
  readonly impersonation?: 1 | 2 | 3 | 4 | undefined
  /** 6, packet privacy, by default. */
  readonly authentication?: 0 | 1 | 2 | 3 | 4 | 5 | 6 | undefined
  /** Privileges to enable, such as `SeSecurityPrivilege`. */
  readonly privileges?: ReadonlyArray<string> | undefined
}

/**
 * How long what may take. Every wait for a host ends.
 *
 * @since 0.1.0
 * @category models
 */
export interface Timeouts {
  /** From the start to the host's first word: 30 seconds, 60 with a prefix. */
  readonly start?: Duration.DurationInput | undefined
  /** 130 seconds: WMI itself gives up after two minutes. */
  readonly connect?: Duration.DurationInput | undefined
  /** One request, or the silence of one that answers bit by bit: 60 seconds. */
  readonly request?: Duration.DurationInput | undefined
  /** The silence after which the host is asked whether it is there, and the time for its answer: 10 seconds each. */
  readonly ping?: Duration.DurationInput | undefined
  readonly pong?: Duration.DurationInput | undefined
  /** What a request has to end after it was cancelled: 5 seconds. Then the host is killed. */
  readonly grace?: Duration.DurationInput | undefined
  /** How often an idle host hears that somebody is there: 60 seconds. After 300 it would end by itself. */
  readonly lease?: Duration.DurationInput | undefined
  /** An orderly exit, a killed process, an output that has to end: 2 seconds each. */
  readonly exit?: Duration.DurationInput | undefined
  readonly kill?: Duration.DurationInput | undefined
  readonly close?: Duration.DurationInput | undefined
}

/**
 * How much at a time.
 *
 * @since 0.1.0
 * @category models
 */
export interface Limits {
  /** Characters of a request: 1 MiB, at most 8 MiB. */
  readonly line?: number | undefined
  /** Characters of all requests on their way to one host: 2 MiB. */
  readonly flight?: number | undefined
  /** Puts and characters of one message of a batch: 128 and 512 KiB. */
  readonly batchItems?: number | undefined
  readonly batchSize?: number | undefined
  /** Characters of a frame from the host; a longer one ends it: 16 MiB. */
  readonly frame?: number | undefined
}

/**
 * What happens after a start that failed.
 *
 * @since 0.1.0
 * @category models
 */
export interface Starts {
  /** The first wait, which doubles each time: 200 milliseconds, up to 30 seconds. */
  readonly first?: Duration.DurationInput | undefined
  readonly most?: Duration.DurationInput | undefined
  /** So many failures in a row (5) within that time (2 minutes), and calls fail at once for a while (60 seconds). */
  readonly attempts?: number | undefined
  readonly within?: Duration.DurationInput | undefined
  readonly pause?: Duration.DurationInput | undefined
}

/**
 * A host that has said hello.
 *
 * @since 0.1.0
 * @category models
 */
export interface Started {
  /** The process here: PowerShell itself, or the prefix that leads to it. */
  readonly pid: number
  /** `Desktop` is Windows PowerShell 5.1, `Core` a newer one. */
  readonly edition: string
  readonly version: string
  readonly bits: number
}

/**
 * Everything has a default: a program on Windows needs none of it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Which PowerShell: Windows' own by its absolute path, or `powershell.exe` behind a prefix. */
  readonly powershell?: string | undefined
  /** `["ssh", "-T", "-o", "BatchMode=yes", "ops@win01"]` and its like. */
  readonly prefix?: ReadonlyArray<string> | undefined
  /** `auto` is `plain` here and `encoded` behind a prefix; a file is a signed copy of the script, already there. */
  readonly bootstrap?: "auto" | "plain" | "encoded" | { readonly file: string } | undefined
  readonly connect?: Connect | undefined
  /** At most so many processes (1); one that is not used for that time (60 seconds) ends. */
  readonly hosts?: { readonly max?: number | undefined; readonly idle?: Duration.DurationInput | undefined } | undefined
  /** Requests on their way to one host: 4. */
  readonly window?: number | undefined
  readonly timeouts?: Timeouts | undefined
  readonly limits?: Limits | undefined
  readonly starts?: Starts | undefined
  /** Whether an instance put that may have happened is sent once more, unless it is create-only. By default it is not. */
  readonly retryUnknown?: "never" | "idempotent" | undefined
  /** Whether each put looks first, so that its report tells created from updated: a second call for each. */
  readonly probe?: boolean | undefined
  /** The lines of the script that touch COM, in place of the shipped ones. For tests of the script. */
  readonly prelude?: string | undefined
  /** Is told of each host that has said hello. */
  readonly started?: ((host: Started) => void) | undefined
  /** Is told what goes out and comes in, secrets replaced; see `HostRecording`. */
  readonly record?: ((entry: Entry) => void) | undefined
}

const millis = (input: Duration.DurationInput | undefined, otherwise: number): number =>
  input === undefined ? otherwise : Duration.toMillis(input)

export const timesOf = ({ prefix = [], timeouts: given = {} }: Options): Times => ({
  start: millis(given.start, prefix.length > 0 ? 60_000 : 30_000),
  connect: millis(given.connect, 130_000),
  request: millis(given.request, 60_000),
  ping: millis(given.ping, 10_000),
  pong: millis(given.pong, 10_000),
  grace: millis(given.grace, 5_000),
  lease: millis(given.lease, 60_000),
  exit: millis(given.exit, 2_000),
  kill: millis(given.kill, 2_000),
  close: millis(given.close, 2_000)
})

const MiB = 1024 * 1024

export const sizesOf = ({ limits: given = {}, window = 4 }: Options): Sizes => ({
  line: Math.min(given.line ?? MiB, 8 * MiB),
  flight: given.flight ?? 2 * MiB,
  window: Math.max(1, window),
  frame: given.frame ?? 16 * MiB
})

/** How batches are cut. */
export const cutOf = (options: Options): Cut => ({
  items: Math.max(1, options.limits?.batchItems ?? 128),
  size: options.limits?.batchSize ?? MiB / 2,
  line: sizesOf(options).line,
  probe: options.probe === true
})

/** How starts that failed are tried again. */
export const backoffOf = (given: Starts = {}): Backoff => ({
  first: millis(given.first, 200),
  most: millis(given.most, 30_000),
  attempts: Math.max(1, given.attempts ?? 5),
  within: millis(given.within, 120_000),
  pause: millis(given.pause, 60_000)
})

/** The fields of `connect`. The secret is taken out of its wrapper here and goes into a line at once. */
export const connectFields = ({
  authentication,
  authority,
  impersonation,
  password,
  privileges,
  server,
  user
}: Connect): Record<string, unknown> => ({
  ...(server === undefined ? {} : { server }),
  ...(user === undefined ? {} : { user }),
  ...(password === undefined ? {} : { secret: Redacted.value(password) }),
  ...(authority === undefined ? {} : { authority }),
  ...(impersonation === undefined ? {} : { imp: impersonation }),
  ...(authentication === undefined ? {} : { auth: authentication }),
  ...(privileges === undefined ? {} : { privileges })
})
