// The pictures of animated images that have been made. They are not compressed (plain_pngs.js), so of those that are not shown only
// so many are kept: enough that a loop of a small image is made once.
const mostKept = 64e6;           // bytes: seven pictures of 1920 x 1080
const keptPictures = new Map();  // URL -> {pictures: those of its film, index, size}, the oldest first
let keptSize = 0;
const revokeUrl = URL.revokeObjectURL.bind(URL);

/// `picture`: null if it could not be made, which stays so.
function keepPicture({pictures}, index, picture) {
  pictures.set(index, picture);
  if (picture === null) return;
  keptPictures.set(picture.url, {pictures, index, size: picture.size});
  keptSize += picture.size;
}

/// `shown`: URLs. Elements and styles share the pictures of a film, and may show different ones.
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
