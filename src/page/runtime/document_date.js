// document.lastModified is the present, in whole seconds, if the server gave no date (HTML, "lastModified"). Then the clock's
// date is told instead.
const twoDigits = (number) => String(number).padStart(2, '0');

const documentDate = replaceAccessor(Document.prototype, 'lastModified', {
  get() {
    const text = documentDate.get.call(this);
    if (realNow() - native.Date.parse(text) > 2000) return text;
    const date = new native.Date(dateNow());
    const [month, day, hours, minutes, seconds] =
        [date.getMonth() + 1, date.getDate(), date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits);
    return `${month}/${day}/${date.getFullYear()} ${hours}:${minutes}:${seconds}`;
  },
});
