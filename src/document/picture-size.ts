// Size of a picture, from its header: large enough to be a scan? May not: decode pixels.

/** Pixels of the longer and the shorter side a scan of text has at least. */
const LONG = 600
const SHORT = 400

export function isScanSize(bytes: Uint8Array): boolean {
  const size = imageSize(bytes)
  return size !== undefined && Math.max(...size) >= LONG && Math.min(...size) >= SHORT
}

/** Width and height in pixels of a PNG, JPEG or TIFF (its first page). */
export function imageSize(bytes: Uint8Array): readonly [number, number] | undefined {
  if (bytes.length < 26) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const magic = view.getUint32(0)
  if (magic === 0x89504e47) return [view.getUint32(16), view.getUint32(20)]
  if (magic >>> 16 === 0xffd8) return jpegSize(view)
  if (magic === 0x49492a00 || magic === 0x4d4d002a) return tiffSize(view, magic === 0x49492a00)
  return undefined
}

function jpegSize(view: DataView): readonly [number, number] | undefined {
  let at = 2
  while (at + 9 <= view.byteLength) {
    if (view.getUint8(at) !== 0xff) return undefined
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) { at++; continue }
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) { at += 2; continue }
    // Start of frame, but not DHT, JPG or DAC.
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) return [view.getUint16(at + 7), view.getUint16(at + 5)]
    at += 2 + Math.max(2, view.getUint16(at + 2))
  }
  return undefined
}

function tiffSize(view: DataView, little: boolean): readonly [number, number] | undefined {
  const directory = view.getUint32(4, little)
  if (directory + 2 > view.byteLength) return undefined
  let width = 0
  let height = 0
  const count = view.getUint16(directory, little)
  for (let i = 0, at = directory + 2; i < count && at + 12 <= view.byteLength; i++, at += 12) {
    const tag = view.getUint16(at, little)
    if (tag !== 256 && tag !== 257) continue
    const value = view.getUint16(at + 2, little) === 3 ? view.getUint16(at + 8, little) : view.getUint32(at + 8, little)
    if (tag === 256) width = value
    else height = value
  }
  return width > 0 && height > 0 ? [width, height] : undefined
}
