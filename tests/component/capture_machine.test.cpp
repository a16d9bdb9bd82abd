// What a page is told of the browser and of the machine: the same by each backend, on every machine.
#include "support/contains.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

/// Logs one line a realm: the document, a frame of another origin, a worker.
const std::string telling = R"(<body><script>
  const probe = `(async () => [navigator.userAgent, navigator.appVersion, navigator.platform, navigator.hardwareConcurrency,
    navigator.connection.effectiveType, navigator.connection.rtt, navigator.connection.downlink,
    JSON.stringify(await navigator.userAgentData?.getHighEntropyValues(['architecture', 'fullVersionList', 'platformVersion'])),
    navigator.deviceMemory].join('; '))()`;
  const answers = [];
  window.orchestratorReady = new Promise((done) => {
    const take = (name, answer) => {
      console.log(`${name}: ${answer} .`);
      if (answers.push(name) === 3) done();
    };
    eval(probe).then((answer) => take('document', answer));
    onmessage = ({data}) => take('frame', data);
    const frame = document.createElement('iframe');
    frame.src = 'data:text/html,' + encodeURIComponent(`<script>${probe}.then((answer) => parent.postMessage(answer, '*'))<\/script>`);
    document.body.append(frame);
    const worker = new Worker(URL.createObjectURL(new Blob([`${probe}.then((answer) => postMessage(answer))`])));
    worker.onmessage = ({data}) => take('worker', data);
  });
</script>)";

/// What a realm logged.
std::string told(const std::string& log, const std::string& realm) {
  const std::string begin = realm + ": ";
  const std::size_t at = log.find(begin);
  if (at == std::string::npos) return "nothing by " + realm + ": " + log;
  return log.substr(at + begin.size(), log.find(" .", at) - at - begin.size());
}

}  // namespace

TEST_CASE("machine: what a page is told of browser and machine is the same by each backend", "[capture]") {
  const HttpServer server({{"/page", {.body = telling}}});
  std::string expected;
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot}) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(error_of(studio.load(server.url("/page"), {0, 1})).empty());
    const std::string document = told(studio.log(), "document");
    CHECK(contains(document, ".0.0.0 Safari/537.36; 5.0 (X11; Linux x86_64)"));
    CHECK(contains(document, "; Linux x86_64; 4; 4g; 0; 10; {"));
    CHECK(contains(document, "; 8"));
    CHECK_FALSE(contains(document, "Headless"));
    CHECK(told(studio.log(), "worker") == document);
    // A frame that is no secure context is told less: no userAgentData, no deviceMemory.
    CHECK(document.starts_with(told(studio.log(), "frame").substr(0, document.find("10; {") + 2)));
    if (expected.empty()) expected = document;
    CHECK(document == expected);
  }
}
