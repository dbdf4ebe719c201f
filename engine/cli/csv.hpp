// SPDX-License-Identifier: MIT
// Strict CSV (RFC 4180) from a stream: quoted fields with commas, line ends and doubled quotes; lines end in LF or CRLF; a UTF-8 byte order
// mark at the start is skipped, and so are empty lines. What is wrong spoils one line, never the file: after a fault the reader goes on with
// the line behind the one where the record began, so a quote that nobody closed does not swallow what follows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace souk::cli {

/// What can be wrong with a record.
enum class CsvFault : std::uint8_t { quoteInField, textAfterQuote, unclosedQuote, carriageReturn, tooLong };

/// The kebab-case name of a fault, for example `unclosed-quote`.
[[nodiscard]] std::string_view faultName(CsvFault fault);

/// Most bytes in a record, line ends within quotes included.
inline constexpr std::size_t kMaxCsvRecord = std::size_t{1} << 20;

/// Reads one record after the other. Holds one record and one read of the source.
class CsvReader {
 public:
  /// Fills some bytes and tells how many; 0 at the end.
  using Source = std::function<std::size_t(std::span<char>)>;
  enum class Outcome : std::uint8_t { record, bad, end };

  explicit CsvReader(Source source);

  /// Goes to the next record.
  [[nodiscard]] Outcome next();

  /// The record's fields, unquoted. Valid until the next call of `next`.
  [[nodiscard]] std::span<const std::string_view> fields() const { return fields_; }

  /// The line on which the record began, counted from 1.
  [[nodiscard]] std::uint64_t line() const { return line_; }

  /// What is wrong, after Outcome::bad.
  [[nodiscard]] CsvFault fault() const { return fault_; }

 private:
  // A field within the buffer, or, if it had doubled quotes, within unescaped_.
  struct Part {
    std::size_t begin;
    std::size_t end;
    bool unescaped;
  };

  [[nodiscard]] int byteAt(std::size_t at);
  [[nodiscard]] bool readMore();
  void skipByteOrderMark();
  [[nodiscard]] std::optional<CsvFault> readRecord();
  [[nodiscard]] std::optional<CsvFault> readQuoted();
  [[nodiscard]] std::optional<CsvFault> readPlain();
  [[nodiscard]] std::optional<CsvFault> endField(bool& more);
  void skipLine();
  void finishRecord();

  Source source_;
  std::string buffer_;
  std::size_t start_ = 0;  // of the record
  std::size_t at_ = 0;
  std::string unescaped_;
  std::vector<Part> parts_;
  std::vector<std::string_view> fields_;
  std::uint64_t line_ = 0;
  std::uint64_t nextLine_ = 1;
  CsvFault fault_{};
  bool ended_ = false;
};

}  // namespace souk::cli
