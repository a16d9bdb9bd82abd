// Makes uncompressed PNGs, for pictures that only this browser reads. The browser's own encoder runs in idle time (Blink,
// CanvasAsyncBlobCreator), which comes only after 0.7 s under begin-frame control. Such a PNG takes 4 bytes a pixel for as long
// as it is kept (kept_pictures.js). PNG: ISO/IEC 15948; stored blocks: RFC 1951, 3.2.4.
const mostStored = 65535;  // bytes in a stored block

/// Tables for a CRC-32 of four bytes at a time: table `k` is for a byte that `k` of the four follow.
const crcTables = Array.from({length: 4}, () => new Int32Array(256));
for (let byte = 0; byte < 256; byte += 1) {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  crcTables[0][byte] = crc;
}
for (let byte = 0; byte < 256; byte += 1) {
  for (let k = 1; k < 4; k += 1) {
    const before = crcTables[k - 1][byte];
    crcTables[k][byte] = crcTables[0][before & 255] ^ (before >>> 8);
  }
}

function crcOf(bytes, from, until) {
  const [t0, t1, t2, t3] = crcTables;
  let crc = -1;
  let at = from;
  for (; at + 4 <= until; at += 4) {
    crc ^= bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    crc = t3[crc & 255] ^ t2[(crc >>> 8) & 255] ^ t1[(crc >>> 16) & 255] ^ t0[crc >>> 24];
  }
  for (; at < until; at += 1) crc = t0[(crc ^ bytes[at]) & 255] ^ (crc >>> 8);
  return ~crc;
}

/// Adler-32 (RFC 1950). The sums over `run` bytes stay below 2^31.
function adlerOf(bytes) {
  const run = 3800;
  let [low, high] = [1, 0];
  for (let from = 0; from < bytes.length; from += run) {
    const until = Math.min(from + run, bytes.length);
    for (let at = from; at < until; at += 1) high += low += bytes[at];
    low %= 65521;
    high %= 65521;
  }
  return high * 65536 + low;
}

/// Rows of RGBA, each preceded by its filter type, which is 0: none.
function rowsOf({data, width, height}) {
  const rows = new Uint8Array(height * (1 + width * 4));
  for (let y = 0; y < height; y += 1) rows.set(data.subarray(y * width * 4, (y + 1) * width * 4), y * (1 + width * 4) + 1);
  return rows;
}

function chunkOf(name, data) {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i += 1) bytes[4 + i] = name.charCodeAt(i);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crcOf(bytes, 4, 8 + data.length));
  return bytes;
}

/// A zlib stream (RFC 1950) of stored blocks.
function stored(rows) {
  const blocks = Math.ceil(rows.length / mostStored);
  const bytes = new Uint8Array(2 + 5 * blocks + rows.length + 4);
  bytes.set([0x78, 0x01]);
  let at = 2;
  for (let from = 0; from < rows.length; from += mostStored) {
    const block = rows.subarray(from, from + mostStored);
    const isLast = from + mostStored >= rows.length;
    const {length} = block;
    bytes.set([isLast ? 1 : 0, length & 255, length >> 8, ~length & 255, (~length >> 8) & 255], at);
    bytes.set(block, at + 5);
    at += 5 + length;
  }
  new DataView(bytes.buffer).setUint32(at, adlerOf(rows));
  return bytes;
}

/// `image`: an ImageData.
function plainPng(image) {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, image.width);
  view.setUint32(4, image.height);
  header.set([8, 6, 0, 0, 0], 8);  // bit depth 8, RGBA, the only compression and filter methods, not interlaced
  const signature = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [signature, chunkOf('IHDR', header), chunkOf('IDAT', stored(rowsOf(image))), chunkOf('IEND', new Uint8Array(0))];
  return new Blob(parts, {type: 'image/png'});
}
