/**
 * The statements that make the tables of a store; `schema.ts` says what the tables hold.
 *
 * @internal
 */
import type { TableDialect } from "./dialect.ts"

/** The statements that make the tables of form 1; `migration.ts` has the statements that bring them to form 2. */
export const creating = ({ integer, tableSuffix }: TableDialect): ReadonlyArray<string> => [
  `create table effect_wmi_namespace (
    folded text not null primary key, name text not null, version ${integer} not null, alive boolean not null
  )${tableSuffix}`,
  `create table effect_wmi_schema (
    namespace text not null, root text not null, key text not null, version ${integer} not null, body text,
    primary key (namespace, root, key)
  )${tableSuffix}`,
  "create index effect_wmi_schema_version on effect_wmi_schema (namespace, version)",
  `create table effect_wmi_instance (
    namespace text not null, root text not null, key text not null, class text not null, version ${integer} not null,
    body text not null, primary key (namespace, root, key)
  )${tableSuffix}`,
  "create index effect_wmi_instance_class on effect_wmi_instance (namespace, class) where class <> root"
]
