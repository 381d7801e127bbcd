/**
 * What a transaction of the PostgreSQL backend writes. It holds its namespaces for itself, so nothing is compared: rows go over
 * whatever is there.
 *
 * @internal
 */
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import * as CimName from "../../model/CimName.ts"
import type { WbemError } from "../../protocol/WbemError.ts"
import { type Indexed, indexedCommit, indexedContents, namespaceColumn } from "./keys.ts"
import { idsJson, type Run } from "./queries.ts"
import { forgetEverything, schemaChange } from "../sql/sqlDatabase.ts"
import type { Commit, Contents, InstanceWrite, SchemaWrite } from "../rowDatabase.ts"
import { inChunks, sized } from "../textLimits.ts"

/** Instances: those that go, then the others. */
const writeInstances = (
  run: Run,
  version: number,
  rows: ReadonlyArray<InstanceWrite & Indexed>
): Effect.Effect<void, SqlError | WbemError> =>
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
        `insert into effect_wmi_instance (namespace, root, key, class, version, body, long)
          select n, r, k, c, $2::bigint, b, l
            from json_to_recordset($1::json) as x(n text, r text, k text, c text, b text, l text)
          on conflict (namespace, root, key) do update set class = excluded.class, version = excluded.version, body = excluded.body`,
        [
          yield* sized(() =>
            JSON.stringify(some.map(({ body, className, key, long, namespace, root }) => ({
              n: namespace,
              r: root,
              k: key,
              c: className,
              b: body,
              l: long
            })))
          ),
          version
        ]
      )
    }
  })

/** Namespaces and schema rows, under the versions that their namespaces have then. */
const writeSchema = (
  run: Run,
  { bumps, namespaces, schema, version }: Pick<Commit, "bumps" | "namespaces" | "version"> & {
    readonly schema: ReadonlyArray<SchemaWrite & Indexed>
  }
): Effect.Effect<void, SqlError> =>
  Effect.gen(function* () {
    for (const [namespace] of bumps) {
      yield* run(`update effect_wmi_namespace set ${schemaChange(version)} where folded = $1`, [namespace])
    }
    for (const { alive, name, namespace } of namespaces) {
      if (alive) {
        yield* run(
          `insert into effect_wmi_namespace as t (folded, name, counter, alive, token, history)
            values ($1, $2, 1, true, ${version}, ',${version},')
            on conflict (folded) do update set name = excluded.name, ${schemaChange(version, "t.")}, alive = true`,
          [namespace, name]
        )
      } else yield* run("update effect_wmi_namespace set alive = false where folded = $1", [namespace])
    }
    for (const some of inChunks(schema)) {
      yield* run(
        `insert into effect_wmi_schema (namespace, root, key, version, body, long)
          select x.n, x.r, x.k, w.counter, x.b, x.l
          from json_to_recordset($1::json) as x(n text, r text, k text, b text, l text)
          join effect_wmi_namespace w on w.folded = x.n
          on conflict (namespace, root, key) do update set version = excluded.version, body = excluded.body`,
        [
          JSON.stringify(some.map(({ body, key, long, namespace, root }) => ({
            n: namespace,
            r: root,
            k: key,
            b: body,
            l: long
          })))
        ]
      )
    }
  })

/** Everything of a commit. */
export const writeAll = (run: Run) => (given: Commit): Effect.Effect<void, SqlError | WbemError> =>
  Effect.gen(function* () {
    const commit = indexedCommit(given)
    if (commit.schema.length > 0) yield* writeSchema(run, commit)
    yield* writeInstances(run, commit.version, commit.instances)
  })

/** Puts other contents in the place of everything. */
export const replace = (contents: Contents) => (run: Run): Effect.Effect<void, SqlError | WbemError> =>
  Effect.gen(function* () {
    const { namespaces, version } = contents
    const { instances, schema } = indexedContents(contents)
    yield* run("select folded from effect_wmi_namespace order by folded for update")
    for (const statement of forgetEverything(version)) yield* run(statement)
    yield* writeSchema(run, {
      namespaces: namespaces.map((name) => ({ namespace: namespaceColumn(CimName.fold(name)), name, alive: true })),
      schema,
      bumps: [],
      version
    })
    yield* writeInstances(run, version, instances.map((row) => ({ ...row, seen: undefined })))
  })
