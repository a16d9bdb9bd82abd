#pragma once

#include "lambda/aws/s3_client.hpp"
#include "support/await.hpp"
#include "support/film.hpp"
#include "support/lambda_run.hpp"
#include "support/radosgw.hpp"
#include "support/sandbox.hpp"
#include "support/ssh_render.hpp"

#include <orchestrator/executors/lambda_executor.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <iostream>

namespace orchestrator::test {

/// False, with a message, where there is no radosgw.
inline bool can_test() {
  const std::string impossible = Radosgw::impossible();
  if (!impossible.empty()) std::cout << "skipped: " << impossible << "\n";
  return impossible.empty();
}

/// An account with one function and one empty bucket.
struct Account {
  explicit Account(const std::string& bucket_name, LambdaLimits limits = {}, bool streams = true,
                   std::chrono::seconds clock_offset = {})
      : bucket(bucket_name),
        lambda(
            render_function(streams), limits,
            {.access_key_id = Radosgw::access_key(), .secret_access_key = Radosgw::secret_key(), .clock_offset = clock_offset}),
        store(http, credentials, budget,
              {.region = "us-east-1", .bucket = bucket, .endpoint = Radosgw::shared().endpoint(), .path_style = true}) {
    REQUIRE(await(context, store.put("", "")).has_value());  // PUT /bucket makes it
    sandbox.set("AWS_ACCESS_KEY_ID", Radosgw::access_key());
    sandbox.set("AWS_SECRET_ACCESS_KEY", Radosgw::secret_key());
    sandbox.set("AWS_REGION", "us-east-1");
  }

  /// Two invocations at a time unless `more` says something else.
  Arguments arguments(const Arguments& more = {}) const {
    const bool at_a_time = std::find(more.begin(), more.end(), "--lambda-concurrency") != more.end();
    return together({{"--executor", "lambda", "--lambda-function", "render", "--lambda-bucket", bucket, "--lambda-endpoint",
                      lambda.endpoint(), "--s3-endpoint", Radosgw::shared().endpoint(), "--s3-path-style"},
                     at_a_time ? Arguments{} : Arguments{"--lambda-concurrency", "2"},
                     small_and_exact(),
                     more});
  }
  /// The same for tests that do not run the command line.
  LambdaExecutorOptions options() const {
    return {.function = "render",
            .bucket = bucket,
            .region = "us-east-1",
            .max_concurrency = 2,
            .access_key_id = Radosgw::access_key(),
            .secret_access_key = Radosgw::secret_key(),
            .lambda_endpoint = lambda.endpoint(),
            .s3_endpoint = Radosgw::shared().endpoint(),
            .s3_path_style = true};
  }
  ToolEnd render(const std::string& frames, const Arguments& more = {}) { return sandbox.render(scene, frames, arguments(more)); }
  std::vector<std::string> keys(const std::string& prefix) {
    std::vector<std::string> names;
    const auto objects = await(context, store.list(prefix));
    REQUIRE(objects.has_value());
    for (const aws::S3Object& object : *objects) names.push_back(object.key);
    return names;
  }

  std::string bucket;
  Sandbox sandbox{};
  std::string scene{write_scene(sandbox)};
  LambdaEmulator lambda;
  boost::asio::io_context context{1};
  aws::HttpClient http{context.get_executor()};
  aws::CredentialSource credentials{context.get_executor(), http, {.keys = {Radosgw::access_key(), Radosgw::secret_key(), ""}}};
  aws::RetryBudget budget{};
  aws::S3Client store;
};

/// Hashes of the frames that the local executor makes of the same scene.
inline std::vector<std::string> local_hashes(const std::string& frames) {
  Sandbox here;
  const ToolEnd end = here.render(write_scene(here), frames, small_and_exact());
  INFO(end.errors);
  REQUIRE(end.status.code == 0);
  return frame_hashes(here.film());
}

}  // namespace orchestrator::test
