/**
 * The statements that make the tables of a store; `sqlTables` says what the tables hold, and runs them over a client of `@effect/sql`.
 *
 * @internal
 */

/** How a dialect spells an integer of 64 bits, and what its tables end with. */
export interface Dialect {
  readonly integer: string
  readonly table: string
  /** The index columns of texts that are too long for an index; absent where an index takes any text (`postgresKeys`). */
  readonly index?: {
    readonly namespace: (folded: string) => string
    readonly key: (key: string) => string
    /** The text of the column for long keys. */
    readonly long: (key: string) => string | undefined
  }
}

export const sqlite: Dialect = { integer: "integer", table: " without rowid" }

/** The statements that make the tables of form 1; `sqlMigration` has those that bring them to form 2. */
export const creating = ({ integer, table }: Dialect): ReadonlyArray<string> => [
  `create table effect_wmi_namespace (
    folded text not null primary key, name text not null, version ${integer} not null, alive boolean not null
  )${table}`,
  `create table effect_wmi_schema (
    namespace text not null, root text not null, key text not null, version ${integer} not null, body text,
    primary key (namespace, root, key)
  )${table}`,
  "create index effect_wmi_schema_version on effect_wmi_schema (namespace, version)",
  `create table effect_wmi_instance (
    namespace text not null, root text not null, key text not null, class text not null, version ${integer} not null,
    body text not null, primary key (namespace, root, key)
  )${table}`,
  "create index effect_wmi_instance_class on effect_wmi_instance (namespace, class) where class <> root"
]
