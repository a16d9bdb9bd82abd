// What executors tell of workers elsewhere.
#include <orchestrator/worker/chunk_reports.hpp>

#include "support/notes.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using orchestrator::test::Notes;

TEST_CASE("chunk reports: a worker's log lines have its name, and its progress is passed on", "[chunk_reports]") {
  Notes notes;
  NamedContext named("node7", notes);
  named.progress(3, 2);
  named.log(LogLevel::info, "hello");
  CHECK(notes.text == "3/2 node7: hello ");
}

TEST_CASE("chunk reports: a composition on localhost is warned of once, without its password", "[chunk_reports]") {
  Notes notes;
  LoopbackWarning warning("node");
  warning.look_at("scene/index.html", notes);
  warning.look_at("http://example.com/", notes);
  CHECK(notes.text.empty());
  warning.look_at("http://me:secret@localhost:3000/a", notes);
  warning.look_at("http://127.0.0.1/b", notes);
  CHECK(notes.text ==
        "http://localhost:3000/a is another server on each node: give the composition's folder, or an address that "
        "the nodes can reach ");
}
