// Bars that a library is to make 240 pixels wide in 0.8 seconds: 10 pixels a frame at 30 frames a second.
export const lengthSeconds = 0.8;
export const lengthPixels = 240;
export const barColour = '#0000ff';

/// A new bar below the others. A wide one is an empty box for what the library draws.
export function bar(isWide = false) {
  const element = document.createElement('div');
  if (isWide) element.className = 'wide';
  document.querySelector('main').append(element);
  return element;
}
