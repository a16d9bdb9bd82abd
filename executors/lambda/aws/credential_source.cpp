#include "lambda/aws/credential_source.hpp"

#include <orchestrator/worker/cancellation.hpp>
#include <orchestrator/worker/child_process.hpp>
#include <orchestrator/worker/program_search.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fstream>
#include <iterator>

namespace orchestrator::aws {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

Error failed(Errc code, std::string detail) { return {.code = code, .detail = std::move(detail), .stage = Stage::start}; }

std::map<std::string, AwsProfile> read_shared_file(AwsFile kind, const Environment& environment) {
  std::ifstream file(shared_file(kind, environment), std::ios::binary);
  return parse_aws_file(std::string(std::istreambuf_iterator<char>(file), {}), kind);
}

Result<ExpiringCredentials> parsed(std::string_view json, const std::string& who) {
  if (auto keys = parse_credentials_json(json)) return std::move(*keys);
  return failed(Errc::invalid_options, who + " gave no credentials that can be read");
}

constexpr ProgramSearch command_line_search{
    .title = "the AWS CLI", .variable = "ORCHESTRATOR_AWS", .package = "awscli", .names = {"aws"}};

}  // namespace

/// Marks a fetch as running, and wakes those who wait for it when its coroutine ends in whatever way.
struct CredentialSource::Flight {
  explicit Flight(CredentialSource& owner) : source(&owner) { source->fetching_ = true; }
  Flight(const Flight&) = delete;
  Flight& operator=(const Flight&) = delete;
  ~Flight() {
    source->fetching_ = false;
    source->fetched_.cancel();
  }
  CredentialSource* source;
};

std::string find_region(const std::string& profile) {
  const Environment environment = aws_environment();
  const auto config = read_shared_file(AwsFile::config, environment);
  return plan_region(profile, environment, config, read_shared_file(AwsFile::credentials, environment));
}

CredentialSource::CredentialSource(asio::any_io_executor executor, HttpClient& http, CredentialOptions options, Clock now)
    : http_(&http),
      options_(std::move(options)),
      now_(std::move(now)),
      fetched_(std::move(executor), asio::steady_timer::time_point::max()) {}

asio::awaitable<Result<Credentials>> CredentialSource::get() {
  std::optional<Credentials> current = cache_.current(now_());
  while (!current && fetching_) {
    boost::system::error_code woken;
    co_await fetched_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    const bool cancelled = co_await is_cancelled();
    if (cancelled) co_return failed(Errc::cancelled, "cancelled");
    current = cache_.current(now_());
    if (!fetching_ && !current && failure_) co_return *failure_;
  }
  if (current) co_return *current;
  Flight flight(*this);
  failure_.reset();
  auto fetched = co_await fetch();
  if (fetched) {
    Credentials keys = fetched->keys;
    cache_.fetched(std::move(*fetched), now_());
    co_return keys;
  }
  if (fetched.error().code == Errc::cancelled) co_return fetched.error();
  current = cache_.not_fetched(now_());
  if (current) co_return *current;
  failure_ = fetched.error();
  co_return fetched.error();
}

asio::awaitable<Result<ExpiringCredentials>> CredentialSource::fetch() {
  const Environment environment = aws_environment();
  const auto config = read_shared_file(AwsFile::config, environment);
  const auto credentials = read_shared_file(AwsFile::credentials, environment);
  auto plan = plan_credentials(options_, environment, config, credentials);
  if (!plan) co_return plan.error();
  switch (plan->from) {
    case CredentialPlan::From::keys: break;
    case CredentialPlan::From::command_line: co_return co_await ask_command_line(std::move(plan->profile));
    case CredentialPlan::From::container: co_return co_await ask_container(std::move(*plan));
    case CredentialPlan::From::instance: co_return co_await ask_instance(std::move(*plan));
  }
  co_return ExpiringCredentials{.keys = plan->keys};
}

asio::awaitable<Result<ExpiringCredentials>> CredentialSource::ask_command_line(std::string profile) {
  const std::string who = profile.empty() ? "the role of AWS_WEB_IDENTITY_TOKEN_FILE" : "the AWS profile " + profile;
  const std::string needs = who + " needs the AWS CLI, version 2: ";
  const ProgramFinding program = search_program(command_line_search);
  if (program.path.empty()) {
    co_return failed(Errc::invalid_options,
                     needs + program.reason + ": " + program.remedy + ", or set AWS_ACCESS_KEY_ID and so on");
  }
  SpawnOptions command{.argv = {program.path, "configure", "export-credentials", "--format", "process"}};
  if (!profile.empty()) command.argv.insert(command.argv.end(), {"--profile", profile});
  const auto run = co_await run_program(std::move(command), 60s);
  if (!run) co_return run.error();
  if (run->status.success()) co_return parsed(run->output, "`aws configure export-credentials`");
  // Exit code 2 means version 1 of the AWS CLI, which does not know the command.
  Error error = failed(Errc::invalid_options, run->status.code == 2 ? needs + program.path + " is none"
                                                                    : "`aws configure export-credentials` failed for " + who +
                                                                          "; does `aws sso login` help?");
  error.output_tail = run->error_tail;
  co_return error;
}

asio::awaitable<Result<std::string>> CredentialSource::ask(HttpRequest request, std::string who) {
  request.headers.push_back({"Host", std::string(authority_of(request.origin))});
  // Such an endpoint is on this machine or its link: it answers at once, or there is none.
  HttpSendOptions options{.connect_timeout = 1s, .total_timeout = 5s, .max_body_bytes = 64 << 10, .through_proxy = false};
  auto answer = co_await http_->send(std::move(request), std::move(options));
  if (!answer && answer.error().kind == HttpFailure::Kind::cancelled) co_return failed(Errc::cancelled, "cancelled");
  const std::string advice = "; if it has none, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE";
  if (!answer) {
    co_return failed(Errc::executor_unavailable,
                     "no AWS credentials: " + who + " does not answer (" + answer.error().detail + ")" + advice);
  }
  if (answer->status != 200) {
    co_return failed(Errc::invalid_options, "no AWS credentials: " + who + " answers " + std::to_string(answer->status) + advice);
  }
  co_return std::move(answer->body);
}

asio::awaitable<Result<ExpiringCredentials>> CredentialSource::ask_container(CredentialPlan plan) {
  const Environment environment = aws_environment();
  HttpRequest request{.origin = plan.origin, .path = plan.path};
  std::string token;
  if (const auto file = environment.find("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"); file != environment.end()) {
    std::ifstream stream(file->second);
    std::getline(stream, token);
  } else if (const auto variable = environment.find("AWS_CONTAINER_AUTHORIZATION_TOKEN"); variable != environment.end()) {
    token = variable->second;
  }
  if (!token.empty()) request.headers.push_back({"Authorization", token});
  const std::string who = "the container's endpoint " + plan.origin;
  const auto json = co_await ask(std::move(request), who);
  if (!json) co_return json.error();
  co_return parsed(*json, who);
}

/// IMDSv2: a token first, then the name of the instance's role, then its credentials.
asio::awaitable<Result<ExpiringCredentials>> CredentialSource::ask_instance(CredentialPlan plan) {
  const std::string who = "the instance metadata at " + plan.origin;
  const std::string roles = "/latest/meta-data/iam/security-credentials/";
  HttpRequest token_request{.method = "PUT", .origin = plan.origin, .path = "/latest/api/token"};
  token_request.headers.push_back({"X-aws-ec2-metadata-token-ttl-seconds", "300"});
  const auto token = co_await ask(std::move(token_request), who);
  if (!token) co_return token.error();
  HttpRequest role_request{.origin = plan.origin, .path = roles};
  role_request.headers.push_back({"X-aws-ec2-metadata-token", *token});
  HttpRequest keys_request = role_request;
  const auto role = co_await ask(std::move(role_request), who);
  if (!role) co_return role.error();
  keys_request.path = roles + role->substr(0, role->find('\n'));
  const auto json = co_await ask(std::move(keys_request), who);
  if (!json) co_return json.error();
  co_return parsed(*json, who);
}

}  // namespace orchestrator::aws
