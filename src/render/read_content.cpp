#include "render/read_content.hpp"

#include "base/sha256.hpp"
#include "base/web_url.hpp"
#include "render/resolve_composition.hpp"
#include "render/wait_for.hpp"

#include <orchestrator/worker/cancellation.hpp>
#include <orchestrator/worker/composition.hpp>

#include <boost/asio/any_io_executor.hpp>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

// Far more than compositions have. A page in a home folder, say, has all of that folder for its own.
constexpr std::size_t most_files = 20'000;

asio::awaitable<Result<CompositionContent>> read_all(std::filesystem::path html_file) {
  co_await asio::this_coro::throw_if_cancelled(false);
  co_return co_await content_of(std::move(html_file));
}

}  // namespace

asio::awaitable<Result<CompositionContent>> content_of(std::filesystem::path html_file) {
  const std::filesystem::path folder = composition_root(html_file);
  auto names = composition_files(folder, most_files);
  if (!names) co_return names.error();
  CompositionContent content{.page = composition_name(html_file)};
  names->insert(content.page);  // also if it is hidden, or a link that leads out
  for (const std::string& name : *names) {
    const bool cancelled = co_await is_cancelled();
    if (cancelled) co_return cancelled_error(Stage::load);
    auto digest = co_await digest_file(folder / name);
    if (!digest)
      co_return Error{
          .code = Errc::composition_not_found, .detail = "composition: " + digest.error().detail, .stage = Stage::load};
    content.files.emplace(name, std::move(digest->sha256));
  }
  co_return content;
}

Result<CompositionContent> v0::read_content(const std::string& composition, std::stop_token stop) {
  const auto resolved = resolve_composition(composition);
  if (!resolved) return resolved.error();
  if (is_web_url(*resolved)) return CompositionContent{};
  return wait_for(read_all(*resolved), stop);
}

}  // namespace orchestrator
