/**
 * A `StoreBackend` over PostgreSQL, at READ COMMITTED.
 *
 * A put of instances is two statements without a transaction around them: a look that brings the versions of the namespaces and
 * rows, and a write that holds only while they hold. The write takes a shared lock of its namespaces' rows, so no class changes
 * between; a transaction that changes classes, or must count instances, locks those rows for itself and waits for the others.
 *
 * A write of one row, and one of many rows of one class, which are nearly all, have words of their own with plain parameters; others
 * come as JSON.
 *
 * What is used: primary keys, `insert … on conflict`, writes in `with`, `for update` and `for share`, `json_to_recordset` and
 * `string_to_array` for lists. What was left out so that PostgreSQL-compatible databases can stand in: advisory locks, sequences,
 * triggers, `xmin`, notify. Prepared statements outlive a transaction only over connections of our own, and are not relied on there
 * (`postgresPool`).
 *
 * @internal
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import type { SqlError } from "@effect/sql/SqlError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as CimName from "../model/CimName.ts"
import type { WbemError } from "../protocol/WbemError.ts"
import { overClient, type Sessions, type Single } from "./postgresSessions.ts"
import {
  countOf,
  dump,
  type Execute,
  forgetEverything,
  inChunks,
  instanceOf,
  inTurn,
  namespaceNames,
  namespacesOf,
  type Row,
  schemaOf,
  sized,
  toWbemError
} from "./sqlBackend.ts"
import {
  type Ask,
  type Commit,
  type Conflict,
  type Contents,
  type Found,
  inEffect,
  type InstanceWrite,
  type RowId,
  type StoreBackend,
  type Wanted
} from "./storeBackend.ts"

/**
 * How long to wait for the database.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /**
   * For each answer; 60 seconds if not given. Then a put fails: with `Timeout` when nothing was sent, with `TransportFailure` and
   * `sent` when nobody knows what became of it.
   */
  readonly answerTimeout?: Duration.DurationInput | undefined
}

/** Names that PostgreSQL can hold: what is under another one is not there, and asking for it would be an error. */
const isText = (name: string): boolean => !/[\0\ud800-\udfff]/u.test(name)

const askable = (wanted: Wanted): Wanted => ({
  namespaces: wanted.namespaces.filter(isText),
  rows: wanted.rows.filter(({ namespace, root }) => isText(namespace) && isText(root)),
  classes: wanted.classes.filter(({ className, namespace }) => isText(namespace) && isText(className)),
  counts: wanted.counts.filter(({ className, namespace }) => isText(namespace) && isText(className))
})

const idsJson = (rows: ReadonlyArray<RowId>): string =>
  JSON.stringify(rows.map(({ key, namespace, root }) => ({ n: namespace, r: root, k: key })))

const classesJson = (classes: ReadonlyArray<{ readonly namespace: string; readonly className: string }>): string =>
  JSON.stringify(classes.map(({ className, namespace }) => ({ n: namespace, c: className })))

/** A look at more namespaces names them in a list: its text would be another for each number of them. */
const mostNamed = 8

/** `$1, $2, …`; of none nothing. */
const numbered = (from: number, count: number): string =>
  count === 0 ? "null" : Array.from({ length: count }, (_, i) => `$${from + i}`).join(", ")

const columns = "namespace, root, key, version, body"

/** One branch of the look at rows, and its parameter. */
type Branch = readonly [sql: (at: number) => string, parameters: ReadonlyArray<unknown>]

/** `folded, name` of a namespace stand in `namespace, root`, the count of a class in `version`. */
const branches = ({ classes, counts, namespaces, rows }: Wanted): ReadonlyArray<Branch> => {
  const found: Array<Branch> = [
    namespaces.length <= mostNamed
      ? [
        (at) =>
          `select 0 as t, folded as namespace, name as root, '' as key, version, '' as body
            from effect_wmi_namespace where folded in (${numbered(at, namespaces.length)}) and alive`,
        namespaces
      ]
      : [
        (at) =>
          `select 0 as t, folded as namespace, name as root, '' as key, version, '' as body
            from effect_wmi_namespace where folded in (select json_array_elements_text($${at}::json)) and alive`,
        [JSON.stringify(namespaces)]
      ]
  ]
  if (rows.length === 1) {
    found.push([
      (at) =>
        `select 1, ${columns} from effect_wmi_instance where namespace = $${at} and root = $${at + 1} and key = $${
          at + 2
        }`,
      [rows[0]!.namespace, rows[0]!.root, rows[0]!.key]
    ])
  } else if (rows.length > 1) {
    found.push([
      (at) =>
        `select 1, i.namespace, i.root, i.key, i.version, i.body
          from json_to_recordset($${at}::json) as x(n text, r text, k text)
          join effect_wmi_instance i on i.namespace = x.n and i.root = x.r and i.key = x.k`,
      [idsJson(rows)]
    ])
  }
  if (classes.length > 0) {
    found.push([
      (at) =>
        `select 1, i.namespace, i.root, i.key, i.version, i.body from json_to_recordset($${at}::json) as x(n text, c text)
          join effect_wmi_instance i on i.namespace = x.n and i.root = x.c and i.class = x.c
        union all
        select 1, i.namespace, i.root, i.key, i.version, i.body from json_to_recordset($${at}::json) as x(n text, c text)
          join effect_wmi_instance i on i.namespace = x.n and i.class = x.c and i.class <> i.root`,
      [classesJson(classes)]
    ])
  }
  if (counts.length > 0) {
    found.push([
      (at) =>
        `select 2, x.n, x.c, '',
            (select count(*) from effect_wmi_instance i where i.namespace = x.n and i.root = x.c and i.class = x.c)
            + (select count(*) from effect_wmi_instance i where i.namespace = x.n and i.class = x.c and i.class <> i.root), ''
          from json_to_recordset($${at}::json) as x(n text, c text)`,
      [classesJson(counts)]
    ])
  }
  return found
}

/** Runs one statement; a lasting one may stay prepared. */
type Run = (
  sql: string,
  parameters?: ReadonlyArray<unknown>,
  lasting?: boolean
) => Effect.Effect<ReadonlyArray<Row>, SqlError>

/** Everything that is wanted in one statement, so at one moment. */
const load = (run: Run) => (wanted: Wanted): Effect.Effect<Found, SqlError> => {
  const parameters: Array<unknown> = []
  const asked = askable(wanted)
  const statement = branches(asked).map(([sql, mine]) => {
    const text = sql(parameters.length + 1)
    parameters.push(...mine)
    return text
  }).join(" union all ")
  const { classes, counts, namespaces, rows } = asked
  const lasting = namespaces.length <= mostNamed && rows.length <= 1 && classes.length + counts.length === 0
  return Effect.map(run(statement, parameters, lasting), (rows) => {
    const of = (t: number) => rows.filter((row) => row["t"] === t)
    return {
      namespaces: namespacesOf(
        of(0).map((row) => ({ folded: row["namespace"], name: row["root"], version: row["version"] }))
      ),
      instances: of(1).map(instanceOf),
      counts: of(2).map((row) => countOf({ namespace: row["namespace"], class: row["root"], n: row["version"] }))
    }
  })
}

const lockNamespaces = (run: Run, namespaces: ReadonlyArray<string>) =>
  run(
    `select folded from effect_wmi_namespace where folded in (select json_array_elements_text($1::json))
      order by folded for update`,
    [JSON.stringify(namespaces.filter(isText))]
  )

const since = (run: Run) => (namespace: string, version: number) =>
  Effect.map(
    run("select root, key, version, body from effect_wmi_schema where namespace = $1 and version > $2", [
      namespace,
      version
    ]),
    (rows) => rows.map(schemaOf)
  )

const input =
  "select *, $2::bigint as w from json_to_recordset($1::json) as x(n text, r text, k text, c text, b text, v bigint)"

/**
 * Takes the rows that were seen, in the order of their keys, so that two writes hardly ever wait for each other (then one is tried again); none is taken that has
 * changed since. Without a class it is a row that stays.
 */
const held =
  `select 1 from input join effect_wmi_instance t on t.namespace = n and t.root = r and t.key = k and t.version = v
  where v is not null order by n, r, k for update of t`

/** The part of a write for rows of one kind, each over the version that it was decided over. */
interface Part {
  readonly name: string
  readonly is: (row: InstanceWrite) => boolean
  readonly sql: string
}

const parts: ReadonlyArray<Part> = [
  {
    name: "created",
    is: ({ body, seen }) => body !== undefined && seen === undefined,
    sql: `insert into effect_wmi_instance (namespace, root, key, class, version, body)
      select n, r, k, c, w, b from input where b is not null and v is null and (select ok from guard)
      order by n, r, k`
  },
  {
    name: "updated",
    is: ({ body, seen }) => body !== undefined && seen !== undefined,
    sql: `update effect_wmi_instance t set class = c, version = w, body = b from input
      where b is not null and t.namespace = n and t.root = r and t.key = k and t.version = v and (select ok from guard)`
  },
  {
    name: "removed",
    is: ({ body }) => body === undefined,
    sql: `delete from effect_wmi_instance t using input
      where b is null and c is not null and t.namespace = n and t.root = r and t.key = k and t.version = v and (select ok from guard)`
  }
]

/** A statement by itself. */
type Statement = Omit<Single, "sending">

/**
 * The beginning of a write in plain parameters: the namespaces are locked, in the order of their names, and `guard` says whether all
 * of them have the versions that were seen. A class that is put at the same time waits for the end of this, or this for it.
 */
const guarded = (guards: Commit["guards"], parameters: Array<unknown>, more = ""): string => {
  const holds = guards.map((guard) => {
    parameters.push(...guard)
    return `folded = $${parameters.length - 1} and version = $${parameters.length}::bigint`
  })
  return `locked as (select 1 from effect_wmi_namespace where (${
    holds.join(" or ")
  }) and alive order by folded for share),
      guard as (select (select count(*) from locked) = ${guards.length}${more} as ok)`
}

/** How a single row is written, with its namespaces locked; what it answers is that it did. */
const singleWrites = {
  created: `insert into effect_wmi_instance (namespace, root, key, class, version, body)
    select $1::text, $2::text, $3::text, $4::text, $5::bigint, $6::text where (select ok from guard)
    on conflict (namespace, root, key) do nothing`,
  updated: `update effect_wmi_instance set class = $4::text, version = $5::bigint, body = $6::text
    where namespace = $1::text and root = $2::text and key = $3::text and version = $7::bigint and (select ok from guard)`,
  removed: `delete from effect_wmi_instance
    where namespace = $1::text and root = $2::text and key = $3::text and version = $4::bigint and (select ok from guard)`
} as const

/**
 * The write of one row in plain parameters, which a database plans in half the time that a list takes. Its text depends on nothing
 * but the kind of write and the number of namespaces.
 */
const single = (
  { guards, version }: Commit,
  { body, className, key, namespace, root, seen }: InstanceWrite
): Statement => {
  const kind = body === undefined ? "removed" : seen === undefined ? "created" : "updated"
  const parameters: Array<unknown> = [namespace, root, key]
  if (body !== undefined) parameters.push(className, version, body)
  if (seen !== undefined) parameters.push(seen)
  const guard = guarded(guards, parameters)
  return { lasting: true, parameters, sql: `with ${guard} ${singleWrites[kind]} returning true as stored` }
}

/** Rows of one class that all come, or are all there and change: what a bulk load mostly is. */
const areAlike = ({ instances, kept }: Commit): boolean => {
  const { className, namespace, root, seen } = instances[0]!
  return kept.length === 0
    && instances.every((one) =>
      one.body !== undefined && one.root === root && one.className === className && one.namespace === namespace
      && (one.seen === undefined) === (seen === undefined)
    )
}

/** Stands in no key and no body: both are JSON, which has no such character in it, or digits. */
const separator = "\u001e"

const list = (parameter: number): string => `unnest(string_to_array($${parameter}, chr(30)))`

/**
 * Rows of one class as texts that are split again: a third of what JSON costs the database, and less than that here, because what is
 * JSON already need not be escaped. It writes all or none: where one that is to be new is there the statement fails.
 */
const alike = ({ guards, instances, version }: Commit): Statement => {
  const { className, namespace, root, seen } = instances[0]!
  // In one order, so that two of them hardly ever wait for each other; then one is tried again.
  const rows = [...instances].sort((one, two) => one.key < two.key ? -1 : 1)
  const parameters: Array<unknown> = [
    namespace,
    root,
    className,
    version,
    rows.map(({ key }) => key).join(separator),
    rows.map(({ body }) => body).join(separator)
  ]
  if (seen === undefined) {
    return {
      lasting: false,
      parameters,
      sql: `with ${guarded(guards, parameters)},
        created as (insert into effect_wmi_instance (namespace, root, key, class, version, body)
          select $1::text, $2::text, k, $3::text, $4::bigint, b from rows from (${list(5)}, ${list(6)}) as x(k, b)
          where (select ok from guard))
        select ok as stored from guard`
    }
  }
  parameters.push(rows.map((one) => one.seen).join(separator), rows.length)
  return {
    lasting: false,
    parameters,
    sql: `with input as materialized (select k, b, v::bigint from rows from (${list(5)}, ${list(6)}, ${
      list(7)
    }) as x(k, b, v)),
      held as (select 1 from input join effect_wmi_instance t
        on t.namespace = $1::text and t.root = $2::text and t.key = k and t.version = v order by k for update of t),
      ${guarded(guards, parameters, " and (select count(*) from held) = $8::bigint")},
      updated as (update effect_wmi_instance t set class = $3::text, version = $4::bigint, body = b from input
        where t.namespace = $1::text and t.root = $2::text and t.key = k and t.version = v and (select ok from guard)
        returning 1)
      select (select count(*) from updated) = $8::bigint as stored`
  }
}

/**
 * A statement that writes all rows while the guards and every row's version hold. With one row it answers whether it did; with
 * more it fails when one of them does not hold, because then none may be written: a statement that fails is one that did nothing.
 */
const conditional = (commit: Commit): Statement => {
  const { guards, instances, kept, version } = commit
  if (guards.length > 0 && instances.length === 1 && kept.length === 0) return single(commit, instances[0]!)
  if (guards.length > 0 && areAlike(commit)) return alike(commit)
  const present = parts.filter(({ is }) => instances.some(is))
  const total = present.map(({ name }) => `(select count(*) from ${name})`).join(" + ")
  // Among several rows one that is there already fails the statement, as it must; a single one is just not written.
  const unless = instances.length === 1 && present[0] === parts[0]
    ? " on conflict (namespace, root, key) do nothing"
    : ""
  const guard = guards.length === 1
    ? `select folded from effect_wmi_namespace where folded = $4 and version = $5::bigint and alive for share`
    : `select w.folded from effect_wmi_namespace w, json_to_recordset($4::json) as g(f text, v bigint)
        where w.folded = g.f and w.version = g.v and w.alive order by w.folded for share of w`
  const seen = instances.reduce((n, one) => one.seen === undefined ? n : n + 1, kept.length)
  const holds = instances.length + kept.length > 1 && seen > 0
  const answer = instances.length === 1 || seen === instances.length + kept.length
    ? `select ${total} = $3::bigint as stored`
    : `select 1 / (case when ${total} = $3::bigint then 1 else 0 end) = 1 as stored`
  return {
    lasting: false,
    sql: `with input as (${input}),
      locked as (${guard}), ${holds ? `held as (${held}), ` : ""}
      guard as (select (select count(*) from locked) = ${guards.length}${
      holds ? ` and (select count(*) from held) = ${seen}` : ""
    } as ok),
      ${present.map(({ name, sql }) => `${name} as (${sql}${unless} returning 1)`).join(", ")}
      ${answer}`,
    parameters: [
      JSON.stringify([
        ...instances.map(({ body, className, key, namespace, root, seen }) => ({
          n: namespace,
          r: root,
          k: key,
          c: className,
          ...(body === undefined ? {} : { b: body }),
          ...(seen === undefined ? {} : { v: seen })
        })),
        ...kept.map(({ key, namespace, root, version }) => ({ n: namespace, r: root, k: key, v: version }))
      ]),
      version,
      instances.length,
      ...(guards.length === 1 ? guards[0]! : [JSON.stringify(guards.map(([f, v]) => ({ f, v })))])
    ]
  }
}

/** Writes of a transaction that holds its namespaces for itself. */
const unconditional = (run: Run, version: number, rows: ReadonlyArray<InstanceWrite>) =>
  Effect.gen(function* () {
    const gone = rows.filter(({ body }) => body === undefined)
    for (const some of inChunks(gone)) {
      yield* run(
        `delete from effect_wmi_instance t using json_to_recordset($1::json) as x(n text, r text, k text)
          where t.namespace = x.n and t.root = x.r and t.key = x.k`,
        [yield* sized(() => idsJson(some))]
      )
    }
    for (const some of inChunks(rows.filter(({ body }) => body !== undefined))) {
      yield* run(
        `insert into effect_wmi_instance (namespace, root, key, class, version, body)
          select n, r, k, c, $2::bigint, b from json_to_recordset($1::json) as x(n text, r text, k text, c text, b text)
          on conflict (namespace, root, key) do update set class = excluded.class, version = excluded.version, body = excluded.body`,
        [
          yield* sized(() =>
            JSON.stringify(some.map(({ body, className, key, namespace, root }) => ({
              n: namespace,
              r: root,
              k: key,
              c: className,
              b: body
            })))
          ),
          version
        ]
      )
    }
  })

const writeSchema = (
  run: Run,
  { bumps, namespaces, schema }: Pick<Commit, "bumps" | "namespaces" | "schema">
): Effect.Effect<void, SqlError> =>
  Effect.gen(function* () {
    for (const [namespace, version] of bumps) {
      yield* run("update effect_wmi_namespace set version = $1::bigint where folded = $2", [version, namespace])
    }
    for (const { alive, name, namespace } of namespaces) {
      if (alive) {
        yield* run(
          `insert into effect_wmi_namespace as t (folded, name, version, alive) values ($1, $2, 1, true)
            on conflict (folded) do update set name = excluded.name, version = t.version + 1, alive = true`,
          [namespace, name]
        )
      } else yield* run("update effect_wmi_namespace set alive = false where folded = $1", [namespace])
    }
    for (const some of inChunks(schema)) {
      yield* run(
        `insert into effect_wmi_schema (namespace, root, key, version, body)
          select x.n, x.r, x.k, w.version, x.b from json_to_recordset($1::json) as x(n text, r text, k text, b text)
          join effect_wmi_namespace w on w.folded = x.n
          on conflict (namespace, root, key) do update set version = excluded.version, body = excluded.body`,
        [JSON.stringify(some.map(({ body, key, namespace, root }) => ({ n: namespace, r: root, k: key, b: body })))]
      )
    }
  })

const writeAll = (run: Run) => (commit: Commit): Effect.Effect<void, SqlError | WbemError> =>
  Effect.gen(function* () {
    if (commit.schema.length > 0) yield* writeSchema(run, commit)
    yield* unconditional(run, commit.version, commit.instances)
  })

const replace =
  ({ instances, namespaces, schema, version }: Contents) => (run: Run): Effect.Effect<void, SqlError | WbemError> =>
    Effect.gen(function* () {
      yield* run("select folded from effect_wmi_namespace order by folded for update")
      for (const statement of forgetEverything) yield* run(statement)
      yield* writeSchema(run, {
        namespaces: namespaces.map((name) => ({ namespace: CimName.fold(name), name, alive: true })),
        schema,
        bumps: []
      })
      yield* unconditional(run, version, instances.map((row) => ({ ...row, seen: undefined })))
    })

/** What is asked over one connection; `locking` where a transaction takes its namespaces for itself. */
const answer = (run: Run, locking: boolean) => (ask: Ask): Effect.Effect<unknown, WbemError | Conflict> => {
  const answered = (): Effect.Effect<unknown, SqlError | WbemError> => {
    switch (ask._tag) {
      case "Load":
        return locking
          ? Effect.zipRight(lockNamespaces(run, ask.wanted.namespaces), load(run)(ask.wanted))
          : load(run)(ask.wanted)
      case "Since":
        return since(run)(ask.namespace, ask.version)
      case "Write":
        return Effect.as(writeAll(run)(ask.commit), true)
    }
  }
  return Effect.mapError(answered(), toWbemError(false))
}

/**
 * A transaction in a session of its own. What fails is rolled back; where that is not answered nobody else gets the session. When
 * the commit itself fails nobody knows, unless the database says that it did not happen.
 */
const transaction = (sessions: Sessions) =>
<A>(
  begin: string,
  use: (run: Execute) => Effect.Effect<A, SqlError | WbemError | Conflict>
): Effect.Effect<A, WbemError | Conflict> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Effect.mapError(sessions.begin, toWbemError(false)), ({ end, run }) => {
      let committing = false
      const whole = Effect.flatMap(restore(Effect.zipRight(run(begin), use(run))), (value) => {
        committing = true
        return Effect.as(run("commit"), value)
      })
      return Effect.matchCauseEffect(whole, {
        onSuccess: (value) => Effect.as(end(true), value),
        onFailure: (cause) =>
          Effect.flatMap(
            Effect.match(run("rollback"), { onFailure: () => false, onSuccess: () => true }),
            (clean) => Effect.zipRight(end(clean), Effect.mapError(Effect.failCause(cause), toWbemError(committing)))
          )
      })
    })
  )

/** Whatever the server does by itself: a look after a lock has to see what was committed while it waited. */
const beginAlone = "begin isolation level read committed"

/** The backend over sessions. */
export const over = (sessions: Sessions): StoreBackend => {
  const alone = transaction(sessions)
  const look: Run = (sql, parameters = [], lasting = false) => sessions.ask({ sql, parameters, lasting })
  const looking = answer(look, false)
  const writeIfUnchanged = (commit: Commit): Effect.Effect<boolean, WbemError | Conflict> => {
    let sent = false
    const sending = (): void => {
      sent = true
    }
    return Effect.mapBoth(
      Effect.flatMap(sized(() => conditional(commit)), (statement) => sessions.ask({ ...statement, sending })),
      {
        onFailure: (error) => toWbemError(sent)(error),
        onSuccess: ([row]) => row?.["stored"] === true
      }
    )
  }
  return {
    reading: inEffect(looking),
    writing: (work) => alone(beginAlone, (run) => inEffect(answer(run, true))(work)),
    optimistic: {
      most: Number.POSITIVE_INFINITY,
      run: inEffect((ask) => ask._tag === "Write" ? writeIfUnchanged(ask.commit) : looking(ask))
    },
    dump: alone("begin isolation level repeatable read read only", (run) => inTurn(run)(dump)),
    namespaces: Effect.mapError(inTurn(look)(namespaceNames), toWbemError(false)),
    replace: (contents) => alone(beginAlone, replace(contents))
  }
}

/** The backend over a client. */
export const make = (sql: SqlClient.SqlClient, options: Options): StoreBackend =>
  over(overClient(sql, answerTimeoutOf(options)))

/** How long an answer is waited for. */
export const answerTimeoutOf = ({ answerTimeout }: Options): Duration.Duration =>
  Duration.decode(answerTimeout ?? "60 seconds")
