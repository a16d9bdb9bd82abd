// Chunks of one video run in different processes and must get the same random numbers: mulberry32, a public-domain generator with
// 32 bits of state. It begins as in Helios's renderer, so that its pages look the same here. crypto.getRandomValues is left alone.
const firstRandomState = 0x12345678;
let randomState = firstRandomState;
replaceMethod(Math, 'random', function random() {
  randomState = (randomState + 0x6d2b79f5) | 0;
  let mixed = Math.imul(randomState ^ (randomState >>> 15), randomState | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
});

/// Begins the sequence anew, another one for each number.
function reseedRandom(number) {
  randomState = (firstRandomState + Math.imul(number, 0x9e3779b9)) | 0;  // steps of the golden ratio, as in SplitMix
}
