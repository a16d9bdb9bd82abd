// document.timeline, and timelines that a page makes (new DocumentTimeline). The browser freezes only the first, so animations of
// the others run on it, too; such a timeline differs from it only in its origin time.
const timelineTime = Object.getOwnPropertyDescriptor(AnimationTimeline.prototype, 'currentTime').get;
const frozenTime = () => timelineTime.call(document.timeline) ?? 0;
const isDocumentTime = (timeline) => timeline instanceof DocumentTimeline;

const originsMs = new WeakMap();      // DocumentTimeline of the page's own -> its originTime
const ownTimelines = new WeakMap();   // Animation -> the timeline of the page's own that it was given
const timelineNow = (timeline) => pageFrameTime() - (originsMs.get(timeline) ?? 0);

replaceClass('DocumentTimeline', (values, newTarget) => {
  const timeline = Reflect.construct(DocumentTimeline, values, newTarget);
  originsMs.set(timeline, Number(values[0]?.originTime ?? 0));
  return timeline;
});
replaceAccessor(AnimationTimeline.prototype, 'currentTime', {
  get() {
    const time = timelineTime.call(this);
    return isDocumentTime(this) && time !== null ? timelineNow(this) : time;
  },
});

/// Calls `makeOn(timeline)` to make or move an animation: on document.timeline if `wanted` is a timeline that the page made, and
/// remembers that one.
function onOwnTimeline(wanted, makeOn) {
  if (!originsMs.has(wanted)) return makeOn(wanted);
  const animation = makeOn(document.timeline);
  ownTimelines.set(animation, wanted);
  return animation;
}
replaceClass('Animation', (values, newTarget) => {
  const [effect = null, ...rest] = values;
  if (rest.length === 0) return Reflect.construct(Animation, [effect], newTarget);
  return onOwnTimeline(rest[0], (timeline) => Reflect.construct(Animation, [effect, timeline], newTarget));
});
const {animate} = Element.prototype;
replaceMethod(Element.prototype, 'animate', function (...values) {
  const options = values[1];
  const animation = originsMs.has(options?.timeline)
    ? onOwnTimeline(options.timeline, (timeline) => animate.call(this, values[0], {...options, timeline}))
    : Reflect.apply(animate, this, values);
  started.add(animation);
  return animation;
});
const animationTimeline = replaceAccessor(Animation.prototype, 'timeline', {
  get() {
    return ownTimelines.get(this) ?? animationTimeline.get.call(this);
  },
  set(wanted) {
    ownTimelines.delete(this);
    onOwnTimeline(wanted, (timeline) => {
      animationTimeline.set.call(this, timeline);
      return this;
    });
  },
});
