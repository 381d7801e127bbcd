/**
 * The options of a Windows repository and their defaults.
 *
 * @internal
 */
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import {
  type Check,
  type Checks,
  isBoolean,
  isDuration,
  isFunction,
  isOneOf,
  isSecret,
  isText,
  isTextList,
  isWhole
} from "../../internal/checkedConfig.ts"
import type { BatchLimits } from "./batch.ts"
import type { SizeLimits, TimeoutMillis } from "../conversation/conversation.ts"
import type { Entry } from "../HostRecording.ts"
import type { Backoff } from "../process/startRetry.ts"

/**
 * How the host connects to WMI. The namespace comes with each call. User, password and authority need a `server` other than the
 * computer that PowerShell runs on, because WMI refuses credentials for its own computer.
 *
 * @since 0.1.0
 * @category models
 */
export interface Connect {
  /** The name of the WMI computer as seen from the host; by default the host's own computer. */
  readonly server?: string | undefined
  /** The account to connect with; by default that of the host's own process. */
  readonly user?: string | undefined
  /** The password of the account. It goes to the host in a frame, not in its command line. */
  readonly password?: string | Redacted.Redacted<string> | undefined
  /** The locale of amended text, such as `MS_409` for English; none by default. */
  readonly locale?: string | undefined
  /** The authority of the account: `kerberos:SERVER` or `ntlmdomain:DOMAIN`; none by default. */
  readonly authority?: string | undefined
  /** The impersonation level; 3 (impersonate) by default. */
  readonly impersonation?: 1 | 2 | 3 | 4 | undefined
  /** The authentication level; 6 (packet privacy) by default. */
  readonly authentication?: 0 | 1 | 2 | 3 | 4 | 5 | 6 | undefined
  /** Privileges to enable, such as `SeSecurityPrivilege`. */
  readonly privileges?: ReadonlyArray<string> | undefined
}

/**
 * The timeouts. Every wait for a host is limited by one of them. Numbers are milliseconds.
 *
 * @since 0.1.0
 * @category models
 */
export interface Timeouts {
  /** From the start of the process to its hello frame: 30 seconds, or 60 with a prefix. */
  readonly start?: Duration.DurationInput | undefined
  /** A connection to a namespace: 130 seconds, because WMI itself gives up after two minutes. */
  readonly connect?: Duration.DurationInput | undefined
  /** One request, or the time between two partial results of a batch or query: 60 seconds. */
  readonly request?: Duration.DurationInput | undefined
  /** The time without a frame after which the host is pinged, and the time it has to answer the ping: 10 seconds each. */
  readonly ping?: Duration.DurationInput | undefined
  /** The time that the host has to answer a ping: 10 seconds. */
  readonly pong?: Duration.DurationInput | undefined
  /** The time that a cancelled request has to end: 5 seconds. Then the host is killed. */
  readonly grace?: Duration.DurationInput | undefined
  /** The interval of the pings to an idle host: 60 seconds. A host that receives nothing for 300 seconds ends itself. */
  readonly lease?: Duration.DurationInput | undefined
  /** The waits for an orderly exit, for the end of a killed process, and for the end of the output after the exit: 2 seconds each. */
  readonly exit?: Duration.DurationInput | undefined
  /** The wait for the end of a killed process: 2 seconds. */
  readonly kill?: Duration.DurationInput | undefined
  /** The wait for the end of the output after the exit: 2 seconds. */
  readonly close?: Duration.DurationInput | undefined
}

/**
 * The limits on sizes.
 *
 * @since 0.1.0
 * @category models
 */
export interface Limits {
  /** Characters of a request: 1 Mi, at most 8 Mi. */
  readonly line?: number | undefined
  /** Characters of all requests in flight to one host: 2 Mi. */
  readonly flight?: number | undefined
  /** Puts and characters of one message of a batch: 128 and 512 Ki. */
  readonly batchItems?: number | undefined
  /** Characters of one message of a batch: 512 Ki. */
  readonly batchSize?: number | undefined
  /** Characters of a frame from the host: 16 Mi. A longer frame is a protocol violation and ends the host. */
  readonly frame?: number | undefined
}

/**
 * The retries of failed host starts.
 *
 * @since 0.1.0
 * @category models
 */
export interface StartRetry {
  /** The first wait, 200 milliseconds. It doubles after each failure, up to `most`, 30 seconds. */
  readonly first?: Duration.DurationInput | undefined
  /** The longest wait: 30 seconds. */
  readonly most?: Duration.DurationInput | undefined
  /** After `attempts` failures in a row (5) within `within` (2 minutes), calls fail at once for `pause` (60 seconds). */
  readonly attempts?: number | undefined
  /** The time in which failures count as failures in a row: 2 minutes. */
  readonly within?: Duration.DurationInput | undefined
  /** The time in which calls fail at once, after too many failures in a row: 60 seconds. */
  readonly pause?: Duration.DurationInput | undefined
}

/**
 * A host whose hello frame has arrived.
 *
 * @since 0.1.0
 * @category models
 */
export interface Started {
  /** The local process: PowerShell itself, or the prefix command. */
  readonly pid: number
  /** `Desktop` is Windows PowerShell 5.1, `Core` is PowerShell 7. */
  readonly edition: string
  /** The version of PowerShell, such as `5.1.20348.1`. */
  readonly version: string
  /** The width of the process: 32 or 64 bits. */
  readonly bits: number
}

/**
 * The options of a Windows repository. All have defaults; a program on Windows itself needs none of them.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** The PowerShell executable. By default Windows PowerShell: by its absolute path, or `powershell.exe` with a prefix. */
  readonly powershell?: string | undefined
  /** The command that runs PowerShell on another computer, such as `["ssh", "-T", "-o", "BatchMode=yes", "ops@win01"]`. */
  readonly prefix?: ReadonlyArray<string> | undefined
  /**
   * How the command line carries the bootstrap. `auto` (the default) is `plain` without a prefix and `encoded` with one. `file` is
   * the path of a signed copy of the script that is installed on the computer of the host.
   */
  readonly bootstrap?: "auto" | "plain" | "encoded" | { readonly file: string } | undefined
  /** How the host connects to WMI. */
  readonly connect?: Connect | undefined
  /** The largest number of processes (1), and the time after which an unused one ends (60 seconds). */
  readonly hosts?: { readonly max?: number | undefined; readonly idle?: Duration.DurationInput | undefined } | undefined
  /** The largest number of requests in flight to one host: 4. */
  readonly window?: number | undefined
  /** The limits on waits; see the type for the defaults. */
  readonly timeouts?: Timeouts | undefined
  /** The limits on sizes; see the type for the defaults. */
  readonly limits?: Limits | undefined
  /** The retries of failed host starts; see the type for the defaults. */
  readonly startRetry?: StartRetry | undefined
  /**
   * `idempotent` sends an instance put with an unknown outcome once more to another host, unless it is `CreateOnly`. By default it
   * is not sent again.
   */
  readonly retryUnknown?: "never" | "idempotent" | undefined
  /**
   * Whether the host looks for each object before it puts it, so that the report says `Created` or `Updated`. It costs a second
   * WMI call for each put. `false` by default.
   */
  readonly probe?: boolean | undefined
  /** Replaces the part of the script that creates COM and .NET objects. For tests of the script. */
  readonly prelude?: string | undefined
  /** Called for each host when its hello frame has arrived. */
  readonly started?: ((host: Started) => void) | undefined
  /** Called for each frame sent or received, with secrets replaced. See `HostRecording`. */
  readonly record?: ((entry: Entry) => void) | undefined
}

const millis = (input: Duration.DurationInput | undefined, otherwise: number): number =>
  input === undefined ? otherwise : Duration.toMillis(input)

export const timeoutsOf = ({ prefix = [], timeouts: given = {} }: Options): TimeoutMillis => ({
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

export const sizeLimitsOf = ({ limits: given = {}, window = 4 }: Options): SizeLimits => ({
  line: Math.min(given.line ?? MiB, 8 * MiB),
  flight: given.flight ?? 2 * MiB,
  window: Math.max(1, window),
  frame: given.frame ?? 16 * MiB
})

/** The limits of the messages of a batch. */
export const batchLimitsOf = (options: Options): BatchLimits => ({
  items: Math.max(1, options.limits?.batchItems ?? 128),
  size: options.limits?.batchSize ?? MiB / 2,
  line: sizeLimitsOf(options).line,
  probe: options.probe === true
})

/** The retry policy of host starts. */
export const backoffOf = (given: StartRetry = {}): Backoff => ({
  first: millis(given.first, 200),
  most: millis(given.most, 30_000),
  attempts: Math.max(1, given.attempts ?? 5),
  within: millis(given.within, 120_000),
  pause: millis(given.pause, 60_000)
})

/**
 * The options of `layerConfig`: the password is `Redacted`.
 *
 * @since 0.1.0
 * @category models
 */
export interface ConfigOptions extends Omit<Options, "connect"> {
  /** See `Options.connect`. */
  readonly connect?:
    | (Omit<Connect, "password"> & { readonly password?: Redacted.Redacted<string> | undefined })
    | undefined
}

const isBootstrap: Check = (value) => {
  const file = typeof value === "object" && value !== null ? (value as { readonly file?: unknown }).file : undefined
  return isOneOf("auto", "plain", "encoded")(value) === undefined || isText(file) === undefined
    ? undefined
    : "auto, plain, encoded or { file } with a path"
}

/** The checks of `layerConfig`. */
export const optionChecks: Checks<ConfigOptions> = {
  powershell: isText,
  prefix: isTextList,
  bootstrap: isBootstrap,
  connect: {
    server: isText,
    user: isText,
    password: isSecret,
    locale: isText,
    authority: isText,
    impersonation: isWhole(1, 4),
    authentication: isWhole(0, 6),
    privileges: isTextList
  } satisfies Checks<Connect>,
  hosts: { max: isWhole(1), idle: isDuration } satisfies Checks<NonNullable<Options["hosts"]>>,
  window: isWhole(1),
  timeouts: {
    start: isDuration,
    connect: isDuration,
    request: isDuration,
    ping: isDuration,
    pong: isDuration,
    grace: isDuration,
    lease: isDuration,
    exit: isDuration,
    kill: isDuration,
    close: isDuration
  } satisfies Checks<Timeouts>,
  limits: {
    line: isWhole(1, 8 * MiB),
    flight: isWhole(1),
    batchItems: isWhole(1),
    batchSize: isWhole(1),
    frame: isWhole(1)
  } satisfies Checks<Limits>,
  startRetry: {
    first: isDuration,
    most: isDuration,
    attempts: isWhole(1),
    within: isDuration,
    pause: isDuration
  } satisfies Checks<StartRetry>,
  retryUnknown: isOneOf("never", "idempotent"),
  probe: isBoolean,
  prelude: isText,
  started: isFunction,
  record: isFunction
}

/** The text of a password. */
export const secretOf = (password: string | Redacted.Redacted<string>): string =>
  typeof password === "string" ? password : Redacted.value(password)

/** The fields of `connect`. The secret is unwrapped here and written to the request line at once. */
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
  ...(password === undefined ? {} : { secret: secretOf(password) }),
  ...(authority === undefined ? {} : { authority }),
  ...(impersonation === undefined ? {} : { imp: impersonation }),
  ...(authentication === undefined ? {} : { auth: authentication }),
  ...(privileges === undefined ? {} : { privileges })
})
