#include "support/failure.hpp"

#include "support/files.hpp"

#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

namespace orchestrator::test {

namespace {

constexpr const char* earlier_film = "an earlier film";

template <class T>
boost::json::value json_of(const std::optional<T>& number) {
  return number ? boost::json::value(*number) : boost::json::value(nullptr);
}

}  // namespace

void check_failure(const Sandbox& sandbox, const ToolEnd& end, const ExpectedFailure& expected) {
  INFO(end.errors << end.output);
  CHECK(end.status.signal == 0);
  CHECK(end.status.code == expected.exit_status);
  CHECK(end.wall < expected.within);
  const auto error = end.json().at("error").as_object();
  CHECK(error.at("code").as_string() == expected.code.c_str());
  CHECK(error.at("stage").as_string() == expected.stage.c_str());
  CHECK(error.at("chunk") == json_of(expected.chunk));
  CHECK(error.at("frame") == json_of(expected.frame));
  for (const std::string& name : expected.names) {
    CHECK_THAT(std::string(error.at("message").as_string()), Catch::Contains(name));
    CHECK_THAT(end.errors, Catch::Contains(name));
  }
  CHECK(sandbox.remains() == "");
}

void check_render_fails(Sandbox& sandbox, const std::string& composition, const std::string& frames, Arguments more,
                        const ExpectedFailure& expected) {
  write_file(sandbox.film(), earlier_film);
  more.push_back("--overwrite");
  const ToolEnd end = sandbox.render(composition, frames, std::move(more));
  check_failure(sandbox, end, expected);
  CHECK(names_in(sandbox.out()) == std::vector<std::string>{"film.mp4"});
  CHECK(read_file(sandbox.film()) == earlier_film);
}

}  // namespace orchestrator::test
