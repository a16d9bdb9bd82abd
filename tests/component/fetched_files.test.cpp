#include "worker/fetched_files.hpp"

#include "session/composition_folder.hpp"
#include "support/await.hpp"
#include "support/cancel.hpp"
#include "support/channel_ends.hpp"
#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"

#include <boost/asio/detached.hpp>

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::protocol;
using namespace orchestrator::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

/// A host's folder and a worker's copies of it, with a real connection between them.
struct Pair {
  Pair() {
    std::filesystem::create_directory(folder / "composition");
    write_file(page, "<html>");
    served.serve(page);
    files.enter_render("1");
    asio::co_spawn(context, serve(), asio::detached);
    asio::co_spawn(context, listen(), asio::detached);
  }

  asio::awaitable<void> serve() {
    for (;;) {
      auto message = co_await host.receive(0ms);
      if (!message) co_return;
      const auto* request = std::get_if<FileRequest>(&*message);
      if (request == nullptr) co_return;
      ++requests;
      auto answered = co_await served.answer(host, *request, 5s);
      if (!answered) co_return;
    }
  }
  asio::awaitable<void> listen() {
    for (;;) {
      auto message = co_await worker.receive(0ms);
      if (!message) co_return;
      Result<void> taken;
      if (const auto* answer = std::get_if<FileAnswer>(&*message)) taken = files.on(*answer);
      if (const auto* data = std::get_if<Data>(&*message)) {
        received += data->bytes.size();
        taken = files.on(*data);
      }
      if (!taken) problem = taken.error().detail;
    }
  }
  SourcedFile find(const std::string& target) { return await(context, files.find(target)); }
  std::string text(const std::string& target) {
    const SourcedFile copy = find(target);
    return copy.path.empty() ? "nothing" : read_file(copy.path);
  }

  const TempDir folder;
  const TempDir copies;
  const std::filesystem::path page = folder / "composition" / ".page.html";
  asio::io_context context;
  ChannelPair channels{context.get_executor()};
  MessageChannel& worker{channels.one};
  MessageChannel& host{channels.other};
  CompositionFolder served;
  FetchedFiles files{context.get_executor(), copies.path(), [this](const Message& message) { worker.send(message); }};
  int requests{0};
  std::size_t received{0};
  std::string problem{};
};

/// Not an initializer list: GCC 12 takes parts of it for uninitialised.
FileAnswer found(std::int64_t bytes, const std::string& sha256) {
  FileAnswer answer;
  answer.status = FileStatus::found;
  answer.digest.bytes = bytes;
  answer.digest.sha256 = sha256;
  answer.extension = ".txt";
  return answer;
}

}  // namespace

TEST_CASE("host files: a page finds what lies in its folder on the host, and nothing else", "[worker]") {
  Pair pair;
  const auto in = [&](const char* name) { return pair.folder / "composition" / name; };
  write_file(in("a b.js"), "script");
  write_file(in("empty.css"), "");
  write_file(in(".secret"), "s");
  write_file(pair.folder / "outside.txt", "o");
  std::filesystem::create_symlink(pair.folder / "outside.txt", in("link.txt"));
  CHECK(pair.text("/.page.html") == "<html>");  // the document itself, even if its name is hidden
  CHECK(pair.text("/a%20b.js?v=1") == "script");
  CHECK(pair.text("/empty.css") == "");
  CHECK(pair.find("/a%20b.js").path.extension() == ".js");  // by which the browser is told what it is
  for (const char* target : {"/.secret", "/../outside.txt", "/%2e%2e/outside.txt", "/link.txt", "/none", "none", "", "/%zz"}) {
    CAPTURE(target);
    CHECK(pair.text(target) == "nothing");
  }
  CHECK(pair.problem == "");
}

TEST_CASE("host files: a file is asked for once a render, and sent again only if it changed", "[worker]") {
  Pair pair;
  const std::string film(3'000'000, 'x');
  write_file(pair.folder / "composition" / "film.mp4", film);
  CHECK(pair.text("/film.mp4") == film);
  CHECK(pair.text("/film.mp4?again") == film);
  CHECK(pair.requests == 1);
  pair.files.enter_render("2");
  CHECK(pair.text("/film.mp4") == film);
  CHECK(pair.requests == 2);
  CHECK(pair.received == film.size());
  write_file(pair.folder / "composition" / "film.mp4", "new");
  pair.files.enter_render("3");
  CHECK(pair.text("/film.mp4") == "new");
  std::filesystem::remove(pair.folder / "composition" / "film.mp4");
  pair.files.enter_render("4");
  CHECK(pair.text("/film.mp4") == "nothing");
}

TEST_CASE("host files: many requests at a time get each their own file", "[worker]") {
  Pair pair;
  for (int i = 0; i < 40; ++i) {
    write_file(pair.folder / "composition" / (std::to_string(i) + ".txt"),
               std::string(static_cast<std::size_t>(i) * 20'000, 'a') + std::to_string(i));
  }
  int right = 0;
  const auto check = [&](int i) -> asio::awaitable<void> {
    const auto copy = co_await pair.files.find("/" + std::to_string(i) + ".txt");
    right += read_file(copy.path).ends_with("a" + std::to_string(i)) ? 1 : 0;
  };
  for (int i = 1; i < 40; ++i) asio::co_spawn(pair.context, check(i), asio::detached);
  CHECK(pair.text("/0.txt") == "0");
  CHECK(pair.text("/39.txt").ends_with("a39"));
  CHECK(right == 39);
}

TEST_CASE("host files: a wait can be cancelled; the file still comes for the next", "[worker]") {
  const TempDir copies;
  asio::io_context context;
  std::vector<Message> sent;
  FetchedFiles files(context.get_executor(), copies.path(), [&](const Message& message) { sent.push_back(message); });
  files.enter_render("1");
  CHECK(await_cancelled(context, files.find("/a.txt"), 20ms).path.empty());
  REQUIRE(sent.size() == 1);
  const std::string abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  CHECK(files.on(found(3, abc)).has_value());
  CHECK(files.on(Data{"abc"}).has_value());
  CHECK(read_file(await(context, files.find("/a.txt")).path) == "abc");
  CHECK(sent.size() == 1);
}

TEST_CASE("host files: a host that does not keep to the protocol is found out", "[worker]") {
  const TempDir copies;
  asio::io_context context;
  const std::string sum(64, 'a');
  const FileAnswer good = found(3, sum);
  FileAnswer other = good, climbing = good, no_sum = good, unchanged = good;
  other.id = 1;
  climbing.extension = "/../../etc/passwd";
  no_sum.digest.sha256 = "../x";
  unchanged.status = FileStatus::unchanged;
  struct Row {
    const char* what;
    std::vector<Message> said;
    Errc code;
  };
  const std::vector<Row> rows{
      {"data that nobody announced", {Data{"abc"}}, Errc::protocol_error},
      {"another request's file", {other}, Errc::protocol_error},
      {"a path for an extension", {climbing}, Errc::protocol_error},
      {"no sum", {no_sum}, Errc::protocol_error},
      {"unchanged from nothing", {unchanged}, Errc::protocol_error},
      {"a second file in the first", {good, good}, Errc::protocol_error},
      {"too much", {good, Data{"abcd"}}, Errc::protocol_error},
      {"damaged", {good, Data{"abc"}}, Errc::chunk_invalid},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    FetchedFiles files(context.get_executor(), copies.path(), [](const Message&) {});
    files.enter_render("1");
    static_cast<void>(await_cancelled(context, files.find("/a.txt"), 1ms));
    Result<void> taken;
    for (const Message& message : row.said) {
      if (const auto* answer = std::get_if<FileAnswer>(&message)) taken = files.on(*answer);
      if (const auto* data = std::get_if<Data>(&message)) taken = files.on(*data);
    }
    REQUIRE_FALSE(taken.has_value());
    CHECK(taken.error().code == row.code);
  }
  CHECK(names_in(copies.path()).empty());
}
