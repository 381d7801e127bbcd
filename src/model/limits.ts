/**
 * Limits of the model that several floors check (`object-model` 14).
 *
 * @internal
 */

/** Most UTF-16 units of a path, also of a relative one (WBEM_MAX_PATH). */
export const longestPath: number = 8192
