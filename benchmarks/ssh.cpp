// What SSH costs, over an sshd on this machine: a whole render against LocalExecutor's, and the rate at which a chunk streams
// back.
//   ssh [--frames N] [--rounds N] [--megabytes N]
// benchmarks/README.md explains the columns.
#include "program.hpp"
#include "protocol/file_transfer.hpp"
#include "support/ssh_server.hpp"
#include "support/temp_dir.hpp"

#include <orchestrator/executors/local_executor.hpp>
#include <orchestrator/executors/ssh_executor.hpp>
#include <orchestrator/render_orchestrator.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <sys/resource.h>
#include <sys/wait.h>
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
  std::int64_t frames{300};
  int rounds{3};
  std::int64_t megabytes{400};
};

/// User + system time of this process and of the children it has waited for, among them sshd.
double cpu_seconds() {
  double sum = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    ::getrusage(who, &usage);
    for (const timeval time : {usage.ru_utime, usage.ru_stime})
      sum += static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  }
  return sum;
}

/// Waits for all children, so that their time is counted. Orphans are among them: SshServer makes them this process's children.
void reap() {
  while (::waitpid(-1, nullptr, 0) > 0) {
  }
}

fs::path this_program() { return fs::read_symlink("/proc/self/exe"); }
std::string tool_folder() { return this_program().parent_path() / "../bin"; }

struct Cost {
  double seconds{0};
  double cpu{0};
};

/// Renders the reference scene in four chunks with the executor that `make` makes.
template <class Make>
Cost render(const Settings& settings, const fs::path& output, Make make) {
  const double cpu_before = cpu_seconds();
  const auto start = Clock::now();
  std::unique_ptr<RenderExecutor> executor = make();
  RenderOrchestrator orchestrator(*executor);
  must(orchestrator.render({.composition = ORCHESTRATOR_SOURCE_DIR "/tests/pages/reference_scene.html",
                            .output = output,
                            .frames = {0, settings.frames},
                            .chunking = {.chunks = 4},
                            .overwrite = true}));
  executor.reset();
  return {.seconds = seconds_since(start), .cpu = -cpu_before};
}

SshHost loopback(const SshServer& server) {
  return {.host = SshServer::name(), .ssh_options = {"-F", server.files().client_config()}};
}

void measure_renders(const Settings& settings, const fs::path& folder) {
  for (int round = 0; round < settings.rounds; ++round) {
    Cost local = render(settings, folder / "local.mp4", [] { return std::make_unique<LocalExecutor>(); });
    reap();
    local.cpu += cpu_seconds();
    Cost ssh;
    {
      const SshServer server(tool_folder());
      ssh = render(settings, folder / "ssh.mp4",
                   [&] { return std::make_unique<SshExecutor>(SshExecutorOptions{.hosts = {loopback(server)}}); });
    }
    reap();
    ssh.cpu += cpu_seconds();
    std::printf("1920x1080, %lld frames, 4 chunks: local %.2f s (CPU %.2f s), ssh %.2f s (CPU %.2f s): wall x %.3f, CPU x %.3f\n",
                static_cast<long long>(settings.frames), local.seconds, local.cpu, ssh.seconds, ssh.cpu,
                ssh.seconds / local.seconds, ssh.cpu / local.cpu);
    std::fflush(stdout);
  }
}

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
  const SshServer server(tool_folder());
  SshHost host = loopback(server);
  host.slots = 1;
  host.worker = "'" + this_program().string() + "' --answer-with '" + (folder / "noise").string() + "'";
  SshExecutor executor({.hosts = {host}});
  static_cast<void>(executor.capabilities());  // does not connect: the first round measures that, too
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
    if (name == "--frames") {
      settings.frames = value;
    } else if (name == "--rounds") {
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
  ::setenv("ORCHESTRATOR_WORKER", (tool_folder() + "/orchestrator").c_str(), 0);
  const Settings settings = parse(argc, argv);
  char folder[] = "/tmp/orchestrator-benchmark-XXXXXX";
  if (::mkdtemp(folder) == nullptr) give_up("cannot make a folder in /tmp");
  measure_streaming(settings, folder);
  measure_renders(settings, folder);
  fs::remove_all(folder);
}
