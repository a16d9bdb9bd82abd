#include "support/ssh_render.hpp"

#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/ssh_farm.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

namespace orchestrator::test {

namespace fs = std::filesystem;
namespace json = boost::json;

Arguments over_ssh(const Sandbox& sandbox, const SshFiles& files, const std::vector<HostEntry>& hosts) {
  json::array list;
  for (const HostEntry& entry : hosts) {
    json::object host{{"host", entry.host}, {"ssh_options", {"-F", files.client_config().string()}}};
    host["slots"] = entry.slots == 0 ? json::value("auto") : json::value(entry.slots);
    if (!entry.worker.empty()) host["worker"] = entry.worker;
    list.push_back(std::move(host));
  }
  const json::object all{{"hosts", std::move(list)}};
  return {"--executor", "ssh", "--hosts", sandbox.file("hosts.json", json::serialize(all))};
}

Arguments small_and_exact() {
  return {"--width", "320", "--height", "180", "--crf", "0", "--preset", "ultrafast", "--pixel-format", "rgb24"};
}

Arguments together(const std::vector<Arguments>& parts) {
  Arguments all;
  for (const Arguments& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

std::string write_scene(const Sandbox& sandbox) {
  fs::create_directories(sandbox.folder() / "a scene/parts");
  for (const char* part : {"bars.ttf", "tile.png"}) fs::copy_file(page(part), sandbox.folder() / "a scene/parts" / part);
  sandbox.file("a scene/parts/scene.js", R"(window.renderFrame = (frame) => {
      document.querySelector('#text').textContent = frame;
      document.querySelector('#tile').style.left = `${frame * 3}px`;
      document.querySelector('#added').innerHTML = `<img src="parts/tile.png?frame=${frame}">`;
    };)");
  sandbox.file("a scene/index.html", R"(<!doctype html><meta charset="utf-8"><style>
      @font-face { font-family: Bars; src: url(parts/bars.ttf); }
      body { margin: 0; background: #124; color: #fff; }
      body > * { position: absolute; left: 20px; top: 90px; }
      #text { top: 10px; font: 60px Bars; }
      #added { left: 200px; }
    </style><div id="text"></div><img id="tile" src="parts/tile.png"><div id="added"></div>
    <script src="parts/scene.js"></script>)");
  return (sandbox.folder() / "a scene").string();
}

std::string write_noise(const Sandbox& sandbox) {
  return sandbox.file("noise.html", R"(<style>body { margin: 0 }</style><canvas width="320" height="180"></canvas><script>
    const canvas = document.querySelector('canvas').getContext('2d');
    window.renderFrame = (frame) => {
      const image = canvas.createImageData(320, 180);
      let state = frame + 1;
      for (let i = 0; i < image.data.length; ++i) {
        state = state * 48271 % 2147483647;
        image.data[i] = i % 4 === 3 ? 255 : state >> 8 & 255;
      }
      canvas.putImageData(image, 0, 0);
    };</script>)");
}

std::vector<std::string> hosts_of(const ToolEnd& end) {
  std::vector<std::string> hosts;
  const json::object summary = end.json();
  for (const auto& chunk : summary.at("chunks").as_array()) hosts.emplace_back(chunk.as_object().at("worker").as_string());
  return hosts;
}

void check_ssh_failure(const Sandbox& sandbox, const ToolEnd& end, const SshFailure& expected) {
  INFO(end.errors << end.output);
  CHECK(end.status.signal == 0);
  CHECK(end.status.code == 1);
  CHECK(end.wall < expected.within);
  const json::object error = end.json().at("error").as_object();
  CHECK(error.at("code").as_string() == expected.code.c_str());
  for (const std::string& name : expected.names) CHECK_THAT(end.errors, Catch::Contains(name));
  if (expected.kills) {
    CHECK(comes_true([&] { return sandbox.processes().empty(); }, std::chrono::seconds(5)));
  } else {
    CHECK(sandbox.remains() == "");
  }
  CHECK(names_in(sandbox.out()).empty());
}

bool is_rendering(const Sandbox& sandbox) { return contains(sandbox.errors_so_far(), R"("frames_done":1)"); }

bool farm_is_impossible() {
  const std::string why = SshFarm::impossible();
  if (!why.empty()) WARN("skipped: " << why);
  return !why.empty();
}

}  // namespace orchestrator::test
