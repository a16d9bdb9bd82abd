#include "orchestrator/executor_arguments.hpp"

#include "base/invalid_options.hpp"
#include "orchestrator/text_file.hpp"

#include <orchestrator/executors/lambda_executor.hpp>
#include <orchestrator/executors/local_executor.hpp>
#include <orchestrator/executors/slurm_executor.hpp>
#include <orchestrator/executors/ssh_executor.hpp>
#include <orchestrator/render_orchestrator.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace orchestrator::tool {

namespace {

std::filesystem::path this_program() {
  std::error_code failed;
  return std::filesystem::read_symlink("/proc/self/exe", failed);
}

Result<std::vector<SshHost>> read_hosts(const std::string& file) {
  const auto text = text_of_file(file);
  if (!text) return invalid_options("--hosts: " + text.error().detail);
  auto hosts = parse_ssh_hosts(*text);
  if (!hosts) return invalid_options("--hosts " + file + ": " + hosts.error().detail);
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
    if (auto valid = validate_ssh_host(options.hosts.back()); !valid) return invalid_options("--host: " + valid.error().detail);
  }
  if (options.hosts.empty()) return invalid_options("--executor ssh needs hosts: --host NAME (repeatable) or --hosts FILE");
  return options;
}

Result<std::unique_ptr<RenderExecutor>> make_ssh(SshExecutorOptions options, const std::stop_token& stop,
                                                 const ExecutorArguments::Tell& tell) {
  tell(LogLevel::info, "connecting to " + std::to_string(options.hosts.size()) + " host(s)");
  auto ssh = std::make_unique<SshExecutor>(std::move(options));
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

}  // namespace

void ExecutorArguments::declare(CLI::App& command) {
  command
      .add_option("--executor", executor,
                  "local (this machine), ssh, slurm or lambda; default: whose options are given, or local")
      ->group("Machines");
  declare_ssh(command);
  declare_slurm(command);
  declare_lambda(command);
}

void ExecutorArguments::declare_ssh(CLI::App& command) {
  const auto own = [this](CLI::Option* option) {
    own_options_.push_back({"ssh", option->group("Machines")});
    return option;
  };
  own(command.add_option("--host", hosts, "A host to render on, as ssh takes it: NAME or USER@NAME (repeatable)"))
      ->allow_extra_args(false);
  own(command.add_option(
      "--hosts", hosts_file,
      R"(JSON file: {"hosts": [{"host": "user@node1", "port": 22, "slots": 2, "worker": "orchestrator worker", )"
      R"("ssh_options": ["-F", "farm.conf"], "weight": 1.0}]}; only "host" is required)"));
  own(command.add_flag("--bootstrap", bootstrap, "Copy this program to hosts that lack it, and remove it afterwards"));
}

void ExecutorArguments::declare_lambda(CLI::App& command) {
  const auto own = [this](CLI::Option* option) {
    own_options_.push_back({"lambda", option->group("AWS Lambda")});
    return option;
  };
  own(command.add_option("--lambda-function", lambda.function,
                         "Name, NAME:QUALIFIER or ARN; its bootstrap is orchestrator-lambda"));
  own(command.add_option("--lambda-bucket", lambda.bucket, "S3 bucket for compositions and chunks"));
  own(command.add_option("--lambda-region", lambda.region, "Default: the ARN's, AWS_REGION, AWS_DEFAULT_REGION, the profile's"));
  own(command.add_option("--lambda-prefix", lambda.prefix, "Of every object's key"))->capture_default_str();
  own(command.add_option("--lambda-concurrency", lambda.max_concurrency, "Invocations at the same time"))->capture_default_str();
  own(command.add_option("--lambda-endpoint", lambda.lambda_endpoint, "URL, instead of AWS's"));
  own(command.add_option("--s3-endpoint", lambda.s3_endpoint, "URL, instead of AWS's; the function uses it, too"));
  own(command.add_flag("--s3-path-style", lambda.s3_path_style, "http://HOST/BUCKET/KEY, as most other stores want it"));
}

void ExecutorArguments::declare_slurm(CLI::App& command) {
  const auto own = [this](CLI::Option* option) {
    own_options_.push_back({"slurm", option->group("Slurm")});
    return option;
  };
  own(command.add_option("--slurm-workers", slurm.workers, "Jobs at most, each with one worker"))->capture_default_str();
  own(command.add_option("--slurm-partition", slurm.partition, "As srun's --partition"));
  own(command.add_option("--slurm-account", slurm.account, "As srun's --account"));
  own(command.add_option("--slurm-constraint", slurm.constraint, "As srun's --constraint: what a node must have"));
  own(command.add_option("--slurm-cpus", slurm.cpus, "CPUs of each worker"))->capture_default_str();
  own(command.add_option("--slurm-memory", slurm.memory_mib, "Memory of each worker, in MiB; default: the cluster's"));
  own(command.add_option("--slurm-time", slurm.time, "Limit of each worker's job, as srun's --time: 90, 1:30:00, 2-12"));
  own(command.add_option("--slurm-option", slurm.srun_options, "One more argument for srun, such as --gres=gpu:1 (repeatable)"))
      ->allow_extra_args(false);
  own(command.add_flag("--slurm-shared", slurm.shared_files,
                       "Composition and output lie in a file system that the nodes share: read and write there"));
}

/// The executor that --executor names, or that is implied by the first option which only one executor understands. Options of
/// another executor are an error.
Result<std::string> ExecutorArguments::chosen() const {
  std::string name = executor;
  for (const OwnOption& own : own_options_) {
    if (own.option->count() == 0) continue;
    if (name.empty()) name = own.executor;
    if (name != own.executor)
      return invalid_options(own.option->get_name() + " belongs to --executor " + own.executor + ", not to " + name);
  }
  if (name.empty()) name = "local";
  if (name == "local" || name == "ssh" || name == "slurm" || name == "lambda") return name;
  return invalid_options("--executor is local, ssh, slurm or lambda, not '" + name + "'");
}

std::vector<std::string> worker_command() {
  const std::filesystem::path self = this_program();
  const char* named = std::getenv("ORCHESTRATOR_WORKER");
  if (self.empty() || (named != nullptr && *named != '\0')) return {};
  return {self.string(), "worker"};
}

void keep_to_slots(RenderOptions& options, const RenderExecutor& executor) {
  const ExecutorCapabilities can = executor.capabilities();
  options.chunking.workers = std::min(options.chunking.workers, std::max(can.slots, can.most_slots));
}

int ExecutorArguments::most_at_once(const RenderOptions& options) const {
  const auto plan = RenderOrchestrator::plan(options, {.slots = slurm.workers});  // by the defaults what is left open
  return plan ? plan->workers : 0;
}

Result<std::unique_ptr<RenderExecutor>> ExecutorArguments::make(Work work, std::chrono::milliseconds limit,
                                                                const std::stop_token& stop, const Tell& tell) const {
  const auto name = chosen();
  if (!name) return name.error();
  if (*name == "lambda") {
    LambdaExecutorOptions options = lambda;
    options.on_log = tell;
    return std::unique_ptr<RenderExecutor>(std::make_unique<LambdaExecutor>(std::move(options)));
  }
  if (*name == "slurm") {
    SlurmExecutorOptions options = slurm;
    if (work.at_once > 0) options.workers = std::min(options.workers, work.at_once);  // each is a job, which holds CPUs
    options.worker_command = worker_command();
    options.on_log = tell;
    return std::unique_ptr<RenderExecutor>(std::make_unique<SlurmExecutor>(std::move(options)));
  }
  if (*name == "ssh") {
    auto options = ssh_options(*this);
    if (!options) return options.error();
    if (limit.count() > 0) options->connect_timeout = std::min(options->connect_timeout, limit);
    return make_ssh(std::move(*options), stop, tell);
  }
  return std::unique_ptr<RenderExecutor>(
      std::make_unique<LocalExecutor>(LocalExecutorOptions{.workers = work.workers, .worker_command = worker_command()}));
}

}  // namespace orchestrator::tool
