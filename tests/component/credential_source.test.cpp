#include "support/aws_session.hpp"
#include "support/cancel.hpp"
#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/http_server.hpp"
#include "support/scripted_http.hpp"
#include "support/temp_dir.hpp"

#include <boost/asio/detached.hpp>
#include <catch2/catch.hpp>

#include <atomic>

using namespace orchestrator;
using namespace orchestrator::aws;
using namespace orchestrator::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

std::string keys_json(const std::string& id, std::chrono::seconds valid_for) {
  const std::time_t end = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now() + valid_for);
  std::tm utc{};
  ::gmtime_r(&end, &utc);
  char text[sizeof "2026-11-20T12:00:00Z"];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return R"({"Version":1,"AccessKeyId":")" + id + R"(","SecretAccessKey":"hidden","Token":"T","Expiration":")" + text + "\"}";
}

/// A program in place of the AWS CLI, which `body` is.
struct FakeCommandLine {
  explicit FakeCommandLine(const std::string& body) {
    write_script(folder / "aws", body);
    write_file(folder / "config", "[profile farm]\ncredential_process = x\n");
    ::setenv("ORCHESTRATOR_AWS", (folder / "aws").c_str(), 1);
  }
  ~FakeCommandLine() { ::unsetenv("ORCHESTRATOR_AWS"); }
  TempDir folder{};
  AwsVariables variables{{{"AWS_CONFIG_FILE", folder / "config"}, {"HOME", folder.path()}, {"AWS_PROFILE", "farm"}}};
};

Error failure(AwsSession& session) {
  const auto keys = session.run(session.credentials.get());
  REQUIRE_FALSE(keys.has_value());
  CHECK_FALSE(contains(keys.error().message(), "hidden"));
  return keys.error();
}

}  // namespace

TEST_CASE("credentials: a profile's keys are read from the shared file", "[aws]") {
  const TempDir folder;
  write_file(folder / "credentials", "[farm]\naws_access_key_id = AK\naws_secret_access_key = SK\naws_session_token = T\n");
  const AwsVariables variables{{{"AWS_SHARED_CREDENTIALS_FILE", folder / "credentials"}, {"HOME", folder.path()}}};
  AwsSession session{CredentialOptions{.profile = "farm"}};
  const auto keys = session.run(session.credentials.get());
  REQUIRE(keys.has_value());
  CHECK(keys->access_key_id == "AK");
  CHECK(keys->secret_access_key == "SK");
  CHECK(keys->session_token == "T");
}

TEST_CASE("credentials: the AWS CLI fetches what only it can, once for all who ask", "[aws]") {
  FakeCommandLine cli("echo \"$@\" >> \"${0%/*}/calls\"\ncat \"${0%/*}/answer\"");
  write_file(cli.folder / "answer", keys_json("CLI", 1h));
  AwsSession session{CredentialOptions{}};
  int good = 0;
  const auto ask = [&]() -> asio::awaitable<void> {
    const auto keys = co_await session.credentials.get();
    if (keys && keys->access_key_id == "CLI") ++good;
  };
  for (int i = 0; i < 20; ++i) asio::co_spawn(session.context, ask(), asio::detached);
  session.context.run_for(30s);
  CHECK(good == 20);
  CHECK(read_file(cli.folder / "calls") == "configure export-credentials --format process --profile farm\n");
}

TEST_CASE("credentials: a failing or old AWS CLI is named, and the profile, but no secret", "[aws]") {
  {
    FakeCommandLine cli("echo 'Error loading SSO Token' >&2; exit 255");
    AwsSession session{CredentialOptions{}};
    const Error error = failure(session);
    CHECK(error.code == Errc::invalid_options);
    CHECK(contains(error.detail, "farm"));
    CHECK(contains(error.output_tail, "Error loading SSO Token"));
  }
  {
    FakeCommandLine cli("echo 'Invalid choice' >&2; exit 2");
    AwsSession session{CredentialOptions{}};
    CHECK(contains(failure(session).detail, "version 2"));
  }
  {
    FakeCommandLine cli("echo '{\"AccessKeyId\": \"x\", \"SecretAccessKey\": \"hidden'");
    AwsSession session{CredentialOptions{}};
    CHECK(contains(failure(session).detail, "export-credentials"));
  }
  FakeCommandLine cli("exit 0");
  ::setenv("ORCHESTRATOR_AWS", "/no/such/program", 1);
  AwsSession session{CredentialOptions{}};
  CHECK(contains(failure(session).detail, "/no/such/program"));
}

TEST_CASE("credentials: a container's endpoint is asked with its token, and again before they expire", "[aws]") {
  std::atomic<int> calls = 0;
  ScriptedHttp server([&](const HttpCall& call) {
    return call["Authorization"] == "container-token" ? http_answer(200, keys_json("KEY" + std::to_string(++calls), 1h))
                                                      : http_answer(401);
  });
  const TempDir folder;
  write_file(folder / "token", "container-token\n");
  const AwsVariables variables{{{"HOME", folder.path()},
                                {"AWS_CONTAINER_CREDENTIALS_FULL_URI", server.origin() + "/keys?x=1"},
                                {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", folder / "token"}}};
  AwsSession session{CredentialOptions{}};
  CHECK(session.run(session.credentials.get())->access_key_id == "KEY1");
  session.later = 50min;
  CHECK(session.run(session.credentials.get())->access_key_id == "KEY1");
  session.later = 56min;
  const auto second = session.run(session.credentials.get());
  CHECK(second->access_key_id == "KEY2");
  session.later = 0s;
  CHECK(session.run(session.credentials.get())->access_key_id == "KEY2");
  session.credentials.refused(*second);
  CHECK(session.run(session.credentials.get())->access_key_id == "KEY3");
  CHECK(server.calls().at(0).target() == "/keys?x=1");
}

TEST_CASE("credentials: if newer ones cannot be fetched, all who ask use the old ones while they last", "[aws]") {
  std::atomic<bool> works = true;
  ScriptedHttp server([&](const HttpCall&) { return works ? http_answer(200, keys_json("OLD", 1h)) : http_answer(500); });
  const TempDir folder;
  const AwsVariables variables{{{"HOME", folder.path()}, {"AWS_CONTAINER_CREDENTIALS_FULL_URI", server.origin() + "/keys"}}};
  AwsSession session{CredentialOptions{}};
  CHECK(session.run(session.credentials.get()).has_value());
  works = false;
  int old = 0;
  const auto ask = [&]() -> asio::awaitable<void> {
    const auto keys = co_await session.credentials.get();
    if (keys && keys->access_key_id == "OLD") ++old;
  };
  constexpr int askers = 20;
  const auto ask_all = [&] {
    for (int i = 0; i < askers; ++i) asio::co_spawn(session.context, ask(), asio::detached);
    session.context.restart();
    session.context.run_for(30s);
  };
  session.later = 56min;
  ask_all();
  CHECK(old == askers);
  CHECK(server.calls().size() == 2);
  session.later += 31s;
  ask_all();
  CHECK(old == 2 * askers);
  CHECK(server.calls().size() == 3);
  session.later = 61min;
  CHECK(contains(failure(session).detail, "answers 500"));
}

TEST_CASE("credentials: an instance's role, by IMDSv2", "[aws]") {
  ScriptedHttp server([](const HttpCall& call) {
    if (call.target() == "/latest/api/token") {
      return call.method_string() == "PUT" && call.count("X-aws-ec2-metadata-token-ttl-seconds") == 1 ? http_answer(200, "IMDS")
                                                                                                      : http_answer(400);
    }
    if (call["X-aws-ec2-metadata-token"] != "IMDS") return http_answer(401);
    const std::string roles = "/latest/meta-data/iam/security-credentials/";
    if (call.target() == roles) return http_answer(200, "farm-role");
    return call.target() == roles + "farm-role" ? http_answer(200, keys_json("ROLE", 3600s)) : http_answer(404);
  });
  const TempDir folder;
  const AwsVariables variables{{{"HOME", folder.path()}, {"AWS_EC2_METADATA_SERVICE_ENDPOINT", server.origin()}}};
  AwsSession session{CredentialOptions{}};
  const auto keys = session.run(session.credentials.get());
  REQUIRE(keys.has_value());
  CHECK(keys->access_key_id == "ROLE");
  CHECK(keys->session_token == "T");
}

TEST_CASE("credentials: a machine that is no instance says what to set", "[aws]") {
  const TempDir folder;
  const std::string nobody = "http://127.0.0.1:" + std::to_string(closed_port());
  const AwsVariables variables{{{"HOME", folder.path()}, {"AWS_EC2_METADATA_SERVICE_ENDPOINT", nobody}}};
  AwsSession session{CredentialOptions{}};
  const Error error = failure(session);
  CHECK(error.code == Errc::executor_unavailable);
  CHECK(contains(error.detail, nobody));
  CHECK(contains(error.detail, "AWS_PROFILE"));
}

TEST_CASE("credentials: whoever waits for another's fetch that is cancelled fetches itself", "[aws]") {
  FakeCommandLine cli("sleep 0.3; cat \"${0%/*}/answer\"");
  write_file(cli.folder / "answer", keys_json("CLI", 1h));
  AwsSession session{CredentialOptions{}};
  std::string second;
  const auto wait_for_it = [&]() -> asio::awaitable<void> {
    asio::steady_timer timer(session.context, 20ms);
    co_await timer.async_wait(asio::use_awaitable);
    const auto keys = co_await session.credentials.get();
    second = keys ? keys->access_key_id : keys.error().detail;
  };
  asio::co_spawn(session.context, wait_for_it(), asio::detached);
  const auto first = await_cancelled(session.context, session.credentials.get(), 100ms);
  CHECK(first.error().code == Errc::cancelled);
  session.context.restart();
  session.context.run_for(10s);
  CHECK(second == "CLI");
}
