// What `doctor` and `render` say on a machine that lacks something, and that they say the same.
#include "support/failure.hpp"
#include "support/files.hpp"

#include <boost/json/array.hpp>
#include <catch2/catch.hpp>

#include <unistd.h>

using namespace orchestrator::test;
namespace json = boost::json;

namespace {

struct Lack {
  Arguments prefix{};  ///< runs the command line as on such a machine
  std::string code{};
  std::string stage{};
  std::vector<std::string> names{};
};

/// All that `doctor` says, and that its status says the same as `can_render`.
std::string diagnosis(Sandbox& sandbox, bool can_render) {
  const ToolEnd end = sandbox.run({"doctor", "--json"});
  INFO(end.errors << end.output);
  CHECK(end.json().at("can_render") == can_render);
  CHECK(end.status.code == (can_render ? 0 : 1));
  CHECK(sandbox.remains() == "");
  return end.output;
}

void check_lack(Sandbox& sandbox, const Lack& lack) {
  sandbox.run_by(lack.prefix);
  const std::string said = diagnosis(sandbox, false);
  for (const std::string& name : lack.names) CHECK_THAT(said, Catch::Contains(name));
  CHECK_THAT(said, !Catch::Contains("ERR_") && !Catch::Contains("ended unexpectedly"));
  check_render_fails(sandbox, page("static.html"), "0:4", {},
                     {.code = lack.code, .stage = lack.stage, .names = lack.names, .chunk = 0});
}

/// Whether programs may be started with the network, mounts and users that these tests give them. Says so if not.
bool may_unshare() {
  if (::geteuid() == 0) return true;
  WARN("skipped: only root can take something away from a program");
  return false;
}

/// Runs a program as an ordinary user who can neither make user namespaces (sysctl user.max_user_namespaces=0, in a user
/// namespace of its own) nor start programs that are setuid root, as in a container.
constexpr const char* no_namespaces = R"sh(
unshare --user sleep 1000 &
holder=$!
trap 'kill $holder' EXIT
while [ "$(readlink /proc/$holder/ns/user)" = "$(readlink /proc/self/ns/user)" ]; do sleep 0.05; done
echo "0 0 65536" >/proc/$holder/uid_map
echo "0 0 65536" >/proc/$holder/gid_map
nsenter --user --target $holder --setuid 0 --setgid 0 sh -c '
  echo 0 >/proc/sys/user/max_user_namespaces
  exec setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs "$@"' sh "$@"
)sh";

}  // namespace

TEST_CASE("bad machines: doctor renders in each capture mode with each encoder", "[bad_machines]") {
  Sandbox sandbox;
  const ToolEnd end = sandbox.run({"doctor", "--json"});
  INFO(end.output);
  CHECK(end.status.code == 0);
  std::vector<std::string> rendered;
  const json::object report = end.json();
  for (const json::value& check : report.at("checks").as_array()) {
    const std::string name(check.at("name").as_string());
    if (name.find(" with ") == std::string::npos) continue;
    rendered.push_back(name);
    CHECK(check.at("ok") == true);
  }
  CHECK(rendered == std::vector<std::string>{"shm with libx264", "shm with libx264rgb", "beginframe with libx264",
                                             "beginframe with libx264rgb", "screenshot with libx264",
                                             "screenshot with libx264rgb"});
  CHECK(sandbox.remains() == "");
}

TEST_CASE("bad machines: an ffmpeg of 2018 cannot render, and the version that is needed is named", "[bad_machines]") {
  Sandbox sandbox;
  sandbox.set("ORCHESTRATOR_FFMPEG", sandbox.script("ffmpeg", R"sh(
case "$*" in *-stats_period*)
  echo "Unrecognized option 'stats_period'." >&2
  echo "Error splitting the argument list: Option not found" >&2
  exit 1;;
esac
exec ffmpeg "$@")sh"));
  check_lack(sandbox, {.code = "encoder_unavailable", .stage = "encode", .names = {"too old", "ffmpeg 4.4 or later"}});
}

TEST_CASE("bad machines: one way to render is enough", "[bad_machines]") {
  Sandbox sandbox;
  sandbox.set("ORCHESTRATOR_XVFB", "/no/such/Xvfb");
  CHECK_THAT(diagnosis(sandbox, true), Catch::Contains("ORCHESTRATOR_XVFB=/no/such/Xvfb is not an executable file"));
}

TEST_CASE("bad machines: without loopback, /proc or enough open files, the cause is named with what mends it", "[bad_machines]") {
  if (!may_unshare()) return;
  Sandbox sandbox;
  sandbox.set("ORCHESTRATOR_WORKER", ORCHESTRATOR_TOOL);
  const Arguments no_proc{"unshare", "--mount", "--propagation", "private", "sh", "-c", "umount -l /proc && exec \"$@\"", "sh"};
  const auto lack = GENERATE_COPY(values<Lack>(
      {{{"unshare", "--net"}, "composition_unreachable", "load", {"the network device lo", "ip link set lo up"}},
       {no_proc, "browser_unavailable", "start", {"/proc is not mounted", "mount -t proc proc /proc"}},
       {{"prlimit", "--nofile=48:48"}, "browser_unavailable", "start", {"only 48 files may be open", "ulimit -n"}}}));
  CAPTURE(lack.names);
  check_lack(sandbox, lack);
}

TEST_CASE("bad machines: a render that can start no program says which limit is in the way", "[bad_machines]") {
  Sandbox sandbox;
  sandbox.run_by({"prlimit", "--nofile=12:12"});
  check_render_fails(sandbox, page("static.html"), "0:4", {},
                     {.code = "output_unwritable",
                      .stage = "start",
                      .names = {"cannot start /bin/sh: ", "Too many open files (at most 12 at a time)", "ulimit -n"}});
}

TEST_CASE("bad machines: a user without user namespaces is told what Chromium's sandbox needs", "[bad_machines]") {
  if (!may_unshare()) return;
  Sandbox sandbox;
  for (const auto& folder : {sandbox.folder(), sandbox.out(), sandbox.folder() / "tmp"})
    std::filesystem::permissions(folder, std::filesystem::perms::all);
  sandbox.run_by({"sh", sandbox.file("no_namespaces.sh", no_namespaces)});
  if (sandbox.run({"--version"}).status.code != 0) {
    WARN("skipped: another user cannot run " ORCHESTRATOR_TOOL);
    return;
  }
  check_lack(sandbox, {.prefix = {"sh", (sandbox.folder() / "no_namespaces.sh").string()},
                       .code = "browser_unavailable",
                       .stage = "start",
                       .names = {"user namespaces", "sysctl -w user.max_user_namespaces"}});
}
