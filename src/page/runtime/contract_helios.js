// Contract of a page made with Helios, which says what film it is. It is moved as any other page on the virtual clock (helios.js).
/// What the page says for us comes first.
function describedHelios() {
  const said = describedComposition();
  const helios = shownHelios();
  if (helios === null || Object.keys(said).length > 0) return said;
  const [width, height, fps, duration] = heliosSignals.map((name) => helios[name].value);
  const frames = withoutNoise(duration * fps);
  const length = Number.isInteger(frames) ? {frames} : {duration};
  return checkedSettings('window.helios.', {width, height, fps, ...(duration > 0 ? length : {})});
}

contracts.push({
  name: 'Helios',
  applies: hasHelios,
  *begin() {},
  seek: stepThrough,
  approach: stepTowards,
  said: () => onlyComposition(describedHelios()),
});
