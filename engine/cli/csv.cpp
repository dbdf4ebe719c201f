// SPDX-License-Identifier: MIT
// RFC 4180 by recursive descent over a buffer that always holds the whole record, so that a fault can be undone up to its first line.
#include "csv.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace souk::cli {
namespace {

constexpr std::size_t kReadSize = std::size_t{1} << 16;
constexpr int kEnd = -1;

constexpr std::array<std::string_view, 5> kFaultNames{"quote-in-field", "text-after-quote", "unclosed-quote", "bare-carriage-return",
                                                      "record-too-long"};

}  // namespace

std::string_view faultName(CsvFault fault) { return kFaultNames[static_cast<std::size_t>(fault)]; }

CsvReader::CsvReader(Source source) : source_(std::move(source)) { skipByteOrderMark(); }

void CsvReader::skipByteOrderMark() {
  while (buffer_.size() < 3 && readMore()) {
  }
  if (buffer_.starts_with("\xef\xbb\xbf")) at_ = 3;
}

bool CsvReader::readMore() {
  if (ended_) return false;
  if (start_ > 0) {
    // What lies before the record is used up.
    buffer_.erase(0, start_);
    at_ -= start_;
    for (auto& part : parts_) {
      if (!part.unescaped) part.begin -= start_, part.end -= start_;
    }
    start_ = 0;
  }
  const auto held = buffer_.size();
  buffer_.resize(held + kReadSize);
  const auto count = source_(std::span(buffer_).subspan(held));
  buffer_.resize(held + count);
  ended_ = count == 0;
  return !ended_;
}

// The byte at some distance from at_, or kEnd.
int CsvReader::byteAt(std::size_t ahead) {
  while (at_ + ahead >= buffer_.size()) {
    if (!readMore()) return kEnd;
  }
  return static_cast<unsigned char>(buffer_[at_ + ahead]);
}

std::optional<CsvFault> CsvReader::readPlain() {
  const auto distance = at_ - start_;
  for (int byte = byteAt(0); byte != kEnd && byte != ',' && byte != '\n' && byte != '\r'; byte = byteAt(0)) {
    if (byte == '"') return CsvFault::quoteInField;
    if (at_ - start_ >= kMaxCsvRecord) return CsvFault::tooLong;
    ++at_;
  }
  parts_.push_back({start_ + distance, at_, false});
  return std::nullopt;
}

std::optional<CsvFault> CsvReader::readQuoted() {
  ++at_;
  const auto distance = at_ - start_;
  const auto unescapedBegin = unescaped_.size();
  bool doubled = false;
  for (;;) {
    const int byte = byteAt(0);
    if (byte == kEnd) return CsvFault::unclosedQuote;
    if (at_ - start_ >= kMaxCsvRecord) return CsvFault::tooLong;
    if (byte == '"') {
      if (byteAt(1) != '"') break;
      if (!doubled) unescaped_.append(buffer_, start_ + distance, at_ - start_ - distance);
      doubled = true;
      ++at_;
    }
    if (doubled) unescaped_ += static_cast<char>(byte);
    ++at_;
  }
  parts_.push_back(doubled ? Part{unescapedBegin, unescaped_.size(), true} : Part{start_ + distance, at_, false});
  ++at_;
  const int after = byteAt(0);
  const bool ends = after == ',' || after == '\n' || after == '\r' || after == kEnd;
  return ends ? std::nullopt : std::optional(CsvFault::textAfterQuote);
}

// Goes over the comma or line end behind a field.
std::optional<CsvFault> CsvReader::endField(bool& more) {
  const int byte = byteAt(0);
  more = byte == ',';
  if (byte == '\r') {
    if (byteAt(1) != '\n' && byteAt(1) != kEnd) return CsvFault::carriageReturn;
    ++at_;
  }
  if (byteAt(0) != kEnd) ++at_;
  return std::nullopt;
}

std::optional<CsvFault> CsvReader::readRecord() {
  parts_.clear();
  unescaped_.clear();
  for (bool more = true; more;) {
    auto fault = byteAt(0) == '"' ? readQuoted() : readPlain();
    if (!fault) fault = endField(more);
    if (fault) return fault;
  }
  return std::nullopt;
}

// Back to the record's start, and behind its first line end. Gives up what it passes, so a line of any length needs no memory.
void CsvReader::skipLine() {
  at_ = start_;
  for (;;) {
    const auto found = buffer_.find('\n', at_);
    at_ = found == std::string::npos ? buffer_.size() : found + 1;
    if (found != std::string::npos) break;
    start_ = at_;
    parts_.clear();
    if (!readMore()) break;
  }
  ++nextLine_;
}

void CsvReader::finishRecord() {
  fields_.clear();
  for (const auto& part : parts_) {
    const std::string_view text = part.unescaped ? unescaped_ : buffer_;
    fields_.push_back(text.substr(part.begin, part.end - part.begin));
  }
  const auto record = std::string_view(buffer_).substr(start_, at_ - start_);
  nextLine_ += static_cast<std::uint64_t>(std::ranges::count(record, '\n'));
}

CsvReader::Outcome CsvReader::next() {
  for (;;) {
    start_ = at_;
    parts_.clear();
    line_ = nextLine_;
    if (byteAt(0) == kEnd) return Outcome::end;
    if (const auto fault = readRecord()) {
      fault_ = *fault;
      skipLine();
      return Outcome::bad;
    }
    finishRecord();
    const bool empty = fields_.size() == 1 && fields_.front().empty() && buffer_[start_] != '"';
    if (!empty) return Outcome::record;
  }
}

}  // namespace souk::cli
