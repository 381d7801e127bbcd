/**
 * The names of spans and attributes. Names that begin with `db.`, `error.` and `server.` are those of OpenTelemetry's
 * semantic conventions; the others are this library's. `docs/telemetry.md` has the tables.
 *
 * The library itself writes them as text of these types, so that the bundle of a program has only those that it uses.
 *
 * @since 0.1.0
 */

/**
 * The names of the spans.
 *
 * @since 0.1.0
 * @category constants
 */
export const spans = {
  /** One put, from its start to its last event. Of a submitted put: from its acceptance. */
  put: "wmi.put",
  /** The start of a submitted put, until it is accepted. */
  submit: "wmi.submit",
  /** One batch of a bulk put. */
  putBulk: "wmi.put_bulk",
  /** A dry run. */
  plan: "wmi.plan",
  get: "wmi.get",
  delete: "wmi.delete",
  classes: "wmi.list_classes",
  instances: "wmi.list_instances",
  namespaces: "wmi.list_namespaces",
  snapshot: "wmi.snapshot",
  restore: "wmi.restore",
  /** One transaction of a store with all its attempts: the puts of one commit, or a read. */
  transaction: "wmi.transaction",
  /** One request to a PowerShell host, from its acceptance to its reply. */
  hostCall: "wmi.host_call"
} as const

/** The name of a span. */
export type SpanName = (typeof spans)[keyof typeof spans]

/**
 * The names of the attributes. No attribute has the value of a property, except that a path has the values of its keys.
 *
 * @since 0.1.0
 * @category constants
 */
export const attributes = {
  /** The namespace of the call, such as `root\cimv2`. */
  namespace: "wmi.namespace",
  /** The class of the object; of a batch, if all its objects have one class. */
  class: "wmi.class",
  /** The path of the object. */
  path: "wmi.path",
  /** The flag word of a put, if it is not 0. */
  flags: "wmi.flags",
  /** `Created`, `Updated` or `Unchanged`, of a put that is stored. */
  disposition: "wmi.disposition",
  /** The name of the status, `NoError` of a success. */
  status: "wmi.status",
  /** The number of the status, such as `0x80041002`. */
  hresult: "wmi.hresult",
  /** The numbers of outcomes of a batch. */
  committed: "wmi.batch.committed",
  rejected: "wmi.batch.rejected",
  notStarted: "wmi.batch.not_started",
  unknown: "wmi.batch.unknown",
  /** How often a transaction was attempted. */
  attempts: "wmi.transaction.attempts",
  /** How many attempts ended in a conflict with another writer. */
  conflicts: "wmi.transaction.conflicts",
  /** The name of the operation, as a label of `wmi.operation.duration`: the name of the span. */
  operation: "wmi.operation",
  /** `sqlite` or `postgresql`; `memory` and `key_value` for stores without a database. */
  dbSystem: "db.system.name",
  /** What a transaction or a request to a host does. */
  dbOperation: "db.operation.name",
  /** The name of the PostgreSQL database, if the options of the store name it. */
  dbNamespace: "db.namespace",
  /** The number of puts of a batch or a transaction, if there are two or more. */
  batchSize: "db.operation.batch.size",
  /** The `_tag` of the error; `Interrupted` or `Defect` without one. */
  errorType: "error.type",
  /** The Windows computer that a host is connected to, or the PostgreSQL server, if the options name one. */
  serverAddress: "server.address",
  /** The port of the PostgreSQL server, if it is not 5432. */
  serverPort: "server.port"
} as const

/** The name of an attribute. */
export type AttributeName = (typeof attributes)[keyof typeof attributes]
