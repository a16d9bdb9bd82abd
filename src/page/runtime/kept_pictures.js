// Pictures of animated images that have been made. They are not compressed (plain_pngs.js), so the oldest that are not shown are
// dropped above a limit. It is high enough that the pictures of a small image in a loop are made only once.
const mostKept = 64e6;           // bytes: seven pictures of 1920 x 1080
const keptPictures = new Map();  // URL -> {pictures: the map of its film, index, size}, the oldest first
let keptSize = 0;
const revokeUrl = URL.revokeObjectURL.bind(URL);

/// `picture` is null if it could not be made; it is not tried again.
function keepPicture({pictures}, index, picture) {
  pictures.set(index, picture);
  if (picture === null) return;
  keptPictures.set(picture.url, {pictures, index, size: picture.size});
  keptSize += picture.size;
}

/// Drops the oldest pictures above the limit, except `shown`: the URLs that elements and styles show now. These share the
/// pictures of a film and may show different ones.
function dropPictures(shown) {
  for (const [url, {pictures, index, size}] of keptPictures) {
    if (keptSize <= mostKept) return;
    if (shown.has(url)) continue;
    keptPictures.delete(url);
    pictures.delete(index);
    keptSize -= size;
    revokeUrl(url);
  }
}
