// Finds characters for which no font has a glyph. The browser draws them as the box (.notdef) of the first font, like a
// noncharacter, which no font can have. So a character that gives the same canvas pixels as the noncharacter has no glyph.
const drawing = OffscreenCanvasRenderingContext2D.prototype;
const glyphCanvas = {
  fillText: drawing.fillText,
  measureText: drawing.measureText,
  clearRect: drawing.clearRect,
  getImageData: drawing.getImageData,
  setFont: Object.getOwnPropertyDescriptor(drawing, 'font').set,
  size: 32,  // room for a glyph of 20 px
  context: null,
};
const noCharacter = '\u{10FFFE}';  // a noncharacter: fonts must not have it (Unicode 16, section 23.7)
const askedGlyphs = new Map();     // font -> {box, width, present: Set, missing: Set}

function glyphPixels(text) {
  const {context, size} = glyphCanvas;
  glyphCanvas.clearRect.call(context, 0, 0, size, size);
  glyphCanvas.fillText.call(context, text, 4, 24);
  return new Uint32Array(glyphCanvas.getImageData.call(context, 0, 0, size, size).data.buffer);
}

const glyphWidth = (text) => glyphCanvas.measureText.call(glyphCanvas.context, text).width;

/// Sets the canvas's font, and returns what is known of that font.
function useFont(font) {
  glyphCanvas.context ??= new OffscreenCanvas(glyphCanvas.size, glyphCanvas.size).getContext('2d', {willReadFrequently: true});
  glyphCanvas.setFont.call(glyphCanvas.context, font);
  if (!askedGlyphs.has(font)) {
    askedGlyphs.set(font, {box: glyphPixels(noCharacter), width: glyphWidth(noCharacter), present: new Set(), missing: new Set()});
  }
  return askedGlyphs.get(font);
}

function hasGlyph(known, character) {
  if (glyphWidth(character) !== known.width) return true;
  return !glyphPixels(character).every((pixel, index) => pixel === known.box[index]);
}

// Every font for text has Latin letters and common punctuation, so one letter is tested for all of them.
const plainText = /^[\u0000-\u024f\u2010-\u2027]*$/;
// Characters that draw nothing, or belong to the letter before them.
const unshown = /[\p{M}\p{Z}\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/u;

/// The characters of `text` that have no glyph in `font` ("italic 700 20px Family, sans-serif") nor in any font of the machine.
function missingCharacters(text, font) {
  const known = useFont(font);
  const missing = [];
  for (const character of plainText.test(text) ? 'A' : text) {
    if (known.present.has(character)) continue;
    if (known.missing.has(character)) {
      missing.push(character);
    } else if (plainText.test(character) && character !== 'A' || unshown.test(character) || hasGlyph(known, character)) {
      known.present.add(character);
    } else {
      known.missing.add(character);
      missing.push(character);
    }
  }
  return missing;
}

const scripts = ['Latin', 'Han', 'Hiragana', 'Katakana', 'Hangul', 'Bopomofo', 'Arabic', 'Hebrew', 'Devanagari', 'Thai', 'Greek',
                 'Cyrillic', 'Bengali', 'Tamil', 'Telugu', 'Gujarati', 'Gurmukhi', 'Kannada', 'Malayalam', 'Oriya', 'Sinhala',
                 'Lao', 'Khmer', 'Myanmar', 'Tibetan', 'Georgian', 'Armenian', 'Ethiopic', 'Mongolian', 'Syriac', 'Thaana',
                 'Cherokee', 'Javanese', 'Balinese', 'Tifinagh', 'Nko', 'Egyptian_Hieroglyphs', 'Cuneiform'];

function scriptOf(character) {
  if (/\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}/u.test(character)) return 'emoji';
  if (/\p{Co}/u.test(character)) return 'private use, as icon fonts have it';
  if (/\p{Script=Common}/u.test(character)) return 'symbol';
  const named = scripts.find((script) => new RegExp(`\\p{Script=${script}}`, 'u').test(character));
  return (named ?? 'another script').replace('_', ' ');
}
