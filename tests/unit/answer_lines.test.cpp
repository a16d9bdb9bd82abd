#include "lambda/executor/answer_lines.hpp"

#include "support/contains.hpp"
#include "support/notes.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

const std::string sum(64, 'a');
const std::string result = R"({"type":"result","file":"k","frames":9,"bytes":3,"sha256":")" + sum + "\"}\n";

Error failure(std::string_view answer) {
  Notes notes;
  AnswerLines lines(notes);
  lines.feed(answer);
  const auto outcome = lines.outcome();
  REQUIRE_FALSE(outcome.has_value());
  return outcome.error();
}

}  // namespace

TEST_CASE("answer lines: however the answer is cut, the same is read", "[lambda]") {
  const std::string answer = R"({"type":"log","text":"hi"})"
                             "\n"
                             R"({"type":"progress","captured":3,"encoded":2})"
                             "\n"
                             R"({"type":"heartbeat"})"
                             "\n" +
                             result;
  for (std::size_t size = 1; size <= answer.size(); size += 7) {
    Notes notes;
    AnswerLines lines(notes);
    for (std::size_t at = 0; at < answer.size(); at += size) lines.feed(std::string_view(answer).substr(at, size));
    CHECK(notes.text == "hi 3/2 ");
    const auto outcome = lines.outcome();
    REQUIRE(outcome.has_value());
    const auto* done = std::get_if<protocol::Done>(&*outcome);
    REQUIRE(done != nullptr);
    CHECK(done->result.frames == 9);
    CHECK(done->file == FileDigest{3, sum});
  }
}

TEST_CASE("answer lines: a description is an answer", "[lambda]") {
  Notes notes;
  AnswerLines lines(notes);
  lines.feed("{\"type\":\"description\",\"contract\":\"renderFrame\",\"compositions\":[{\"frames\":9}]}\n");
  const auto outcome = lines.outcome();
  REQUIRE(outcome.has_value());
  const auto* described = std::get_if<protocol::Described>(&*outcome);
  REQUIRE(described != nullptr);
  CHECK(described->description.compositions.front().frames == 9);
}

TEST_CASE("answer lines: a function's own error is the chunk's", "[lambda]") {
  const Error error = failure(R"({"type":"error","code":"page_error","detail":"boom","frame":7})"
                              "\n");
  CHECK(error.code == Errc::page_error);
  CHECK(error.frame == 7);
}

TEST_CASE("answer lines: what has no end, no file or no sense is no result", "[lambda]") {
  CHECK(failure("").code == Errc::executor_unavailable);
  CHECK(contains(failure("{\"type\":\"heartbeat\"}\n").detail, "ended before"));
  CHECK(contains(failure(result.substr(0, result.size() - 1)).detail, "ended before"));
  CHECK(contains(failure("{\"type\":\"result\",\"file\":\"k\",\"frames\":1}\n").detail, "no file"));
  CHECK(failure("<html>\n").code == Errc::protocol_error);
}
