// How the finished film gets its name, wherever people want it.
#include "support/contains.hpp"
#include "support/farm.hpp"
#include "support/files.hpp"
#include "support/in_time.hpp"
#include "support/resource_limit.hpp"
#include "support/run_tool.hpp"
#include "support/small_disk.hpp"

#include <orchestrator/worker/child_process.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <catch2/catch.hpp>

#include <sys/mount.h>
#include <sys/stat.h>

using namespace orchestrator;
using namespace orchestrator::test;
namespace fs = std::filesystem;

namespace {

using Names = std::vector<std::string>;

Result<RenderResult> render(RenderSetup& setup, Farm& farm) {
  auto result = RenderOrchestrator(farm).render(setup.options);
  UNSCOPED_INFO((result ? "a film" : result.error().message()));
  return result;
}

/// A render that is refused before anything is rendered. Returns what the error says.
std::string refusal(RenderSetup& setup) {
  Farm farm(1, encode_job);
  const auto result = render(setup, farm);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Errc::output_unwritable);
  CHECK(farm.started == 0);
  return result.error().detail;
}

bool renders(RenderSetup& setup) {
  Farm farm(2, encode_job);
  return render(setup, farm).has_value();
}

bool is_film(const fs::path& file) { return probe(file.string(), "v:0", "packet=pts").size() == 30; }

/// The film that a failed render's error says it has kept; it is then removed with its folder.
void check_kept_film(const Error& error) {
  INFO(error.message());
  const std::string words = "the film is finished and lies in ";
  const auto at = error.detail.find(words);
  REQUIRE(at != std::string::npos);
  const fs::path film = error.detail.substr(at + words.size());
  CHECK(is_film(film));
  CHECK(names_in(film.parent_path()) == Names{film.filename().string()});
  fs::remove_all(film.parent_path());
}

/// A single file that is a mount point, as `docker run -v FILE:FILE` makes it.
class BoundFile {
 public:
  BoundFile(const fs::path& file, fs::path at, bool read_only = false) : at_(std::move(at)) {
    std::ofstream(at_) << "";
    mounted_ = ::mount(file.c_str(), at_.c_str(), nullptr, MS_BIND, nullptr) == 0;
    if (mounted_ && read_only) ::mount(nullptr, at_.c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr);
    if (!mounted_) WARN("skipped: mounting is not allowed here");
  }
  ~BoundFile() {
    if (mounted_) ::umount2(at_.c_str(), MNT_DETACH);
  }
  BoundFile(const BoundFile&) = delete;
  BoundFile& operator=(const BoundFile&) = delete;
  bool mounted() const { return mounted_; }

 private:
  fs::path at_;
  bool mounted_{false};
};

/// A file system without what `lacks` names.
class PlainStore {
 public:
  PlainStore(const TempDir& real, fs::path at, const Names& lacks) : at_(std::move(at)) {
    SpawnOptions store{.argv = {"/usr/bin/python3", ORCHESTRATOR_SOURCE_DIR "/tests/support/plain_store.py", real.path().string(),
                                at_.string()}};
    store.argv.insert(store.argv.end(), lacks.begin(), lacks.end());
    server_.emplace(*ChildProcess::spawn(context_.get_executor(), store));
    const dev_t before = device();
    const auto ready = [&] { return !server_->running() || device() != before; };
    mounted_ = in_time(ready) && server_->running();
    if (!mounted_) WARN("skipped: no FUSE here (python3-fusepy, /dev/fuse, root): " << server_->error_tail());
  }
  ~PlainStore() { ::umount2(at_.c_str(), MNT_DETACH); }
  PlainStore(const PlainStore&) = delete;
  PlainStore& operator=(const PlainStore&) = delete;
  bool mounted() const { return mounted_; }

 private:
  dev_t device() const {
    struct stat there {};
    ::stat(at_.c_str(), &there);
    return there.st_dev;
  }
  fs::path at_;
  boost::asio::io_context context_{1};
  std::optional<ChildProcess> server_{};
  bool mounted_{false};
};

}  // namespace

TEST_CASE("publish: a link as output is followed, and stays", "[render]") {
  RenderSetup setup;
  const fs::path link = setup.options.output;
  fs::create_directory(setup.folder / "store");
  fs::create_symlink("../store/link.mp4", link);
  fs::create_symlink("real.mp4", setup.folder / "store/link.mp4");
  REQUIRE(renders(setup));
  CHECK(fs::is_symlink(link));
  CHECK(is_film(setup.folder / "store/real.mp4"));
  CHECK(contains(refusal(setup), "real.mp4 exists"));
  setup.options.overwrite = true;
  std::ofstream(setup.folder / "store/real.mp4") << "old";
  REQUIRE(renders(setup));
  CHECK(is_film(link));
  CHECK(setup.left() == Names{"film.mp4"});
  CHECK(names_in(setup.folder / "store") == Names{"link.mp4", "real.mp4"});
}

TEST_CASE("publish: links in a circle and links into nowhere are refused before the work", "[render]") {
  RenderSetup setup;
  fs::create_symlink("film.mp4", setup.options.output);
  CHECK(contains(refusal(setup), "leads to itself"));
  fs::remove(setup.options.output);
  fs::create_symlink("/no/such/folder/film.mp4", setup.options.output);
  CHECK(contains(refusal(setup), "/no/such/folder does not exist"));
}

TEST_CASE("publish: what is no file is no output, whether it may be overwritten or not", "[render]") {
  RenderSetup setup;
  setup.options.overwrite = GENERATE(false, true);
  const fs::path output = setup.options.output;
  REQUIRE(::mkfifo(output.c_str(), 0600) == 0);
  CHECK(contains(refusal(setup), "a named pipe"));
  CHECK(fs::is_fifo(output));
  fs::remove(output);
  fs::create_symlink("/dev/null", output);
  CHECK(contains(refusal(setup), "/dev/null is a device"));
  CHECK(fs::is_character_file("/dev/null"));
  fs::remove(output);
  fs::create_directory(output);
  CHECK(contains(refusal(setup), "film.mp4 is a folder"));
  CHECK(setup.left() == Names{"film.mp4"});
}

TEST_CASE("publish: a film whose name is taken meanwhile is kept, and the error says where", "[render]") {
  RenderSetup setup;
  Farm farm(1, encode_job);
  RenderEvents events;
  events.on_phase = [&](RenderPhase phase) {
    if (phase == RenderPhase::assembling) std::ofstream(setup.options.output) << "precious";
  };
  const auto result = RenderOrchestrator(farm).render(setup.options, events);
  REQUIRE_FALSE(result.has_value());
  CHECK(contains(result.error().detail, "film.mp4 appeared while rendering"));
  check_kept_film(result.error());
  CHECK(read_file(setup.options.output) == "precious");
  CHECK(setup.left() == Names{"film.mp4"});
}

TEST_CASE("publish: a file that is a mount point is written, or refused before the work", "[render]") {
  RenderSetup setup;
  const fs::path outside = setup.folder / "outside.mp4";
  std::ofstream(outside) << std::string(1 << 20, 'x');
  setup.options.overwrite = true;
  {
    const BoundFile bound(outside, setup.options.output);
    if (!bound.mounted()) return;
    CHECK(renders(setup));
    CHECK(setup.left() == Names{"film.mp4"});
  }
  CHECK(is_film(outside));
  CHECK(fs::file_size(outside) < 1 << 20);
  const BoundFile bound(outside, setup.options.output, true);
  CHECK(contains(refusal(setup), "Read-only file system"));
}

TEST_CASE("publish: a mount point without room costs no film, neither the new one nor the old one", "[render]") {
  RenderSetup setup;
  const TempDir folder;
  const SmallDisk disk(folder.path(), "8k");
  if (!disk.mounted()) WARN("skipped: mounting a small tmpfs needs root");
  if (!disk.mounted()) return;
  setup.options.video = {.width = 640, .height = 360, .preset = "ultrafast", .crf = 0};
  setup.options.overwrite = true;
  std::ofstream(folder / "small.mp4") << "old";
  const BoundFile bound(folder / "small.mp4", setup.options.output);
  if (!bound.mounted()) return;
  Farm farm(1, encode_job);
  const auto result = RenderOrchestrator(farm).render(setup.options);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().stage == Stage::assemble);
  CHECK(contains(result.error().detail, "No space left on device"));
  CHECK(read_file(folder / "small.mp4") == "old");
  CHECK_FALSE(contains(result.error().detail, "incomplete"));
  check_kept_film(result.error());
}

TEST_CASE("publish: a file of the user's under the lock's name is left alone, and the render refused", "[render]") {
  RenderSetup setup;
  const fs::path lock = setup.folder / "out/.film.mp4.lock";
  std::ofstream(lock) << "precious";
  CHECK(contains(refusal(setup), lock.string() + " is in the way"));
  CHECK(read_file(lock) == "precious");
  fs::remove(lock);
  fs::create_symlink("elsewhere", lock);
  CHECK(contains(refusal(setup), lock.string() + " is in the way"));
  CHECK(fs::is_symlink(lock));
  CHECK_FALSE(fs::exists(setup.folder / "out/elsewhere"));
}

TEST_CASE("publish: where nothing can be locked, a warning says so", "[render]") {
  RenderSetup setup;
  const fs::path out = setup.folder / "out", outside = setup.folder / "outside.mp4";
  const TempDir work;
  const SmallDisk disk(out, "64k");
  if (!disk.mounted()) WARN("skipped: mounting a small tmpfs needs root");
  if (!disk.mounted()) return;
  std::ofstream(outside) << "old";
  setup.options.overwrite = true;
  setup.options.work_dir = work.path();
  const BoundFile bound(outside, setup.options.output);
  if (!bound.mounted()) return;
  REQUIRE(::mount(nullptr, out.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) == 0);
  std::string warnings;
  RenderEvents events;
  events.on_log = [&](LogLevel level, std::string_view text) {
    if (level == LogLevel::warning) warnings += text;
  };
  Farm farm(2, encode_job);
  REQUIRE(RenderOrchestrator(farm).render(setup.options, events).has_value());
  CHECK(contains(warnings, "nothing keeps another render from writing"));
  CHECK(contains(warnings, "Read-only file system"));
  CHECK(is_film(outside));
}

TEST_CASE("publish: where no file may be written at all, the render is refused, and the program lives on", "[render]") {
  RenderSetup setup;
  const ResourceLimit limit(RLIMIT_FSIZE, 0);
  CHECK(contains(refusal(setup), "File too large; raise the limit"));
}

TEST_CASE("publish: a path that is not UTF-8 is refused before the work, however it comes about", "[render]") {
  RenderSetup setup;
  const fs::path folder = setup.folder / "l\xff";
  fs::create_directory(folder);
  fs::create_symlink(folder / "real.mp4", setup.options.output);
  CHECK(contains(refusal(setup), "is not valid UTF-8"));
  fs::remove(setup.options.output);
  setup.options.work_dir = "work";
  fs::create_directory(folder / "work");
  const fs::path before = fs::current_path();
  fs::current_path(folder);
  const std::string reason = refusal(setup);
  fs::current_path(before);
  CHECK(contains(reason, "work is not valid UTF-8"));
}

TEST_CASE("publish: a store without links and flags for renaming takes a film", "[render]") {
  RenderSetup setup;
  const TempDir real;
  const PlainStore store(real, setup.folder / "out", {});
  if (!store.mounted()) return;
  CHECK(renders(setup));
  CHECK(contains(refusal(setup), "film.mp4 exists"));
  setup.options.overwrite = true;
  CHECK(renders(setup));
  CHECK(is_film(real / "film.mp4"));
  CHECK(names_in(real.path()) == Names{"film.mp4"});
}

TEST_CASE("publish: a store that cannot rename or go back in a file takes a film made elsewhere, and is refused without",
          "[render]") {
  const std::string lack = GENERATE("renames", "seeks");
  RenderSetup setup;
  const TempDir real, work;
  const PlainStore store(real, setup.folder / "out", {lack});
  if (!store.mounted()) return;
  CHECK(contains(refusal(setup), "--work-dir"));
  setup.options.work_dir = work.path();
  for (const bool overwrite : {false, true}) {
    setup.options.overwrite = overwrite;
    CHECK(renders(setup));
    CHECK(is_film(real / "film.mp4"));
  }
  CHECK(names_in(real.path()) == Names{"film.mp4"});
  CHECK(fs::is_empty(work.path()));
}
