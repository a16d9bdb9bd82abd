#include "verify/verify_report.hpp"

#include <algorithm>

namespace orchestrator {

std::string to_string(const VerifyPass& pass) {
  std::string text = pass.fresh ? "fresh" : "in sequence";
  if (pass.loaded) text += ", under load";
  if (pass.other_backend) text += ", by " + pass.capture.substr(0, pass.capture.find(' '));
  return text;
}

std::string_view likely_cause(const VerifyReport& report) {
  const auto differs = [&](auto&& among) {
    return std::any_of(report.passes.begin(), report.passes.end(),
                       [&](const VerifyPass& pass) { return pass.different > 0 && among(pass); });
  };
  if (!report.difference) return {};
  if (differs([](const VerifyPass& pass) { return pass.fresh && !pass.loaded; })) {
    if (differs([](const VerifyPass& pass) { return !pass.fresh && !pass.other_backend; })) {
      return "Every run shows something else: the page uses real time, random numbers of crypto, or answers that change.";
    }
    if (report.order == FrameOrder::any) {
      return "A picture depends on how it was reached: the page keeps something from frame to frame. Mend it, or have every "
             "chunk draw all frames before its own (--stateful).";
    }
    return "A picture depends on how it was reached: what the page did in earlier frames is not the same in a browser that only "
           "passes through them.";
  }
  if (differs([](const VerifyPass& pass) { return pass.loaded; })) {
    return "Only a busy machine shows it: something comes when it comes (a worker, a socket, media, data that nothing waits "
           "for), or reads real time.";
  }
  return "The backends do not agree: the page's picture depends on how the browser draws.";
}

}  // namespace orchestrator
