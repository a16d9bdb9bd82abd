// Times that exist in documents only, not in workers.
const {createEvent} = Document.prototype;
replaceMethod(Document.prototype, 'createEvent', function (...values) {
  return madeNow(Reflect.apply(createEvent, this, values));
});

/// Replaces an attribute that holds the time of the native frame in which the object was made. That frame may have begun before
/// the clock moved, but the page gets the object in the step that caused it, so the step's frame time is told.
function tellFrameTime(owner, name) {
  const original = replaceAccessor(owner, name, {
    get() {
      const timeMs = original.get.call(this);
      return timeMs === null ? null : momentOf(this, pageFrameTime);
    },
  });
}
tellFrameTime(IntersectionObserverEntry.prototype, 'time');
tellFrameTime(AnimationPlaybackEvent.prototype, 'timelineTime');
tellFrameTime(VideoPlaybackQuality.prototype, 'creationTime');
