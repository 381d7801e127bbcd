/**
 * The conditional write of PostgreSQL, which needs no transaction around it: one statement that writes only if the versions that were
 * read are unchanged, and nothing otherwise. It takes a shared lock of the rows of its namespaces, so no class changes meanwhile.
 *
 * A write of one row, and one that creates many rows of one class, are nearly all: they have statements of their own with plain
 * parameters. The rows of others are JSON.
 *
 * @internal
 */
import type { InstanceWrite, WriteSet } from "../rowDatabase.ts"
import type { ConditionalWrite } from "../sql/dialect.ts"
import { type Indexed, type IndexedWriteSet, indexedWriteSet } from "./keys.ts"

const input =
  "select *, $2::bigint as w from json_to_recordset($1::json) as x(n text, r text, k text, c text, b text, v bigint, l text)"

/**
 * Locks the rows that were read, in the order of their keys, so that two writes hardly ever wait for each other (then one is retried).
 * A row whose version has changed is not locked. A row without a class is validated but not written.
 */
const lockedRows =
  `select 1 from input join effect_wmi_instance t on t.namespace = n and t.root = r and t.key = k and t.version = v
  where v is not null order by n, r, k for update of t`

/** The part of a write for rows of one kind, each over the version that was read. */
interface Part {
  readonly name: string
  readonly is: (row: InstanceWrite) => boolean
  readonly sql: string
}

const parts: ReadonlyArray<Part> = [
  {
    name: "created",
    is: ({ body, readVersion }) => body !== undefined && readVersion === undefined,
    sql: `insert into effect_wmi_instance (namespace, root, key, class, version, body, long)
      select n, r, k, c, w, b, l from input where b is not null and v is null and (select ok from guard)
      order by n, r, k`
  },
  {
    name: "updated",
    is: ({ body, readVersion }) => body !== undefined && readVersion !== undefined,
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

/**
 * The beginning of a write with plain parameters: the namespaces are locked, in the order of their names, and `guard` says whether
 * all of them have the tokens that were read. A put of a class at the same time waits for the end of this write, or this one for it.
 */
const guarded = (preconditions: WriteSet["preconditions"], parameters: Array<unknown>): string => {
  const holds = preconditions.map((guard) => {
    parameters.push(...guard)
    return `folded = $${parameters.length - 1} and token = $${parameters.length}::bigint`
  })
  return `locked as (select 1 from effect_wmi_namespace where (${
    holds.join(" or ")
  }) and alive order by folded for share),
      guard as (select (select count(*) from locked) = ${preconditions.length} as ok)`
}

/** The writes of a single row, with its namespaces locked. */
const oneRowWrites = {
  created: `insert into effect_wmi_instance (namespace, root, key, class, version, body)
    select $1::text, $2::text, $3::text, $4::text, $5::bigint, $6::text where (select ok from guard)
    on conflict (namespace, root, key) do nothing`,
  updated: `update effect_wmi_instance set class = $4::text, version = $5::bigint, body = $6::text
    where namespace = $1::text and root = $2::text and key = $3::text and version = $7::bigint and (select ok from guard)`,
  removed: `delete from effect_wmi_instance
    where namespace = $1::text and root = $2::text and key = $3::text and version = $4::bigint and (select ok from guard)`
} as const

/**
 * The write of one row with plain parameters, which a database plans in half the time that a list takes. Its text depends only on the
 * kind of write and the number of namespaces.
 */
const oneRow = (
  { preconditions, version }: WriteSet,
  { body, className, key, namespace, root, readVersion }: InstanceWrite & Indexed
): ConditionalWrite => {
  const kind = body === undefined ? "removed" : readVersion === undefined ? "created" : "updated"
  const parameters: Array<unknown> = [namespace, root, key]
  if (body !== undefined) parameters.push(className, version, body)
  if (readVersion !== undefined) parameters.push(readVersion)
  const guard = guarded(preconditions, parameters)
  return { isPrepared: true, parameters, sql: `with ${guard} ${oneRowWrites[kind]} returning true as stored` }
}

/** Whether all rows are new rows of one class: what a bulk load mostly is. */
const areUniform = ({ instances, validatedReads }: IndexedWriteSet): boolean => {
  const { className, namespace, root } = instances[0]!
  return validatedReads.length === 0
    && instances.every((one) =>
      one.body !== undefined && one.readVersion === undefined && one.long === undefined && one.root === root
      && one.className === className && one.namespace === namespace
    )
}

/** Occurs in no key and no body: both are JSON, which has no such character in it, or digits. */
const separator = "\u001e"

const list = (parameter: number): string => `unnest(string_to_array($${parameter}, chr(30)))`

/**
 * New rows of one class as texts that the database splits: a third of what JSON costs the database, and less than that here, because
 * text that is JSON already need not be escaped. It writes all or none: if one of the rows exists the statement fails.
 */
const uniformRows = ({ instances, preconditions, version }: WriteSet): ConditionalWrite => {
  const { className, namespace, root } = instances[0]!
  // In one order, so that two of them hardly ever wait for each other; then one is retried.
  const rows = [...instances].sort((one, two) => one.key < two.key ? -1 : 1)
  const parameters: Array<unknown> = [
    namespace,
    root,
    className,
    version,
    rows.map(({ key }) => key).join(separator),
    rows.map(({ body }) => body).join(separator)
  ]
  return {
    isPrepared: false,
    parameters,
    sql: `with ${guarded(preconditions, parameters)},
        created as (insert into effect_wmi_instance (namespace, root, key, class, version, body)
          select $1::text, $2::text, k, $3::text, $4::bigint, b from rows from (${list(5)}, ${list(6)}) as x(k, b)
          where (select ok from guard))
        select ok as stored from guard`
  }
}

/**
 * A statement that writes all rows if the preconditions and the version of every row hold. With one row its result says whether it
 * did. With several it may fail instead, because then none may be written, and a statement that fails writes nothing.
 */
export const conditionalWrite = (given: WriteSet): ConditionalWrite => {
  const set = indexedWriteSet(given)
  const { instances, preconditions, validatedReads, version } = set
  if (preconditions.length > 0) {
    if (instances.length === 1 && validatedReads.length === 0 && instances[0]!.long === undefined) {
      return oneRow(set, instances[0]!)
    }
    if (areUniform(set)) return uniformRows(set)
  }
  const present = parts.filter(({ is }) => instances.some(is))
  const total = present.map(({ name }) => `(select count(*) from ${name})`).join(" + ")
  // Among several rows one that exists fails the statement, as it must; a single one is only not written.
  const unless = instances.length === 1 && present[0] === parts[0]
    ? " on conflict (namespace, root, key) do nothing"
    : ""
  const guard = preconditions.length === 1
    ? `select folded from effect_wmi_namespace where folded = $4 and token = $5::bigint and alive for share`
    : `select w.folded from effect_wmi_namespace w, json_to_recordset($4::json) as g(f text, v bigint)
        where w.folded = g.f and w.token = g.v and w.alive order by w.folded for share of w`
  const readRows = instances.reduce((n, one) => one.readVersion === undefined ? n : n + 1, validatedReads.length)
  const holds = instances.length + validatedReads.length > 1 && readRows > 0
  const answer = instances.length === 1 || readRows === instances.length + validatedReads.length
    ? `select ${total} = $3::bigint as stored`
    : `select 1 / (case when ${total} = $3::bigint then 1 else 0 end) = 1 as stored`
  return {
    isPrepared: false,
    sql: `with input as (${input}),
      locked as (${guard}), ${holds ? `held as (${lockedRows}), ` : ""}
      guard as (select (select count(*) from locked) = ${preconditions.length}${
      holds ? ` and (select count(*) from held) = ${readRows}` : ""
    } as ok),
      ${present.map(({ name, sql }) => `${name} as (${sql}${unless} returning 1)`).join(", ")}
      ${answer}`,
    parameters: [
      JSON.stringify([
        ...instances.map(({ body, className, key, long, namespace, root, readVersion }) => ({
          n: namespace,
          r: root,
          k: key,
          c: className,
          ...(long === undefined ? {} : { l: long }),
          ...(body === undefined ? {} : { b: body }),
          ...(readVersion === undefined ? {} : { v: readVersion })
        })),
        ...validatedReads.map(({ key, namespace, root, version }) => ({ n: namespace, r: root, k: key, v: version }))
      ]),
      version,
      instances.length,
      ...(preconditions.length === 1 ? preconditions[0]! : [JSON.stringify(preconditions.map(([f, v]) => ({ f, v })))])
    ]
  }
}
