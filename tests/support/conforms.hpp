#pragma once

#include <orchestrator/testing/conformance.hpp>

#include <catch2/catch.hpp>

#include <set>
#include <string>

namespace orchestrator::test {

/// Checks that an executor keeps every promise, and that all checks but `skipped` could be made.
inline void check_conforms(const testing::ConformanceSubject& subject, const std::set<std::string>& skipped) {
  for (const testing::ConformanceCheck& check : testing::conformance_checks()) {
    const testing::ConformanceReport report = testing::check_conformance(subject, check.name);
    INFO(testing::to_string({&report, 1}));
    CHECK(report.findings.empty());
    CHECK(report.skipped.empty() == !skipped.contains(report.check));
  }
}

}  // namespace orchestrator::test
