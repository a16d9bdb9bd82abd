#include "testing/compositions.hpp"

#include "testing/fake_picture.hpp"

#include <fstream>
#include <stdexcept>

namespace orchestrator {
inline namespace v0 {
namespace testing {

namespace {

constexpr const char* page_start = R"(<!doctype html>
<meta charset="utf-8">
<style>html, body { margin: 0; background: #2040a0; overflow: hidden; }</style>
<canvas></canvas>
<script>
  const canvas = document.querySelector('canvas');
  canvas.width = innerWidth;
  canvas.height = innerHeight;
  canvas.style.display = 'block';
  const context = canvas.getContext('2d');
)";

constexpr const char* page_end = R"(
  window.renderFrame = (frame) => {
    before(frame);
    const width = Math.floor(innerWidth / columns), height = Math.floor(innerHeight / rows);
    context.fillStyle = '#2040a0';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.fillStyle = '#fff';
    String(frame).padStart(6, '0').split('').forEach((digit, place) => {
      for (const [x, y, w, h, digits] of bars) {
        if (digits.includes(digit)) {
          context.fillRect((1 + 4 * place + x) * width, (1 + y) * height, w * width, h * height);
        }
      }
    });
  };
</script>
)";

/// Writes a page into a folder of its own, because executors send a page's whole folder to where it is rendered.
std::string write_page(const std::filesystem::path& folder, const std::string& name, const std::string& before) {
  const std::filesystem::path file = folder / "pages" / name;
  if (std::filesystem::exists(file)) return file.string();
  std::filesystem::create_directories(file.parent_path());
  std::ofstream page(file);
  page << page_start << "  const columns = " << picture_columns << ", rows = " << picture_rows << ", bars = " << bars_as_json()
       << ";\n  const before = (frame) => {" << before << "};" << page_end;
  page.close();
  if (!page) throw std::runtime_error("cannot write " + file.string());
  return file.string();
}

}  // namespace

std::string numbers_page(const std::filesystem::path& folder) { return write_page(folder, "numbers.html", ""); }

std::string failing_page(const std::filesystem::path& folder, int frame) {
  const std::string number = std::to_string(frame);
  return write_page(folder, "failing-" + number + ".html",
                    " if (frame >= " + number + ") throw new Error('the page fails on purpose'); ");
}

std::string slow_page(const std::filesystem::path& folder) {
  return write_page(folder, "slow.html", " let x = frame; for (let i = 0; i < 1e8; ++i) x = (x * 31 + i) | 0; window.kept = x; ");
}

}  // namespace testing
}  // namespace v0
}  // namespace orchestrator
