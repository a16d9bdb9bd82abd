#include "orchestrator/doctor.hpp"

#include "base/machine_fault.hpp"
#include "base/text.hpp"
#include "capture/programs.hpp"
#include "media/ffmpeg_program.hpp"
#include "orchestrator/font_scripts.hpp"
#include "orchestrator/program_output.hpp"
#include "orchestrator/terminal_text.hpp"
#include "orchestrator/trial_render.hpp"
#include "process/machine_size.hpp"

#include <orchestrator/worker/guarded_dir.hpp>

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

Check program(const std::string& name, bool required, const ProgramSearch& search, const char* version_option) {
  const ProgramFinding found = search_program(search);
  if (found.path.empty()) return {.name = name, .required = required, .detail = found.reason, .remedy = found.remedy};
  if (version_option == nullptr) return {.name = name, .ok = true, .required = required, .detail = found.path};
  const auto version = program_output({found.path, version_option});
  if (!version) return {.name = name, .required = required, .detail = version.error().detail};
  return {.name = name, .ok = true, .required = required, .detail = first_line(*version) + " (" + found.path + ")"};
}

Check x264() {
  const std::string ffmpeg = search_program(ffmpeg_search).path;
  if (ffmpeg.empty()) return {.name = "libx264", .required = true, .detail = "not known without ffmpeg"};
  const auto encoders = program_output({ffmpeg, "-hide_banner", "-encoders"});
  if (!encoders) return {.name = "libx264", .required = true, .detail = encoders.error().detail};
  if (encoders->find(" libx264 ") != std::string::npos) {
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
  const auto charsets = program_output({lister.path, "-f", "%{charset}\n"});
  return charsets ? check_fonts(*charsets) : Check{.name = "fonts", .detail = charsets.error().detail};
}

Check memory() {
  if (proc_fault()) return {.name = "memory", .detail = "not known without /proc"};
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

/// `good`: what to say if there is no fault.
Check without_fault(const std::string& name, bool required, const std::optional<MachineFault>& fault, const std::string& good) {
  if (fault) return {.name = name, .required = required, .detail = fault->cause, .remedy = fault->remedy};
  return {.name = name, .ok = true, .required = required, .detail = good};
}

bool is_complete(const std::vector<Check>& checks) {
  return std::all_of(checks.begin(), checks.end(), [](const Check& check) { return check.ok || !check.required; });
}

bool has_rendered(const std::vector<Check>& checks) {
  return std::any_of(checks.begin(), checks.end(), [](const Check& check) { return check.renders && check.ok; });
}

/// `rendered`: whether a render has worked, which for an ordinary user it does only with the sandbox.
Check sandbox(bool rendered) {
  const bool root = ::geteuid() == 0;
  if (!root) return {.name = "sandbox", .ok = rendered, .detail = rendered ? "Chromium's sandbox works" : "not known"};
  return {.name = "sandbox",
          .detail = "running as root: Chromium runs without its sandbox",
          .remedy = "run as an ordinary user if compositions are not your own"};
}

/// What can be seen without a render.
std::vector<Check> look_at_machine() {
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
          without_fault("/proc", true, proc_fault(), "mounted"),
          without_fault("loopback", false, loopback_fault(), "up"),
          without_fault("open files", false, open_files_fault(), "enough may be open")};
}

}  // namespace

std::vector<Check> examine_machine(const std::function<void(const std::string& what)>& trying) {
  std::vector<Check> checks = look_at_machine();
  if (is_complete(checks)) {
    for (Check& tried : try_rendering(trying)) checks.push_back(std::move(tried));
  } else {
    checks.push_back({.name = "rendering", .detail = "not tried: something is missing"});
  }
  checks.push_back(sandbox(has_rendered(checks)));
  return checks;
}

bool can_render(const std::vector<Check>& checks) { return is_complete(checks) && has_rendered(checks); }

std::string doctor_text(const std::vector<Check>& checks) {
  std::string text;
  for (const Check& check : checks) {
    text += std::string(check.ok ? "  ok      " : check.required ? "  MISSING " : "  note    ");
    text += check.name + ": " + terminal_text(check.detail) + "\n";
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
