// The few ways in which the film touches the page.

const SVG = 'http://www.w3.org/2000/svg';

export function append(parent, name, className = '', text = '') {
  const isSvg = parent.namespaceURI === SVG;
  const element = isSvg ? document.createElementNS(SVG, name) : document.createElement(name);
  if (className) element.setAttribute('class', className);
  if (text) element.textContent = text;
  parent.append(element);
  return element;
}

export function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

/** Colour number `i` of `count`, from ink to accent; style.css turns --tone into a colour. */
export function setTone(element, i, count) {
  element.style.setProperty('--tone', `${Math.round((100 * i) / Math.max(1, count - 1))}%`);
}

/** Fills a heading with parts (words, letters) that can rise from behind their own baseline. */
export function appendRising(heading, parts, separator) {
  return parts.map((part, i) => {
    if (i > 0) heading.append(separator);
    return append(append(heading, 'span', 'mask'), 'span', 'rising', part);
  });
}

/** `share` 0: hidden below its mask, 1: in place. */
export function setRise(part, share) {
  part.style.transform = share < 1 ? `translateY(${(1 - share) * 115}%)` : '';
}

/** Fades a block in while it moves up by `distance` of its own font size. */
export function setEntrance(element, share, distance = 1) {
  element.style.opacity = share;
  element.style.transform = share < 1 ? `translateY(${(1 - share) * distance}em)` : '';
}
