// SPDX-License-Identifier: MIT
// Currencies against the published table; amounts against exact decimals.
#include "souk/core/money.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "number_oracle.hpp"

using namespace souk;

namespace {

template <class T>
std::string_view refusal(const Result<T>& result) {
  return result ? std::string_view("accepted") : codeName(result.error().code);
}

Currency currency(std::string_view code) {
  const auto found = Currency::fromCode(code);
  REQUIRE(found);
  return *found;
}

/// The cells of one line of the published table (RFC 4180; no cell of it spans lines).
std::vector<std::string> cellsOf(const std::string& line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  return cells;
}

/// One row of the published table: who uses which currency.
struct Row {
  std::string entity, code, minorUnit, withdrawn;
};

std::vector<Row> publishedRows() {
  std::ifstream file(SOUK_TESTS_FOLDER "/core/data/iso4217.csv");
  std::string line;
  std::getline(file, line);
  REQUIRE(cellsOf(line) == std::vector<std::string>{"Entity", "Currency", "AlphabeticCode", "NumericCode", "MinorUnit", "WithdrawalDate"});
  std::vector<Row> rows;
  while (std::getline(file, line)) {
    const auto cells = cellsOf(line);
    REQUIRE(cells.size() == 6);
    rows.push_back({cells[0], cells[2], cells[4], cells[5]});
  }
  return rows;
}

/// Digits by code, of the currencies that are in use and have minor units.
std::map<std::string, int> usableCurrencies() {
  std::map<std::string, int> digits;
  for (const auto& row : publishedRows()) {
    if (!row.code.empty() && row.withdrawn.empty() && row.minorUnit != "-") digits[row.code] = std::stoi(row.minorUnit);
  }
  return digits;
}

}  // namespace

TEST_CASE("currencies: each of the 449 published rows that is in use and has minor units is known with its digits", "[money][iso4217]") {
  const auto rows = publishedRows();
  REQUIRE(rows.size() == 449);
  for (const auto& row : rows) {
    if (row.code.empty() || !row.withdrawn.empty() || row.minorUnit == "-") continue;
    INFO(row.entity << " " << row.code);
    const auto found = Currency::fromCode(row.code);
    REQUIRE(found);
    CHECK(found->code() == row.code);
    CHECK(std::to_string(found->digits()) == row.minorUnit);
  }
}

TEST_CASE("currencies: each published row without minor units is refused with unknown-currency", "[money][iso4217]") {
  for (const auto& row : publishedRows()) {
    if (row.minorUnit == "-") CHECK(refusal(Currency::fromCode(row.code)) == "unknown-currency");
  }
}

TEST_CASE("currencies: each withdrawn code is refused, unless another country still uses it", "[money][iso4217]") {
  const auto usable = usableCurrencies();
  for (const auto& row : publishedRows()) {
    if (row.withdrawn.empty()) continue;
    INFO(row.entity << " " << row.code);
    CHECK(Currency::fromCode(row.code).has_value() == usable.contains(row.code));
  }
}

TEST_CASE("currencies: of all three-letter codes exactly the 165 usable ones are known", "[money][iso4217]") {
  const auto usable = usableCurrencies();
  CHECK(usable.size() == 165);
  std::string code = "AAA";
  for (code[0] = 'A'; code[0] <= 'Z'; ++code[0]) {
    for (code[1] = 'A'; code[1] <= 'Z'; ++code[1]) {
      for (code[2] = 'A'; code[2] <= 'Z'; ++code[2]) {
        if (Currency::fromCode(code).has_value() != usable.contains(code)) FAIL(code);
      }
    }
  }
}

TEST_CASE("currencies: texts that are not three capital letters are refused with unknown-currency", "[money]") {
  using namespace std::string_literals;
  for (const auto& code : {""s, "GB"s, "GBPX"s, "gbp"s, "Gbp"s, "GB\0"s, "GBP\0"s, " GBP"s, "£££"s}) {
    CHECK(refusal(Currency::fromCode(code)) == "unknown-currency");
  }
}

TEST_CASE("currencies: a currency that was never set is none, and no amount has it", "[money]") {
  CHECK(Currency{}.code() == "XXX");
  CHECK(refusal(Currency::fromCode("XXX")) == "unknown-currency");
  CHECK(refusal(parseDecimal("1", Currency{})) == "unknown-currency");
}

TEST_CASE("currencies: a major unit has 1, 100, 1,000 or 10,000 minor units", "[money]") {
  CHECK(currency("JPY").minorPerMajor() == 1);
  CHECK(currency("GBP").minorPerMajor() == 100);
  CHECK(currency("KWD").minorPerMajor() == 1'000);
  CHECK(currency("CLF").minorPerMajor() == 10'000);
}

TEST_CASE("money: sums and differences stay in one currency", "[money]") {
  const auto gbp = currency("GBP");
  CHECK(add({1'899, gbp}, {1, gbp}) == Money{1'900, gbp});
  CHECK(subtract({1'899, gbp}, {1'900, gbp}) == Money{-1, gbp});
  CHECK(refusal(add({1, gbp}, {1, currency("EUR")})) == "currency-mismatch");
  CHECK(refusal(subtract({1, gbp}, {1, currency("EUR")})) == "currency-mismatch");
}

TEST_CASE("money: a sum beyond the largest amount is refused with overflow", "[money][boundary]") {
  const auto gbp = currency("GBP");
  CHECK(add({kMaxMoney, gbp}, {0, gbp}) == Money{kMaxMoney, gbp});
  CHECK(refusal(add({kMaxMoney, gbp}, {1, gbp})) == "overflow");
  CHECK(refusal(subtract({-kMaxMoney, gbp}, {1, gbp})) == "overflow");
}

TEST_CASE("decimal amounts: written as shops write them, they are read exactly", "[money][decimal]") {
  const auto gbp = currency("GBP");
  CHECK(parseDecimal("18.99", gbp) == Money{1'899, gbp});
  CHECK(parseDecimal("18.9", gbp) == Money{1'890, gbp});
  CHECK(parseDecimal("18", gbp) == Money{1'800, gbp});
  CHECK(parseDecimal("0.05", gbp) == Money{5, gbp});
  CHECK(parseDecimal("0", gbp) == Money{0, gbp});
  CHECK(parseDecimal("-0.01", gbp) == Money{-1, gbp});
  CHECK(parseDecimal("1500", currency("JPY"))->minor == 1'500);
  CHECK(parseDecimal("1.005", currency("KWD"))->minor == 1'005);
  CHECK(parseDecimal("1.0005", currency("CLF"))->minor == 10'005);
}

TEST_CASE("decimal amounts: text that is no JSON number without exponent is refused with invalid-amount", "[money][decimal]") {
  using namespace std::string_literals;
  const auto gbp = currency("GBP");
  for (const auto& text : {""s,     "-"s,    "."s,  "-."s,   "1."s,    ".5"s,  "-.5"s,  "+1"s,  " 1"s,  "1 "s,    "01"s,  "00"s,
                           "-01"s,  "--1"s,  "1-"s, "1,00"s, "1.0.0"s, "1e2"s, "1E2"s,  "0x1"s, "NaN"s, "£1"s,    "1\0"s, "\0"s,
                           "1.-5"s, "1.+5"s, "-0"s, "-0.0"s, "1_000"s, "١"s,   "1.5f"s, "inf"s, "-00"s, "1.000x"s}) {
    INFO(text);
    CHECK(refusal(parseDecimal(text, gbp)) == "invalid-amount");
  }
}

TEST_CASE("decimal amounts: one digit more than the currency has is refused with too-many-digits, a zero too",
          "[money][decimal][boundary]") {
  CHECK(refusal(parseDecimal("18.999", currency("GBP"))) == "too-many-digits");
  CHECK(refusal(parseDecimal("18.990", currency("GBP"))) == "too-many-digits");
  CHECK(refusal(parseDecimal("1500.0", currency("JPY"))) == "too-many-digits");
  CHECK(refusal(parseDecimal("1.0000", currency("KWD"))) == "too-many-digits");
  CHECK(refusal(parseDecimal("1.00000", currency("CLF"))) == "too-many-digits");
}

TEST_CASE("decimal amounts: the largest amount is read, one minor unit more is refused with out-of-range", "[money][decimal][boundary]") {
  const auto gbp = currency("GBP");
  CHECK(parseDecimal("90071992547409.91", gbp) == Money{kMaxMoney, gbp});
  CHECK(parseDecimal("-90071992547409.91", gbp) == Money{-kMaxMoney, gbp});
  CHECK(refusal(parseDecimal("90071992547409.92", gbp)) == "out-of-range");
  CHECK(refusal(parseDecimal("-90071992547409.92", gbp)) == "out-of-range");
  CHECK(refusal(parseDecimal("9007199254740992", currency("JPY"))) == "out-of-range");
  CHECK(refusal(parseDecimal(std::string(1'000'000, '9'), gbp)) == "out-of-range");
}

TEST_CASE("decimal amounts: they are written with all digits of the currency", "[money][decimal]") {
  const auto gbp = currency("GBP");
  CHECK(formatDecimal({1'899, gbp}) == "18.99");
  CHECK(formatDecimal({5, gbp}) == "0.05");
  CHECK(formatDecimal({-5, gbp}) == "-0.05");
  CHECK(formatDecimal({0, gbp}) == "0.00");
  CHECK(formatDecimal({-100, gbp}) == "-1.00");
  CHECK(formatDecimal({-1'500, currency("JPY")}) == "-1500");
  CHECK(formatDecimal({10'005, currency("CLF")}) == "1.0005");
  CHECK(formatDecimal({kMaxMoney, gbp}) == "90071992547409.91");
}

TEST_CASE("decimal amounts: every amount of up to 20,000 minor units either way comes back as it was written", "[money][decimal]") {
  for (const auto* code : {"JPY", "GBP", "KWD", "CLF"}) {
    const auto unit = currency(code);
    for (std::int64_t minor = -20'000; minor <= 20'000; ++minor) {
      const auto text = formatDecimal({minor, unit});
      if (parseDecimal(text, unit) != Money{minor, unit}) FAIL(text);
    }
  }
}

TEST_CASE("decimal amounts: all texts of up to 5 of the characters 0 1 9 . - agree with exact decimals", "[money][decimal][oracle]") {
  constexpr std::string_view kCharacters = "019.-";
  std::vector<std::string> texts{""};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].size() == 5) continue;
    for (const char c : kCharacters) {
      if (c == '-' && !texts[i].empty()) continue;  // the oracle reads one sign, in front
      if (c == '.' && texts[i].find('.') != std::string::npos) continue;
      texts.push_back(texts[i] + c);
    }
  }
  for (const auto* code : {"JPY", "GBP", "KWD", "CLF"}) {
    for (const auto& text : texts) {
      const auto mismatch = oracle::checkDecimal(text, currency(code));
      if (!mismatch.empty()) FAIL(mismatch);
    }
  }
}

TEST_CASE("decimal amounts: 100,000 random texts agree with exact decimals", "[money][decimal][oracle][random]") {
  oracle::Cases cases(20'250'103);
  for (int i = 0; i < 100'000; ++i) {
    const auto mismatch = cases.decimal();
    if (!mismatch.empty()) FAIL(mismatch);
  }
}
