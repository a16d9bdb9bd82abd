#include "orchestrator/nearest_word.hpp"

#include <catch2/catch.hpp>

#include <utility>

using namespace orchestrator::tool;

TEST_CASE("nearest word: a letter wrong, missing, too many or swapped is understood", "[tool]") {
  const std::vector<std::string> words{"--width", "--height", "--frames", "--frame-timeout", "--crf", "--output"};
  const std::vector<std::pair<const char*, const char*>> rows{{"--widht", "--width"},
                                                              {"--wdth", "--width"},
                                                              {"--hight", "--height"},
                                                              {"--frame", "--frames"},
                                                              {"--crff", "--crf"},
                                                              {"-output", "--output"},
                                                              {"--frame_timout", "--frame-timeout"},
                                                              {"--width", "--width"}};
  for (const auto& [typed, meant] : rows) {
    CAPTURE(typed);
    CHECK(nearest_word(typed, words) == meant);
  }
}

TEST_CASE("nearest word: of two that are near, the nearer one", "[tool]") {
  CHECK(nearest_word("--chunkz", {"--chunk-frames", "--chunk", "--chunks"}) == "--chunk");
  CHECK(nearest_word("plam", {"plank", "plan"}) == "plan");
}

TEST_CASE("nearest word: what is far from everything is nobody's", "[tool]") {
  const std::vector<std::string> words{"render", "plan", "doctor", "worker", "--crf"};
  for (const char* typed : {"paint", "", "--cpu", "r", "--verbose-everything"}) {
    CAPTURE(typed);
    CHECK_FALSE(nearest_word(typed, words).has_value());
  }
  CHECK_FALSE(nearest_word("plan", {}).has_value());
}
