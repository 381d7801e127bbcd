/**
 * The statements that make the tables of a store; `sqlTables` says what they hold, and runs them where `@effect/sql` does that.
 *
 * @internal
 */

/** How a dialect spells an integer of 64 bits, and what its tables end with. */
export interface Dialect {
  readonly integer: string
  readonly table: string
}

export const postgres: Dialect = { integer: "bigint", table: "" }
export const sqlite: Dialect = { integer: "integer", table: " without rowid" }

/** The statements. */
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
