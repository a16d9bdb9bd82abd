// Media that cannot be played: their file is missing or broken, or Chromium has no decoder for it. A browser tells only the page
// of that, by an `error` event, so a warning names them.
const {MediaError} = globalThis;
const failedMedia = new Set();  // states of elements that had an `error` event, or whose <source> had one

/// The URLs that an element names, in itself or in its <source> children.
function urlsOfMedia(media) {
  if (media.hasAttribute('src')) return [media.getAttribute('src').trim() && media.currentSrc].filter(Boolean);
  return [...media.querySelectorAll(':scope > source')].map(({src}) => src).filter(Boolean);
}

function reasonOf({error}) {
  if (error === null) return 'none of its <source> is of a type that Chromium plays, is there and is whole';
  const name = Object.keys(MediaError).find((key) => MediaError[key] === error.code);
  return `${name} (MediaError ${error.code})${error.message === '' ? '' : `: ${error.message}`}`;
}

/// Called when the page's own handlers have run, which may have chosen another source. An element whose source was taken away
/// (src="") has failed, too, but as its page wants it.
function tellFailedMedia() {
  for (const state of failedMedia) {
    const urls = hasFailed(state) ? urlsOfMedia(state.media) : [];
    if (urls.length > 0) {
      warnOnce(`${state.media.localName} ${urls.map(shortUrl).join(', ')} cannot be played: ${reasonOf(state.media)}`);
    }
  }
  failedMedia.clear();
}
