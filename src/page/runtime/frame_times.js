// Moments that only documents have.
const {createEvent} = Document.prototype;
replaceMethod(Document.prototype, 'createEvent', function (...values) {
  return madeNow(Reflect.apply(createEvent, this, values));
});

/// Attributes that hold the time of the native frame that made the object, which may have begun before the clock moved: the
/// page gets it in the step that made it.
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
