#include "orchestrator/doctor.hpp"

#include "base/text.hpp"
#include "capture/programs.hpp"
#include "orchestrator/font_scripts.hpp"
#include "process/child_process.hpp"
#include "process/ffmpeg_program.hpp"
#include "process/guarded_dir.hpp"
#include "process/machine_size.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>

namespace orchestrator::tool {

namespace {

namespace json = boost::json;

constexpr ProgramSearch fc_list_search{"fc-list", "ORCHESTRATOR_FC_LIST", "fontconfig", {"fc-list"}};

/// What a program writes on stdout; empty if it cannot be run.
std::string output_of(std::vector<std::string> argv) {
  boost::asio::io_context context(1);
  std::string text;
  SpawnOptions options;
  options.argv = std::move(argv);
  boost::asio::co_spawn(context, run_program(std::move(options)), [&](const std::exception_ptr&, Result<ProgramOutput> output) {
    if (output) text = output->output;
  });
  context.run();
  return text;
}

Check program(const std::string& name, bool required, const ProgramSearch& search, const char* version_option) {
  const ProgramFinding found = search_program(search);
  if (found.path.empty()) return {.name = name, .required = required, .detail = found.reason, .remedy = found.remedy};
  const std::string version = version_option != nullptr ? first_line(output_of({found.path, version_option})) : std::string();
  const std::string detail = version.empty() ? found.path : version + " (" + found.path + ")";
  return {.name = name, .ok = true, .required = required, .detail = detail};
}

Check x264() {
  const std::string ffmpeg = search_program(ffmpeg_search).path;
  if (ffmpeg.empty()) return {.name = "libx264", .required = true, .detail = "not known without ffmpeg"};
  if (output_of({ffmpeg, "-hide_banner", "-encoders"}).find(" libx264 ") != std::string::npos) {
    return {.name = "libx264", .ok = true, .required = true, .detail = "ffmpeg has it"};
  }
  return {.name = "libx264",
          .required = true,
          .detail = ffmpeg + " has no encoder libx264",
          .remedy = std::string("apt-get install ffmpeg, or name another one in ") + ffmpeg_search.variable};
}

/// Checks the fonts that fontconfig knows, as Chromium finds fonts through it. Its program fc-list is in a package of its own.
Check fonts() {
  const ProgramFinding lister = search_program(fc_list_search);
  if (lister.path.empty()) {
    return {.name = "fonts", .detail = "which scripts they write is not known: " + lister.reason, .remedy = lister.remedy};
  }
  return check_fonts(output_of({lister.path, "-f", "%{charset}\n"}));
}

Check memory() {
  const MachineSize machine = machine_size();
  const bool enough = machine.available_memory_mib >= worker_footprint_mib;
  return {.name = "memory",
          .ok = enough,
          .detail = std::to_string(machine.available_memory_mib) + " MiB available: " + std::to_string(default_workers(machine)) +
                    " worker(s) by default",
          .remedy = enough ? "" : "a worker needs about " + std::to_string(worker_footprint_mib) + " MiB"};
}

Check shared_memory() {
  struct statvfs info {};
  const bool there = ::statvfs("/dev/shm", &info) == 0;
  const auto mib = there ? static_cast<long long>(info.f_bavail) * static_cast<long long>(info.f_frsize) >> 20 : 0;
  // Chromium shares bitmaps in /dev/shm. Where that is small (Docker gives 64 MiB), it is told to use files, which is slower.
  return {.name = "/dev/shm",
          .ok = mib >= 256,
          .detail = there ? std::to_string(mib) + " MiB free" : "not there",
          .remedy = mib >= 256 ? "" : "mount -o remount,size=1G /dev/shm (docker run --shm-size=1g)"};
}

Check temporary_files() {
  const auto folder = temporary_folder();
  return {.name = "temporary files",
          .ok = folder.has_value(),
          .required = true,
          .detail = folder ? folder->string() : folder.error().detail};
}

Check sandbox() {
  const bool root = ::geteuid() == 0;
  return {.name = "sandbox",
          .ok = !root,
          .detail = root ? "running as root: Chromium runs without its sandbox" : "Chromium's sandbox is used",
          .remedy = root ? "run as an ordinary user if compositions are not your own" : ""};
}

}  // namespace

std::vector<Check> examine_machine() {
  return {program("chromium", false, chromium_search, "--version"),
          program("Xvfb", false, xvfb_search, nullptr),
          program("chromium-headless-shell", false, headless_shell_search, "--version"),
          program("ffmpeg", true, ffmpeg_search, "-version"),
          program("ffprobe", true, ffprobe_search, "-version"),
          x264(),
          fonts(),
          {.name = "cores", .ok = true, .detail = std::to_string(machine_size().cores)},
          memory(),
          shared_memory(),
          temporary_files(),
          sandbox()};
}

bool can_render(const std::vector<Check>& checks) {
  const auto has = [&](std::string_view name) {
    return std::any_of(checks.begin(), checks.end(), [&](const Check& check) { return check.name == name && check.ok; });
  };
  const bool complete = std::all_of(checks.begin(), checks.end(), [](const Check& check) { return check.ok || !check.required; });
  return complete && (has("chromium") || has("chromium-headless-shell"));
}

std::string doctor_text(const std::vector<Check>& checks) {
  std::string text;
  for (const Check& check : checks) {
    text += std::string(check.ok ? "  ok      " : check.required ? "  MISSING " : "  note    ");
    text += check.name + ": " + check.detail + "\n";
    if (!check.remedy.empty()) text += "            " + check.remedy + "\n";
  }
  return text + (can_render(checks) ? "This machine can render.\n" : "This machine cannot render yet.\n");
}

std::string doctor_json(const std::vector<Check>& checks) {
  json::array array;
  for (const Check& check : checks) {
    array.push_back(json::object{{"name", check.name},
                                 {"ok", check.ok},
                                 {"required", check.required},
                                 {"detail", check.detail},
                                 {"remedy", check.remedy}});
  }
  return json::serialize(json::object{
             {"can_render", can_render(checks)}, {"slots", default_workers(machine_size())}, {"checks", std::move(array)}}) +
         "\n";
}

}  // namespace orchestrator::tool
