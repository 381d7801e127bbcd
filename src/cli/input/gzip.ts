/**
 * Recognises gzip.
 *
 * @internal
 */

/** Whether bytes begin with the magic number of gzip. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b
