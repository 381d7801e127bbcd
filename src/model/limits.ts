/**
 * Limits and defaults of the model that several floors share (`object-model` 14).
 *
 * @internal
 */

/** Most UTF-16 units of a path, also of a relative one (WBEM_MAX_PATH). */
export const longestPath: number = 8192

/**
 * The namespace of a call, a connection or a display name that names none.
 *
 * @since 0.1.0
 * @category models
 */
export const defaultNamespace: string = "root\\cimv2"

/** Whether a server is the local computer, for which WMI takes no credentials. */
export const isLocalServer = (server: string | undefined): boolean =>
  /^(\.|localhost|127\.0\.0\.1|::1)?$/i.test(server ?? "")

/** The detail of an error about a namespace of another computer. */
export const otherServer: string = "it is on another computer; leave the server out, or connect to it"
