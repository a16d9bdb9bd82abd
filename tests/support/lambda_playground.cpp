// AWS Lambda and S3 on loopback, to try `orchestrator render --executor lambda` without an account: emulator, radosgw, the real
// function. Prints what to type, and runs until its input ends (Ctrl-D) or it is interrupted.
//   lambda_playground [--concurrency N] [--timeout-seconds S] [--fault NAME]... [--function PROGRAM]
// It reads "counts", "logs" and names of faults, which the next invocation suffers.
#include "lambda/aws/s3_client.hpp"
#include "support/await.hpp"
#include "support/lambda_emulator.hpp"
#include "support/radosgw.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <map>
#include <string>

namespace {

using namespace orchestrator;
using namespace orchestrator::test;

const std::map<std::string, LambdaFault> faults{
    {"throttle", LambdaFault::throttle}, {"service_error", LambdaFault::service_error},
    {"reset", LambdaFault::reset},       {"truncate", LambdaFault::truncate},
    {"crash", LambdaFault::crash},       {"out_of_time", LambdaFault::out_of_time},
    {"hang", LambdaFault::hang},         {"out_of_memory", LambdaFault::out_of_memory}};

void print_counts(const LambdaCounts& counts) {
  std::printf("requests %d, throttled %d, cold starts %d, warm starts %d, running %d, most running %d, failed %d\n",
              counts.requests, counts.throttled, counts.cold_starts, counts.warm_starts, counts.running, counts.most_running,
              counts.failed);
}

void make_bucket(const std::string& name) {
  boost::asio::io_context context(1);
  aws::HttpClient http(context.get_executor());
  aws::CredentialSource keys(context.get_executor(), http, {.keys = {Radosgw::access_key(), Radosgw::secret_key(), ""}});
  aws::RetryBudget budget;
  aws::S3Client store(http, keys, budget, {"us-east-1", name, Radosgw::shared().endpoint(), true});
  static_cast<void>(await(context, store.put("", "")).value());  // PUT /bucket makes it
}

}  // namespace

int main(int argc, char** argv) {
  if (const std::string impossible = Radosgw::impossible(); !impossible.empty()) {
    std::fprintf(stderr, "%s\n", impossible.c_str());
    return 1;
  }
  LambdaLimits limits;
  std::vector<LambdaFault> injected;
  std::string function = ORCHESTRATOR_LAMBDA;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--concurrency") == 0) limits.concurrency = std::atoi(argv[i + 1]);
    if (std::strcmp(argv[i], "--timeout-seconds") == 0) limits.timeout = std::chrono::seconds(std::atoi(argv[i + 1]));
    if (std::strcmp(argv[i], "--function") == 0) function = argv[i + 1];
    if (std::strcmp(argv[i], "--fault") == 0) injected.push_back(faults.at(argv[i + 1]));
  }
  LambdaEmulator lambda({.command = {function}}, limits,
                        {.access_key_id = Radosgw::access_key(), .secret_access_key = Radosgw::secret_key()});
  for (const LambdaFault fault : injected) lambda.inject(fault);
  std::printf("export AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=%s AWS_REGION=us-east-1\n", Radosgw::access_key().c_str(),
              Radosgw::secret_key().c_str());
  make_bucket("renders");
  std::printf(
      "orchestrator render examples/composition --frames 0:60 -o out.mp4 --lambda-function render \\\n"
      "  --lambda-bucket renders --lambda-endpoint %s --s3-endpoint %s --s3-path-style\n",
      lambda.endpoint().c_str(), Radosgw::shared().endpoint().c_str());
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "counts") print_counts(lambda.counts());
    if (line == "logs") std::cout << lambda.logs() << std::flush;
    if (faults.contains(line)) lambda.inject(faults.at(line));
    std::fflush(stdout);
  }
}
