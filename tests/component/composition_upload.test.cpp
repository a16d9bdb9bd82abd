#include "lambda/executor/composition_upload.hpp"
#include "lambda/executor/render_compositions.hpp"

#include <orchestrator/worker/composition.hpp>

#include "support/await.hpp"
#include "support/cancel.hpp"
#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/notes.hpp"
#include "support/scripted_http.hpp"
#include "support/temp_dir.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace http = boost::beast::http;

namespace {

/// A store that has nothing, answers PUT with a script, and who uploads to it.
struct Upload {
  explicit Upload(HttpScript to_put)
      : server([put = std::move(to_put)](const HttpCall& call) {
          return call.method() == http::verb::head ? HttpScript{.bytes = "HTTP/1.1 404 x\r\nContent-Length: 0\r\n\r\n"} : put;
        }) {}

  boost::asio::awaitable<Result<std::string>> run(std::filesystem::path page) {
    return upload_composition(store, "farm/", std::move(page), notes);
  }

  Notes notes{};
  ScriptedHttp server;
  boost::asio::io_context context{1};
  aws::HttpClient client{context.get_executor()};
  aws::CredentialSource credentials{context.get_executor(), client, {.keys = {"AKID", "secret", ""}}};
  aws::RetryBudget budget{};
  aws::S3Client store{client, credentials, budget, {"us-east-1", "bucket", server.origin(), true}};
};

}  // namespace

TEST_CASE("composition upload: files of any name are uploaded; links that lead nowhere or round are not", "[lambda]") {
  const TempDir folder;
  write_file(folder / "index.html", "page");
  write_file(folder / "\xff%41 ?.png", "picture");
  std::filesystem::create_symlink("loop", folder / "loop");
  std::filesystem::create_symlink("none", folder / "dangling");
  std::filesystem::create_directory(folder / "sub");
  std::filesystem::create_symlink("../sub", folder / "sub" / "again");
  Upload upload(http_answer(200));
  const auto key = await(upload.context, upload.run(folder / "index.html"));
  REQUIRE(key.has_value());
  const auto calls = upload.server.calls();
  REQUIRE(calls.size() == 4);  // HEAD of the manifest, two files, the manifest
  CHECK(calls.back().target() == "/bucket/" + *key);
  const auto manifest = lambda::parse_manifest(calls.back().body());
  REQUIRE(manifest.has_value());
  CHECK(manifest->document == "index.html");
  REQUIRE(manifest->files.size() == 2);
  CHECK(manifest->files.at("\xff%41 ?.png").bytes == 7);
}

TEST_CASE("composition upload: linked folders are part of a composition, if they lie in it; what is hidden is not", "[lambda]") {
  const TempDir folder;
  const TempDir elsewhere;
  write_file(elsewhere / "secret.txt", "secret");
  std::filesystem::create_directories(folder / "assets" / "fonts");
  std::filesystem::create_directories(folder / ".git");
  write_file(folder / "assets" / "style.css", "style");
  write_file(folder / "assets" / "fonts" / "a.ttf", "font");
  write_file(folder / ".git" / "config", "hidden");
  write_file(folder / ".env", "hidden");
  std::filesystem::create_symlink("assets", folder / "static");
  std::filesystem::create_symlink("..", folder / "assets" / "up");
  std::filesystem::create_symlink(elsewhere.path(), folder / "out");
  const auto names = composition_files(folder.path());
  REQUIRE(names.has_value());
  CHECK(*names == std::set<std::string>{"assets/fonts/a.ttf", "assets/style.css", "static/fonts/a.ttf", "static/style.css"});
}

TEST_CASE("composition upload: a folder that cannot be read is named", "[lambda]") {
  const auto names = composition_files("/nowhere/at/all");
  REQUIRE_FALSE(names.has_value());
  CHECK(contains(names.error().detail, "/nowhere/at/all"));
}

TEST_CASE("composition upload: a cancellation ends all uploads that are under way, and begins no others", "[lambda]") {
  const TempDir folder;
  for (int i = 0; i < 20; ++i) write_file(folder / (std::to_string(i) + ".txt"), std::to_string(i));
  write_file(folder / "index.html", "page");
  Upload upload({.then = HttpScript::Then::hang});
  const auto as_many_as_at_a_time = [&] { return upload.server.calls().size() >= 1 + 6; };
  const auto cancelled = await_cancelled(upload.context, upload.run(folder / "index.html"), 100ms, as_many_as_at_a_time);
  REQUIRE_FALSE(cancelled.has_value());
  CHECK(cancelled.error().code == Errc::cancelled);
  CHECK(upload.server.calls().size() == 1 + 6);
}

TEST_CASE("composition upload: who is cancelled reads no more files", "[lambda]") {
  const TempDir folder;
  write_file(folder / "index.html", "page");
  boost::asio::io_context context(1);
  const auto read = await_cancelled(context, once_cancelled(read_manifest(folder / "index.html")), 10ms);
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().code == Errc::cancelled);
}

TEST_CASE("composition upload: chunks of one render may have different pages, each of which is uploaded once", "[lambda]") {
  const TempDir folder, elsewhere;
  write_file(folder / "index.html", "page");
  write_file(elsewhere / "index.html", "another page");
  Upload upload(http_answer(200));
  RenderCompositions compositions(upload.context.get_executor(), upload.store, "farm/");
  const auto manifest_of = [&](const TempDir& of) {
    return await(upload.context, compositions.manifest_of((of / "index.html").string(), upload.notes)).value();
  };
  const std::string key = manifest_of(folder);
  CHECK(manifest_of(elsewhere) != key);
  const auto sent = upload.server.calls().size();
  CHECK(manifest_of(folder) == key);
  CHECK(upload.server.calls().size() == sent);
}

TEST_CASE("composition upload: one that was cancelled or failed does not fail the render's next chunk", "[lambda]") {
  const TempDir folder;
  Upload upload(http_answer(200));
  RenderCompositions compositions(upload.context.get_executor(), upload.store, "farm/");
  const auto manifest = [&] { return compositions.manifest_of((folder / "index.html").string(), upload.notes); };
  const auto failed = await(upload.context, manifest());
  REQUIRE_FALSE(failed.has_value());
  CHECK(failed.error().code == Errc::composition_not_found);
  write_file(folder / "index.html", "page");
  const auto cancelled = await_cancelled(upload.context, once_cancelled(manifest()), 10ms);
  REQUIRE_FALSE(cancelled.has_value());
  CHECK(cancelled.error().code == Errc::cancelled);
  CHECK(await(upload.context, manifest()).has_value());
}
