// Stamps: two 8x2 px elements that tell the capture side which frame the screen shows (docs/architecture.md, "Capture").
// They sit in the top layer, where neither z-index nor a transform or filter of the page reaches them, in a closed shadow
// root of one element behind <body>.
const stampSheet = `
  i { all: initial; position: absolute; top: 0; width: 8px; height: 2px; visibility: hidden }
  @media print { i { display: none } }`;
const hostStyle = `all: initial !important; position: fixed !important; inset: 0 auto auto 0 !important; width: 16px !important;
  height: 2px !important; contain: strict !important; pointer-events: none !important; user-select: none !important;
  z-index: 2147483647 !important; display: block !important`;
const {showPopover, hidePopover, togglePopover} = HTMLElement.prototype;
let stamps = null;
let stampsAreCovered = false;

function makeStamps() {
  const host = document.createElement('orchestrator-stamps');
  host.style.cssText = hostStyle;
  host.popover = 'manual';
  host.ariaHidden = 'true';
  const root = attachShadow.call(host, {mode: 'closed'});
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(stampSheet);
  root.adoptedStyleSheets = [sheet];
  const [first, second] = [0, 8].map((left) => {
    const stamp = root.appendChild(document.createElement('i'));
    stamp.style.left = `${left}px`;
    return stamp;
  });
  return {host, first, second};
}

/// In the page, and above everything that entered the top layer after them.
function raiseStamps() {
  stamps ??= makeStamps();
  const {host} = stamps;
  const isAttached = host.isConnected && host.parentNode === document.documentElement;
  if (isAttached && !stampsAreCovered) return;
  if (!isAttached) document.documentElement.append(host);
  else hidePopover.call(host);
  showPopover.call(host);
  stampsAreCovered = false;
}

function paintStamps(shown, hidden, color) {
  shown.style.background = `#${color.toString(16).padStart(6, '0')}`;
  shown.style.visibility = 'visible';
  hidden.style.visibility = 'hidden';
}

function showFirstStamp(color) {
  raiseStamps();
  paintStamps(stamps.first, stamps.second, color);
}

function showSecondStamp(color) {
  raiseStamps();
  paintStamps(stamps.second, stamps.first, color);
}

if (config.stamps && parent === null) {
  const {showModal} = HTMLDialogElement.prototype;
  const {requestFullscreen} = Element.prototype;
  const entersTopLayer = (owner, name, method) => replaceMethod(owner, name, function (...values) {
    stampsAreCovered = true;
    return method.apply(this, values);
  });
  entersTopLayer(HTMLElement.prototype, 'showPopover', showPopover);
  entersTopLayer(HTMLElement.prototype, 'togglePopover', togglePopover);
  entersTopLayer(HTMLDialogElement.prototype, 'showModal', showModal);
  entersTopLayer(Element.prototype, 'requestFullscreen', requestFullscreen);
}
