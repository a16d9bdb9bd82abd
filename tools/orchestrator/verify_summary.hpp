#pragma once

#include "verify/verify_report.hpp"

#include <orchestrator/error.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace orchestrator::tool {

/// One line about a pass that ended: "in sequence, under load: 60 frames, shm". Pure.
std::string pass_text(const VerifyPass& pass);
/// The verdict, and after a difference all that is known about it, in lines for people. Pure.
std::string verify_text(const std::string& composition, const VerifyReport& report);
/// One line of JSON, see docs/command-line.md. Pure.
std::string verify_json(const std::string& composition, const Result<VerifyReport>& result, std::chrono::milliseconds wall);

}  // namespace orchestrator::tool
