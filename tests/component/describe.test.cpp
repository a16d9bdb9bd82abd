// What a render leaves to its composition, and how the executor is asked.
#include "support/contains.hpp"
#include "support/farm.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

using Looking = std::function<asio::awaitable<Result<CompositionDescription>>(DescribeJob, ChunkContext&)>;

/// A farm that can look at compositions.
class SeeingFarm final : public RenderExecutor {
 public:
  explicit SeeingFarm(Looking look) : look_(std::move(look)) {}
  asio::awaitable<Result<void>> prepare() override {
    ++prepared;
    return farm.prepare();
  }
  ExecutorCapabilities capabilities() const override { return {.slots = 1, .describes = true}; }
  asio::awaitable<Result<ChunkResult>> render_chunk(ChunkJob job, ChunkContext& context) override {
    last_video = job.video;
    return farm.render_chunk(std::move(job), context);
  }
  asio::awaitable<Result<CompositionDescription>> describe(DescribeJob job, ChunkContext& context) override {
    ++asked;
    return look_(std::move(job), context);
  }

  Farm farm{1, encode_job};
  VideoOptions last_video{};
  int asked{0};
  int prepared{0};

 private:
  Looking look_;
};

asio::awaitable<Result<CompositionDescription>> small_film(DescribeJob job, ChunkContext& context) {
  context.log(LogLevel::warning, "looked at " + job.composition);
  CompositionDescription description{.contract = "renderFrame"};
  description.compositions.push_back({.width = 32, .height = 24, .fps = {25, 1}, .frames = 12});
  co_return description;
}

/// A composition of which the options say nothing.
struct OpenSetup : RenderSetup {
  OpenSetup() {
    options.video = {.preset = "ultrafast"};
    options.frames = {};
  }
};

}  // namespace

TEST_CASE("describe: a render takes what its options leave open from the composition", "[render]") {
  OpenSetup setup;
  SeeingFarm farm(small_film);
  std::string log;
  RenderEvents events;
  events.on_log = [&log](LogLevel, std::string_view text) { log += text; };
  const auto result = RenderOrchestrator(farm).render(setup.options, events);
  INFO((result ? "" : result.error().message()));
  REQUIRE(result.has_value());
  CHECK(result->frames == 12);
  CHECK(result->width == 32);
  CHECK(result->height == 24);
  CHECK(result->fps == Rational{25, 1});
  CHECK(result->chunks.size() == 3);
  CHECK(farm.last_video.fps == Rational{25, 1});
  CHECK(farm.asked == 2);  // the second time in the film's size
  CHECK(contains(log, "looked at " + setup.options.composition));
}

TEST_CASE("describe: what is rendered is told once, with what the composition has said, by an executor that is prepared once",
          "[render]") {
  OpenSetup setup;
  SeeingFarm farm(small_film);
  std::vector<RenderPlan> told;
  std::vector<std::string> order;
  RenderEvents events;
  events.on_plan = [&](const RenderPlan& plan) {
    told.push_back(plan);
    order.emplace_back("plan");
  };
  events.on_phase = [&](RenderPhase phase) { order.emplace_back(to_string(phase)); };
  events.on_progress = [&](const Progress&) { order.emplace_back("progress"); };
  const auto result = RenderOrchestrator(farm).render(setup.options, events);
  INFO((result ? "" : result.error().message()));
  REQUIRE(result.has_value());
  CHECK(farm.prepared == 1);
  REQUIRE(told.size() == 1);
  CHECK(order.front() == "plan");
  CHECK(told.front().options->video.width == 32);
  CHECK(told.front().options->video.fps == Rational{25, 1});
  CHECK(told.front().options->frame_range() == FrameRange{0, 12});
  CHECK(told.front().chunks.size() == result->chunks.size());
}

TEST_CASE("describe: a length that depends on the window is that of the film's window", "[render]") {
  const bool settles = GENERATE(true, false);
  OpenSetup setup;
  SeeingFarm farm([settles](DescribeJob job, ChunkContext&) -> asio::awaitable<Result<CompositionDescription>> {
    CompositionDescription description{.contract = "renderFrame"};
    const int width = settles ? 32 : job.video.width + 2;
    description.compositions.push_back({.width = width, .height = 24, .fps = {25, 1}, .frames = job.video.width / 8});
    co_return description;
  });
  const auto complete = RenderOrchestrator(farm).complete(setup.options);
  CHECK(farm.asked == 2);
  REQUIRE(complete.has_value() == settles);
  if (settles) CHECK(complete->frame_range() == FrameRange{0, 4});
  if (!settles) CHECK(contains(complete.error().detail, "it asks for others"));
}

TEST_CASE("describe: nobody is asked where the options say all", "[render]") {
  RenderSetup setup;
  setup.options.video.fps = {30, 1};
  SeeingFarm farm(small_film);
  CHECK(RenderOrchestrator(farm).render(setup.options).has_value());
  CHECK(RenderOrchestrator(farm).complete(setup.options).has_value());
  CHECK(farm.asked == 0);
}

TEST_CASE("describe: an executor that cannot look at compositions leaves the defaults, and has to be told the frames",
          "[render]") {
  OpenSetup setup;
  Farm blind(1, encode_job);
  const auto refused = RenderOrchestrator(blind).render(setup.options);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Errc::invalid_options);
  CHECK(contains(refused.error().detail, "frames: the composition does not say how long it is"));
  setup.options.frames = {0, 3};
  std::string log;
  RenderEvents events;
  events.on_log = [&log](LogLevel, std::string_view text) { log += text; };
  const auto complete = RenderOrchestrator(blind).complete(setup.options, events);
  CHECK(contains(log, "this executor cannot look at compositions"));
  REQUIRE(complete.has_value());
  CHECK(complete->video.width == 1920);
  CHECK(complete->video.height == 1080);
  CHECK(complete->video.fps == Rational{30, 1});
  const auto description = RenderOrchestrator(blind).describe(setup.options);
  REQUIRE_FALSE(description.has_value());
  CHECK(description.error().code == Errc::executor_unavailable);
}

TEST_CASE("describe: the page finds the size, rate, props and settings of the render", "[render]") {
  OpenSetup setup;
  setup.options.video.width = 64;
  setup.options.props = R"({"a":1})";
  setup.options.page.locale = "de-DE";
  setup.options.capture = CaptureMode::screenshot;
  setup.options.timeouts.load = 7s;
  DescribeJob seen;
  SeeingFarm farm([&seen](DescribeJob job, ChunkContext& context) {
    seen = job;
    return small_film(std::move(job), context);
  });
  REQUIRE(RenderOrchestrator(farm).describe(setup.options).has_value());
  CHECK(seen.composition == setup.options.composition);
  CHECK(seen.render.size() == 32);
  CHECK(seen.video.width == 64);
  CHECK(seen.video.height == 1080);
  CHECK(seen.video.fps == Rational{30, 1});
  CHECK(seen.props == setup.options.props);
  CHECK(seen.page.locale == "de-DE");
  CHECK(seen.capture == CaptureMode::screenshot);
  CHECK(seen.timeouts.load == 7s);
}

TEST_CASE("describe: a callback that throws ends the render before it begins, and is named", "[render]") {
  RenderEvents events;
  events.on_log = [](LogLevel, std::string_view) { throw std::runtime_error("boom"); };
  OpenSetup setup;
  setup.options.frames = {0, 3};
  SeeingFarm seeing(small_film);
  Farm blind(1, encode_job);
  for (RenderExecutor* executor : {static_cast<RenderExecutor*>(&seeing), static_cast<RenderExecutor*>(&blind)}) {
    const auto refused = RenderOrchestrator(*executor).render(setup.options, events);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().detail == "RenderEvents::on_log threw: boom");
  }
  CHECK(blind.started == 0);
}

TEST_CASE("describe: what goes wrong ends the render before it begins, and leaves nothing", "[render]") {
  struct Row {
    const char* what;
    Looking look;
    Errc code;
    const char* named;
  };
  const std::vector<Row> rows{
      {"an error of the page",
       [](DescribeJob, ChunkContext&) -> asio::awaitable<Result<CompositionDescription>> {
         co_return Error{.code = Errc::page_error, .detail = "thrown by the page", .stage = Stage::load};
       },
       Errc::page_error, "thrown by the page"},
      {"an exception",
       [](DescribeJob, ChunkContext&) -> asio::awaitable<Result<CompositionDescription>> {
         throw std::runtime_error("no more");
         co_return CompositionDescription{};
       },
       Errc::internal, "the executor threw while it looked at the composition: no more"},
      {"an exception before there is anything to wait for",
       [](DescribeJob, ChunkContext&) -> asio::awaitable<Result<CompositionDescription>> { throw std::runtime_error("at once"); },
       Errc::internal, "the executor threw while it looked at the composition: at once"},
      {"no end",
       [](DescribeJob, ChunkContext&) -> asio::awaitable<Result<CompositionDescription>> {
         asio::steady_timer never(co_await asio::this_coro::executor, std::chrono::minutes(1));
         co_await never.async_wait(asio::use_awaitable);
         co_return CompositionDescription{};
       },
       Errc::timed_out, "the page had not yet said what it is"},
      {"nonsense",
       [](DescribeJob, ChunkContext&) -> asio::awaitable<Result<CompositionDescription>> { co_return CompositionDescription{}; },
       Errc::invalid_options, "the page has no composition"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    OpenSetup setup;
    setup.options.timeouts.total = 300ms;
    SeeingFarm farm(row.look);
    const auto refused = RenderOrchestrator(farm).render(setup.options);
    REQUIRE_FALSE(refused.has_value());
    CAPTURE(refused.error().detail);
    CHECK(refused.error().code == row.code);
    CHECK(contains(refused.error().detail, row.named));
    CHECK(farm.farm.started == 0);
    CHECK(setup.left().empty());
  }
}
