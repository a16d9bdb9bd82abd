// Invokes a function through AWS's SDK, which finds region, endpoint and keys in its environment, and writes what it saw as JSON.
//   node sdk_caller.mjs whole|stream FUNCTION EVENT
import {InvokeCommand, InvokeWithResponseStreamCommand, LambdaClient} from '@aws-sdk/client-lambda';

const [way, FunctionName, Payload] = process.argv.slice(2);
const client = new LambdaClient({});
const seen = {};

async function whole() {
  const answer = await client.send(new InvokeCommand({FunctionName, Payload}));
  seen.attempts = answer.$metadata.attempts;
  seen.version = answer.ExecutedVersion;
  seen.function_error = answer.FunctionError ?? '';
  seen.text = answer.Payload.transformToString();
}

async function stream() {
  const answer = await client.send(new InvokeWithResponseStreamCommand({FunctionName, Payload}));
  seen.attempts = answer.$metadata.attempts;
  seen.version = answer.ExecutedVersion;
  seen.text = '';
  const decoder = new TextDecoder();
  for await (const event of answer.EventStream) {
    if (event.PayloadChunk) seen.text += decoder.decode(event.PayloadChunk.Payload, {stream: true});
    const {ErrorCode: code = '', ErrorDetails: details = ''} = event.InvokeComplete ?? {};
    if (event.InvokeComplete) seen.end = {code, details};
  }
}

try {
  await {whole, stream}[way]();
} catch (error) {
  const {name, message, Message, Reason: reason, retryAfterSeconds: retry_after, $metadata: call} = error;
  seen.error = {name, message: message || Message, reason, retry_after, status: call?.httpStatusCode};
}
console.log(JSON.stringify(seen));
