#include "support/exact_render.hpp"

#include "support/files.hpp"
#include "support/film.hpp"
#include "support/ssh_render.hpp"

namespace orchestrator::test {

ToolEnd check_is_exact(Sandbox& sandbox, const Arguments& on_farm) {
  const std::string frames = "3:51";
  Sandbox here;
  const std::string scene = write_scene(here);
  const ToolEnd local = here.render(scene, frames, small_and_exact());
  INFO(local.errors);
  REQUIRE(local.status.code == 0);
  ToolEnd end = sandbox.render(scene, frames, together({on_farm, small_and_exact(), {"--chunks", "6"}}));
  INFO(end.errors);
  REQUIRE(end.status.code == 0);
  CHECK(hosts_of(end).size() == 6);
  CHECK(frame_hashes(sandbox.film()) == frame_hashes(here.film()));
  CHECK(frame_hashes(sandbox.film()).size() == 48);
  CHECK(sandbox.remains() == "");
  CHECK(names_in(sandbox.out()) == std::vector<std::string>{"film.mp4"});
  return end;
}

}  // namespace orchestrator::test
