#include "slurm/slurm_fleet.hpp"

#include "slurm/slurm_client.hpp"
#include "slurm/srun_command.hpp"

#include <orchestrator/worker/cancellation.hpp>
#include <orchestrator/worker/worker_program.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <filesystem>

namespace orchestrator {

namespace asio = boost::asio;

/// While it lives, somebody needs the workers.
class SlurmFleet::Use {
 public:
  explicit Use(SlurmFleet& fleet) : fleet_(fleet) { ++fleet.uses_; }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;
  ~Use() {
    --fleet_.uses_;
    fleet_.last_use_ = Clock::now();
  }

 private:
  SlurmFleet& fleet_;
};

/// While it lives, a chunk has the worker of a place.
class SlurmFleet::Busy {
 public:
  Busy(SlurmFleet& fleet, SlurmPlace& place) : fleet_(fleet), place_(place) {}
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;
  ~Busy() {
    place_.busy = false;
    fleet_.note_change();
  }

 private:
  SlurmFleet& fleet_;
  SlurmPlace& place_;
};

SlurmFleet::SlurmFleet(const asio::any_io_executor& loop, SlurmExecutorOptions options)
    : loop_(loop),
      options_(std::move(options)),
      job_name_(make_job_name()),
      guard_(loop),
      changed_(loop, asio::steady_timer::time_point::max()),
      tasks_(loop) {}

asio::awaitable<Result<void>> SlurmFleet::begin() {
  Result<void> done;
  if (begun_) co_return done;
  done = validate_slurm_options(options_);
  if (!done) co_return done;
  worker_command_ = options_.worker_command;
  if (worker_command_.empty()) {
    const auto program = find_worker_program();
    if (!program) co_return program.error();
    worker_command_ = {*program, "worker"};
  }
  done = co_await find_slurm();
  if (!done || begun_) co_return done;
  done = guard_.start(job_name_);
  if (!done) co_return done;
  begun_ = true;
  for (int number = 1; number <= options_.workers; ++number) places_.push_back(std::make_unique<SlurmPlace>(number));
  tasks_.spawn(watch());
  co_return done;
}

asio::awaitable<Result<void>> SlurmFleet::prepare() {
  co_await asio::this_coro::throw_if_cancelled(false);
  const Use use(*this);
  auto begun = co_await begin();
  if (!begun) co_return begun.error();
  for (const auto& place : places_) place->refused.reset();  // a new render, a new attempt
  fill_places();
  note_change();
  for (;;) {
    const bool cancelled = co_await is_cancelled();
    if (cancelled) co_return cancelled_error(Stage::start, "cancelled while waiting for a worker");
    if (anyone([](const SlurmPlace& place) { return place.is_there(); })) break;
    if (!anyone([](const SlurmPlace& place) { return place.is_coming(); })) co_return nobody();
    co_await wait_for_change();
  }
  co_return Result<void>{};
}

asio::awaitable<Result<SlurmPlace*>> SlurmFleet::take() {
  for (;;) {
    const bool cancelled = co_await is_cancelled();
    if (cancelled) co_return cancelled_error(Stage::start, "cancelled before a worker was free");
    for (const auto& place : places_) {
      if (!place->is_idle()) continue;
      place->busy = true;
      co_return place.get();
    }
    fill_places();
    const bool hope = anyone([](const SlurmPlace& place) { return place.is_there() || place.is_coming(); });
    if (!hope) co_return nobody();
    co_await wait_for_change();
  }
}

asio::awaitable<Result<ChunkResult>> SlurmFleet::render(ChunkJob job, ChunkContext& context) {
  const Work<ChunkResult> run = [&](SlurmPlace& place, ChunkContext& named) -> asio::awaitable<Result<ChunkResult>> {
    auto rendered = co_await place.worker->session.run(job, named);
    if (rendered) rendered->worker = place.name();
    co_return rendered;
  };
  auto result = co_await somewhere(run, job.composition, context);
  std::error_code ignored;
  if (!result && options_.shared_files) std::filesystem::remove(job.output, ignored);  // what a worker that was killed has begun
  co_return result;
}

asio::awaitable<Result<CompositionDescription>> SlurmFleet::describe(DescribeJob job, ChunkContext& context) {
  const Work<CompositionDescription> look = [&](SlurmPlace& place, ChunkContext& named) {
    return place.worker->session.describe(job, named);
  };
  co_return co_await somewhere(look, job.composition, context);
}

template <class T>
asio::awaitable<Result<T>> SlurmFleet::somewhere(const Work<T>& work, const std::string& composition, ChunkContext& context) {
  co_await asio::this_coro::throw_if_cancelled(false);
  const Use use(*this);
  auto begun = co_await begin();
  if (!begun) co_return begun.error();
  auto place = co_await take();
  if (!place) co_return place.error();
  const Busy busy(*this, **place);
  loopback_warning_.look_at(composition, context);
  co_return co_await work_at(**place, work, context);
}

template <class T>
asio::awaitable<Result<T>> SlurmFleet::work_at(SlurmPlace& place, const Work<T>& work, ChunkContext& context) {
  NamedContext named(place.name(), context);
  auto result = co_await work(place, named);
  if (result) {
    place.failures = 0;
    co_return result;
  }
  Error error = result.error();
  error.worker = place.name();
  if (place.worker->session.usable()) co_return error;
  if (error.code == Errc::executor_unavailable) error = co_await explain_loss(place, std::move(error), job_name_);
  co_await clear(place);
  co_return error;
}

bool SlurmFleet::anyone(bool (*is)(const SlurmPlace&)) const {
  return std::any_of(places_.begin(), places_.end(), [is](const auto& place) { return is(*place); });
}

Error SlurmFleet::nobody() const {
  for (const auto& place : places_) {
    if (place->refused) return *place->refused;
  }
  return Error{.code = Errc::executor_unavailable, .detail = "Slurm gave no worker", .stage = Stage::start};
}

void SlurmFleet::note_change() {
  const auto there = std::count_if(places_.begin(), places_.end(), [](const auto& place) { return place->is_there(); });
  workers_ = static_cast<int>(there);
  changed_.cancel();
}

asio::awaitable<void> SlurmFleet::wait_for_change() {
  boost::system::error_code woken;
  co_await changed_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
}

}  // namespace orchestrator
