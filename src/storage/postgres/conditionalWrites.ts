/**
 * The write of a PostgreSQL backend that needs no transaction around it: one statement that writes what was decided while
 * everything still is as it was seen, and nothing otherwise. It takes a shared lock of its namespaces' rows, so no class changes
 * between.
 *
 * A write of one row, and one of many rows of one class, which are nearly all, have words of their own with plain parameters; others
 * come as JSON.
 *
 * @internal
 */
import { type Indexed, type IndexedCommit, indexedCommit } from "./keys.ts"
import type { Single } from "./sessions.ts"
import type { Commit, InstanceWrite } from "../rowDatabase.ts"

const input =
  "select *, $2::bigint as w from json_to_recordset($1::json) as x(n text, r text, k text, c text, b text, v bigint, l text)"

/**
 * Takes the rows that were seen, in the order of their keys, so that two writes hardly ever wait for each other (then one is tried
 * again); none is taken that has changed since. Without a class it is a row that stays.
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
    sql: `insert into effect_wmi_instance (namespace, root, key, class, version, body, long)
      select n, r, k, c, w, b, l from input where b is not null and v is null and (select ok from guard)
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
 * of them have the tokens that were seen. A class that is put at the same time waits for the end of this, or this for it.
 */
const guarded = (guards: Commit["guards"], parameters: Array<unknown>, more = ""): string => {
  const holds = guards.map((guard) => {
    parameters.push(...guard)
    return `folded = $${parameters.length - 1} and token = $${parameters.length}::bigint`
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
  { body, className, key, namespace, root, seen }: InstanceWrite & Indexed
): Statement => {
  const kind = body === undefined ? "removed" : seen === undefined ? "created" : "updated"
  const parameters: Array<unknown> = [namespace, root, key]
  if (body !== undefined) parameters.push(className, version, body)
  if (seen !== undefined) parameters.push(seen)
  const guard = guarded(guards, parameters)
  return { lasting: true, parameters, sql: `with ${guard} ${singleWrites[kind]} returning true as stored` }
}

/** Rows of one class that all come, or are all there and change: what a bulk load mostly is. */
const areAlike = ({ instances, kept }: IndexedCommit): boolean => {
  const { className, namespace, root, seen } = instances[0]!
  return kept.length === 0
    && instances.every((one) =>
      one.body !== undefined && one.long === undefined && one.root === root && one.className === className
      && one.namespace === namespace
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
export const conditional = (given: Commit): Statement => {
  const commit = indexedCommit(given)
  const { guards, instances, kept, version } = commit
  if (guards.length > 0 && instances.length === 1 && kept.length === 0 && instances[0]!.long === undefined) {
    return single(commit, instances[0]!)
  }
  if (guards.length > 0 && areAlike(commit)) return alike(commit)
  const present = parts.filter(({ is }) => instances.some(is))
  const total = present.map(({ name }) => `(select count(*) from ${name})`).join(" + ")
  // Among several rows one that is there already fails the statement, as it must; a single one is just not written.
  const unless = instances.length === 1 && present[0] === parts[0]
    ? " on conflict (namespace, root, key) do nothing"
    : ""
  const guard = guards.length === 1
    ? `select folded from effect_wmi_namespace where folded = $4 and token = $5::bigint and alive for share`
    : `select w.folded from effect_wmi_namespace w, json_to_recordset($4::json) as g(f text, v bigint)
        where w.folded = g.f and w.token = g.v and w.alive order by w.folded for share of w`
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
        ...instances.map(({ body, className, key, long, namespace, root, seen }) => ({
          n: namespace,
          r: root,
          k: key,
          c: className,
          ...(long === undefined ? {} : { l: long }),
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
