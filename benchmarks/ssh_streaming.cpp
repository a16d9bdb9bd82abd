// The rate at which a chunk streams back over SSH, from an sshd on this machine.
//   ssh_streaming [--rounds N] [--megabytes N]
// benchmarks/README.md explains the columns.
#include "program.hpp"
#include "protocol/file_transfer.hpp"
#include "support/ssh_server.hpp"

#include <orchestrator/executors/ssh_executor.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace orchestrator;
using test::SshServer;
using namespace orchestrator::program;

struct Settings {
  int rounds{3};
  std::int64_t megabytes{400};
};

fs::path this_program() { return fs::read_symlink("/proc/self/exe"); }

/// A worker that renders nothing: it answers every job with `file`.
asio::awaitable<void> answer_with(protocol::MessageChannel& channel, fs::path file) {
  const FileDigest digest = must(co_await digest_file(file));
  channel.send(protocol::Hello{.name = "streaming", .slots = 1});
  channel.keep_beating(std::chrono::seconds(2));
  for (;;) {
    auto message = co_await channel.receive(std::chrono::milliseconds(0));
    if (!message) co_return;
    const auto* job = std::get_if<protocol::Job>(&*message);
    if (job == nullptr) continue;
    ChunkResult result{.file = job->job.output, .frames = job->job.frames.count(), .capture = "none"};
    protocol::Done done{.result = std::move(result), .file = digest, .job = job->id};
    channel.send(done);
    const auto sent = co_await protocol::send_file(channel, file, digest, std::chrono::seconds(10));
    if (!sent) give_up(sent.error().message());
  }
}

int run_streaming_worker(const fs::path& file) {
  asio::io_context context(1);
  protocol::MessageChannel channel(context.get_executor(), UniqueFd(::dup(STDIN_FILENO)), UniqueFd(::dup(STDOUT_FILENO)));
  asio::co_spawn(context, answer_with(channel, file), [&](const std::exception_ptr&) { context.stop(); });
  context.run();
  return 0;
}

class NoContext final : public ChunkContext {
  void progress(std::int64_t, std::int64_t) override {}
  void log(LogLevel, std::string_view) override {}
};

double chunk_seconds(RenderExecutor& executor, const fs::path& output) {
  asio::io_context context(1);
  NoContext chunk;
  ChunkJob job{.frames = {0, 1}, .composition = "http://127.0.0.1/", .output = output};
  const auto start = Clock::now();
  asio::co_spawn(context, executor.render_chunk(job, chunk),
                 [](const std::exception_ptr&, Result<ChunkResult> result) { must(std::move(result)); });
  context.run();
  return seconds_since(start);
}

/// Writes noise, which nothing on the way can compress.
void write_noise(const fs::path& file, std::int64_t megabytes) {
  std::ofstream stream(file, std::ios::binary);
  std::vector<std::uint64_t> block(1'000'000 / sizeof(std::uint64_t));
  std::uint64_t state = 1;
  for (std::int64_t i = 0; i < megabytes; ++i) {
    for (auto& word : block) word = state = state * 6364136223846793005U + 1442695040888963407U;
    stream.write(reinterpret_cast<const char*>(block.data()), static_cast<std::streamsize>(1'000'000));
  }
  if (!stream.flush()) give_up("cannot write " + file.string());
}

void measure_streaming(const Settings& settings, const fs::path& folder) {
  write_noise(folder / "noise", settings.megabytes);
  const SshServer server(this_program().parent_path());
  const SshHost host{.host = SshServer::name(),
                     .slots = 1,
                     .worker = "'" + this_program().string() + "' --answer-with '" + (folder / "noise").string() + "'",
                     .ssh_options = {"-F", server.files().client_config()}};
  SshExecutor executor({.hosts = {host}});  // does not connect: the first round measures that, too
  for (int round = 0; round < settings.rounds; ++round) {
    const double seconds = chunk_seconds(executor, folder / ("arrived-" + std::to_string(round)));
    std::printf("a chunk file of %lld MB back over ssh: %.2f s, %.0f MB/s\n", static_cast<long long>(settings.megabytes), seconds,
                static_cast<double>(settings.megabytes) / seconds);
    fs::remove(folder / ("arrived-" + std::to_string(round)));
  }
}

Settings parse(int argc, char** argv) {
  Settings settings;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    const int value = std::max(1, std::atoi(argv[i + 1]));
    if (name == "--rounds") {
      settings.rounds = value;
    } else if (name == "--megabytes") {
      settings.megabytes = value;
    } else {
      give_up("unknown option " + std::string(name));
    }
  }
  return settings;
}

}  // namespace

int main(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);
  if (argc == 3 && std::string_view(argv[1]) == "--answer-with") return run_streaming_worker(argv[2]);
  const Settings settings = parse(argc, argv);
  char folder[] = "/tmp/orchestrator-benchmark-XXXXXX";
  if (::mkdtemp(folder) == nullptr) give_up("cannot make a folder in /tmp");
  measure_streaming(settings, folder);
  fs::remove_all(folder);
}
