// SPDX-License-Identifier: MIT
#include "files.hpp"

#include <cerrno>
#include <cstring>
#include <memory>

namespace souk::cli {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

std::unexpected<Error> failed(Code code, std::string_view path) { return fail(code, {}, std::string{path} + ": " + std::strerror(errno)); }

Result<std::vector<std::uint8_t>> readAll(std::FILE* file, std::string_view path) {
  std::vector<std::uint8_t> bytes;
  std::size_t got = 1;
  while (got > 0) {
    const auto size = bytes.size();
    bytes.resize(size + (std::size_t{1} << 16));
    got = std::fread(bytes.data() + size, 1, bytes.size() - size, file);
    bytes.resize(size + got);
  }
  if (std::ferror(file) != 0) return failed(Code::cannotRead, path);
  return bytes;
}

}  // namespace

Result<std::vector<std::uint8_t>> readFile(std::string_view path) {
  if (path == "-") return readAll(stdin, "standard input");
  const File file{std::fopen(std::string{path}.c_str(), "rb")};
  if (!file) return failed(Code::cannotRead, path);
  return readAll(file.get(), path);
}

Result<void> writeFile(std::string_view path, std::span<const std::uint8_t> bytes) {
  const auto target = std::string{path};
  const auto beside = target + ".part";
  File file{std::fopen(beside.c_str(), "wb")};
  if (!file) return failed(Code::cannotWrite, path);
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size();
  const bool closed = std::fclose(file.release()) == 0;
  if (!written || !closed || std::rename(beside.c_str(), target.c_str()) != 0) {
    auto error = failed(Code::cannotWrite, path);
    std::remove(beside.c_str());
    return error;
  }
  return {};
}

bool Lines::next(std::string& line) {
  line.clear();
  for (int c = std::getc(file_); c != EOF; c = std::getc(file_)) {
    if (c == '\n') return true;
    line.push_back(static_cast<char>(c));
  }
  return !line.empty();
}

}  // namespace souk::cli
