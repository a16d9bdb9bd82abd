// Functions under AWS's runtime client that do what their events say:
//   {"words": [...], "fail": "its error's name", "exit": status, "hang": milliseconds}
async function obey({fail, exit, hang}) {
  if (fail) throw Object.assign(new Error('as told'), {name: fail});
  if (exit) process.exit(exit);
  if (hang) await new Promise((resolve) => setTimeout(resolve, hang));
}

export async function whole(event, context) {
  await obey(event);
  const time_left = context.getRemainingTimeInMillis();
  return {words: event.words, arn: context.invokedFunctionArn, time_left};
}

export const stream = awslambda.streamifyResponse(async (event, answer) => {
  answer.setContentType('text/plain');
  for (const word of event.words) {
    await new Promise((resolve) => answer.write(word, resolve));  // it is out before what comes then
  }
  await obey(event);
  answer.end();
});
