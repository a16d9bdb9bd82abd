#include "orchestrator/executor_arguments.hpp"

#include "ssh/src/ssh_command.hpp"

#include <orchestrator/executors/lambda_executor.hpp>
#include <orchestrator/executors/local_executor.hpp>
#include <orchestrator/executors/ssh_executor.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace orchestrator::tool {

namespace {

Error wrong(std::string detail) { return Error{.code = Errc::invalid_options, .detail = std::move(detail)}; }

std::filesystem::path this_program() {
  std::error_code failed;
  return std::filesystem::read_symlink("/proc/self/exe", failed);
}

/// This very program, whatever it is called, unless $ORCHESTRATOR_WORKER names another.
std::vector<std::string> worker_command() {
  const std::filesystem::path self = this_program();
  const char* named = std::getenv("ORCHESTRATOR_WORKER");
  if (self.empty() || (named != nullptr && *named != '\0')) return {};
  return {self.string(), "worker"};
}

Result<std::vector<SshHost>> read_hosts(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  if (stream) text << stream.rdbuf();
  if (!stream || !text) return wrong("--hosts: cannot read " + file);
  auto hosts = parse_ssh_hosts(text.str());
  if (!hosts) return wrong("--hosts " + file + ": " + hosts.error().detail);
  return hosts;
}

Result<SshExecutorOptions> ssh_options(const ExecutorArguments& arguments) {
  SshExecutorOptions options{.bootstrap = arguments.bootstrap, .bootstrap_program = this_program()};
  if (!arguments.hosts_file.empty()) {
    auto hosts = read_hosts(arguments.hosts_file);
    if (!hosts) return hosts.error();
    options.hosts = std::move(*hosts);
  }
  for (const std::string& name : arguments.hosts) {
    options.hosts.push_back({.host = name});
    if (auto valid = validate_ssh_host(options.hosts.back()); !valid) return wrong("--host: " + valid.error().detail);
  }
  if (options.hosts.empty()) return wrong("--executor ssh needs hosts: --host NAME (repeatable) or --hosts FILE");
  return options;
}

std::unique_ptr<RenderExecutor> make_lambda(const ExecutorArguments& arguments) {
  return std::make_unique<LambdaExecutor>(LambdaExecutorOptions{.function = arguments.lambda_function,
                                                                .bucket = arguments.lambda_bucket,
                                                                .prefix = arguments.lambda_prefix,
                                                                .region = arguments.lambda_region,
                                                                .max_concurrency = arguments.lambda_concurrency,
                                                                .lambda_endpoint = arguments.lambda_endpoint,
                                                                .s3_endpoint = arguments.s3_endpoint,
                                                                .s3_path_style = arguments.s3_path_style});
}

}  // namespace

void ExecutorArguments::declare(CLI::App& command) {
  const std::string group = "Machines";
  command.add_option("--executor", executor, "local (this machine), ssh or lambda; what hosts or a function imply")->group(group);
  command.add_option("--host", hosts, "A host to render on, as ssh takes it: NAME or USER@NAME (repeatable)")
      ->allow_extra_args(false)
      ->group(group);
  command
      .add_option("--hosts", hosts_file,
                  R"(JSON file: {"hosts": [{"host": "user@node1", "port": 22, "slots": 2, "worker": "orchestrator worker", )"
                  R"("ssh_options": ["-F", "farm.conf"], "weight": 1.0}]}; only "host" is required)")
      ->group(group);
  command.add_flag("--bootstrap", bootstrap, "Copy this program to hosts that lack it, and remove it afterwards")->group(group);
  declare_lambda(command);
}

void ExecutorArguments::declare_lambda(CLI::App& command) {
  const std::string group = "AWS Lambda";
  command.add_option("--lambda-function", lambda_function, "Name, NAME:QUALIFIER or ARN; its bootstrap is orchestrator-lambda")
      ->group(group);
  command.add_option("--lambda-bucket", lambda_bucket, "S3 bucket for compositions and chunks")->group(group);
  command.add_option("--lambda-region", lambda_region, "Default: AWS_REGION, or the profile's")->group(group);
  command.add_option("--lambda-prefix", lambda_prefix, "Of every object's key")->capture_default_str()->group(group);
  command.add_option("--lambda-concurrency", lambda_concurrency, "Invocations at the same time")
      ->capture_default_str()
      ->group(group);
  command.add_option("--lambda-endpoint", lambda_endpoint, "URL, instead of AWS's")->group(group);
  command.add_option("--s3-endpoint", s3_endpoint, "URL, instead of AWS's; the function uses it, too")->group(group);
  command.add_flag("--s3-path-style", s3_path_style, "http://HOST/BUCKET/KEY, as most other stores want it")->group(group);
}

Result<std::unique_ptr<RenderExecutor>> ExecutorArguments::make(
    int workers, std::chrono::milliseconds limit, const std::stop_token& stop,
    const std::function<void(LogLevel, std::string_view)>& tell) const {
  const bool has_hosts = !hosts.empty() || !hosts_file.empty() || bootstrap;
  const bool has_function = !lambda_function.empty() || !lambda_bucket.empty();
  std::string chosen = executor;
  if (chosen.empty()) chosen = has_hosts ? "ssh" : has_function ? "lambda" : "local";
  if (chosen != "local" && chosen != "ssh" && chosen != "lambda") {
    return wrong("--executor is local, ssh or lambda, not '" + chosen + "'");
  }
  if (has_hosts && chosen != "ssh") return wrong("--host, --hosts and --bootstrap belong to --executor ssh");
  if (has_function && chosen != "lambda") {
    return wrong("--lambda-function and --lambda-bucket belong to --executor lambda, not to " + chosen);
  }
  if (chosen == "local") {
    return std::unique_ptr<RenderExecutor>(
        std::make_unique<LocalExecutor>(LocalExecutorOptions{.workers = workers, .worker_command = worker_command()}));
  }
  if (chosen == "lambda") return make_lambda(*this);
  auto options = ssh_options(*this);
  if (!options) return options.error();
  if (limit.count() > 0) options->connect_timeout = std::min(options->connect_timeout, limit);
  tell(LogLevel::info, "connecting to " + std::to_string(options->hosts.size()) + " host(s)");
  auto ssh = std::make_unique<SshExecutor>(std::move(*options));
  const auto reports = ssh->connect(stop);
  if (!reports) return reports.error();
  for (const SshHostReport& host : *reports) {
    const std::string slots =
        host.host + ": " + std::to_string(host.slots) + " slot(s)" + (host.bootstrapped ? ", bootstrapped" : "");
    if (!host.refused) tell(LogLevel::info, slots);
    if (host.refused) tell(LogLevel::warning, host.refused->detail);
  }
  return std::unique_ptr<RenderExecutor>(std::move(ssh));
}

}  // namespace orchestrator::tool
