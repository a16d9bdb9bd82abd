// Runs a fuzz entry without libFuzzer: the seeds as they are, then mutations of them, the same ones every time.
//   replay SEED_FOLDER [INPUTS]
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::string current_input;

/// Keeps the input that an entry aborted on.
extern "C" void keep_input(int) {
  const int file = ::open("crash-input", O_WRONLY | O_CREAT | O_TRUNC, 0644);
  static_cast<void>(!::write(file, current_input.data(), current_input.size()));
  constexpr char note[] = "the input is in the file crash-input\n";
  static_cast<void>(!::write(STDERR_FILENO, note, sizeof note - 1));
}

std::vector<std::string> read_seeds(const char* folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<std::string> seeds;
  for (const auto& file : files) {
    std::ifstream stream(file, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  return seeds;
}

class Mutator {
 public:
  explicit Mutator(std::vector<std::string> seeds) : seeds_(std::move(seeds)) {}

  std::string next() {
    std::string text = seeds_[below(seeds_.size())];
    for (std::size_t count = below(6) + 1; count > 0; --count) mutate(text);
    return text;
  }

 private:
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_()) % limit; }

  void mutate(std::string& text) {
    static const std::vector<std::string> words{
        "",  "0", "-1", "9223372036854775807", "1e999", "null", "{}", "[", "]", "\"", ",", "\\", "/", "..", "%2e", "\xff",
        "é", "=", "\n"};
    const std::size_t at = below(text.size() + 1), length = std::min(below(9), text.size() - at);
    switch (below(5)) {
      case 0: text.insert(at, 1, static_cast<char>(random_())); break;
      case 1: text.erase(at, length); break;
      case 2: text.replace(at, length, words[below(words.size())]); break;
      case 3: text.insert(at, text.substr(below(text.size() + 1), length)); break;
      default:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
    }
  }

  std::vector<std::string> seeds_;
  std::mt19937_64 random_{20240531};
};

void run(const std::string& input) {
  current_input = input;
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  std::signal(SIGABRT, keep_input);
  std::vector<std::string> seeds = read_seeds(argv[1]);
  for (const std::string& seed : seeds) run(seed);
  run("");
  seeds.emplace_back();
  const int inputs = argc > 2 ? std::atoi(argv[2]) : 20'000;
  Mutator mutator(std::move(seeds));
  for (int i = 0; i < inputs; ++i) run(mutator.next());
  std::printf("%d inputs\n", inputs);
  return 0;
}
