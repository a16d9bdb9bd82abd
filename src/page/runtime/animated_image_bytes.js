// Tells whether an image is animated, by its first bytes, so that no more than these is read of a still picture.
const ascii = new TextDecoder('latin1');

/// {type} of an animated image, null for a still one, undefined if more bytes are needed.
function animatedTypeOf(text) {
  if (text.length < 32) return undefined;
  if (text.startsWith('GIF8')) return {type: 'image/gif'};  // the decoder will count its pictures
  if (text.slice(1, 4) === 'PNG') {
    const [control, data] = [text.indexOf('acTL'), text.indexOf('IDAT')];  // acTL comes before IDAT (PNG, "acTL")
    if (control < 0 && data < 0) return undefined;
    return control >= 0 && (data < 0 || control < data) ? {type: 'image/png'} : null;
  }
  const animationFlag = 2;  // of the WebP container's VP8X chunk
  if (text.startsWith('RIFF') && text.slice(8, 16) === 'WEBPVP8X') {
    return text.charCodeAt(20) & animationFlag ? {type: 'image/webp'} : null;
  }
  const brands = text.slice(4, 8) === 'ftyp' ? text.slice(8, text.charCodeAt(3)) : '';
  return brands.includes('avis') ? {type: 'image/avif'} : null;
}

function joined(chunks) {
  const bytes = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/// {type, bytes} of an animated image, null for a still one. The browser usually has the file in its cache.
async function readAnimatedImage(url) {
  const reader = (await fetchNatively(url)).body.getReader();
  const chunks = [];
  let known;
  for (let text = ''; ;) {
    const {done, value} = await reader.read();
    if (done) return known ? {...known, bytes: joined(chunks)} : null;
    chunks.push(value);
    if (known === undefined) known = animatedTypeOf(text += ascii.decode(value));
    if (known === null) {
      reader.cancel();
      return null;
    }
  }
}
