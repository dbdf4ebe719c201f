// SPDX-License-Identifier: MIT
// The rules of order_lines.hpp, read from the header once and applied to each row.
#include "order_lines.hpp"

#include <algorithm>
#include <utility>

#include "souk/core/decimal.hpp"
#include "souk/core/id.hpp"

namespace souk::cli {
namespace {

using Row = std::span<const std::string_view>;

struct Layout {
  std::string_view name;
  std::array<std::string_view, kOrderColumnNames.size()> columns;
  std::string_view cancelPrefix;
  int goodsDigits;
  bool guests;
};

constexpr Layout kOnlineRetail{
    "online-retail", {"InvoiceNo", "StockCode", "Quantity", "UnitPrice", "CustomerID", "InvoiceDate"}, "C", 5, false};
constexpr Layout kPlain{"plain", kOrderColumnNames, "", 0, true};

bool has(Row header, std::string_view name) { return std::ranges::find(header, name) != header.end(); }

const Layout& layoutOf(Row header) {
  return has(header, kOnlineRetail.columns[0]) && has(header, kOnlineRetail.columns[1]) ? kOnlineRetail : kPlain;
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }

// Whether it can be the id of something; `BANK CHARGES` can, and is no broken row.
bool isPrintable(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

// `2011-09-30` and whatever follows of time and offset; only its characters matter here, as it is shown, never computed with.
bool isIsoTime(std::string_view text) {
  constexpr std::string_view kDate = "dddd-dd-dd";
  const auto fits = [&](std::size_t i) { return kDate[i] == 'd' ? isDigit(text[i]) : text[i] == kDate[i]; };
  if (text.size() < kDate.size() || text.size() > 40) return false;
  for (std::size_t i = 0; i < kDate.size(); ++i) {
    if (!fits(i)) return false;
  }
  return std::ranges::all_of(text, [](char c) { return isDigit(c) || std::string_view("-:.+ TZ").contains(c); });
}

std::string listed(Row names) {
  std::string list;
  for (const auto name : names) list.append(list.empty() ? "" : ", ").append(name);
  return list;
}

// Where a column is, if it must or may be there.
Result<std::optional<std::size_t>> positionOf(Row header, std::string_view name, bool required) {
  const auto found = std::ranges::find(header, name);
  if (found == header.end()) {
    if (!required) return std::nullopt;
    return fail(Code::usage, {}, "there is no column \"" + std::string(name) + "\"; the columns are " + listed(header));
  }
  if (std::find(found + 1, header.end(), name) != header.end()) {
    return fail(Code::usage, {}, "the column \"" + std::string(name) + "\" is there twice; the columns are " + listed(header));
  }
  return found - header.begin();
}

}  // namespace

Result<OrderColumns> parseOrderColumns(std::string_view text) {
  OrderColumns columns;
  while (!text.empty()) {
    const auto pair = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    const auto equals = pair.find('=');
    const auto column = std::ranges::find(kOrderColumnNames, pair.substr(0, equals));
    if (equals == std::string_view::npos || equals + 1 == pair.size() || column == kOrderColumnNames.end()) {
      return fail(Code::usage, {}, "--columns takes order=NAME,item=NAME and the like, for " + listed(kOrderColumnNames));
    }
    columns[static_cast<std::size_t>(column - kOrderColumnNames.begin())] = pair.substr(equals + 1);
  }
  return columns;
}

Result<int> parseGoods(std::string_view text) {
  constexpr std::string_view kDigits = "digits";
  if (text == "all") return 0;
  int digits = 0;
  const auto number = text.starts_with(kDigits) ? text.substr(kDigits.size()) : std::string_view{};
  const bool isNumber = !number.empty() && number.size() <= 2 && std::ranges::all_of(number, isDigit);
  if (isNumber) {
    for (const char c : number) digits = digits * 10 + (c - '0');
  }
  if (digits < 1 || digits > int{kMaxIdSize}) return fail(Code::usage, {}, "--goods takes all, or digitsN with N from 1 to 64");
  return digits;
}

Result<OrderRules> OrderRules::from(Row header, const OrderOptions& options) {
  const auto& layout = layoutOf(header);
  OrderRules rules;
  rules.layout_ = layout.name;
  rules.width_ = header.size();
  rules.cancelPrefix_ = options.cancelPrefix.value_or(std::string(layout.cancelPrefix));
  rules.goodsDigits_ = static_cast<std::size_t>(options.goodsDigits.value_or(layout.goodsDigits));
  rules.guests_ = options.guests.value_or(layout.guests);
  for (std::size_t i = 0; i < kOrderColumnNames.size(); ++i) {
    const auto& chosen = options.columns[i];
    const bool required = chosen || i <= static_cast<std::size_t>(OrderColumn::item);
    const auto position = positionOf(header, chosen ? std::string_view(*chosen) : layout.columns[i], required);
    if (!position) return std::unexpected(position.error());
    rules.positions_[i] = *position;
  }
  return rules;
}

std::optional<std::string_view> OrderRules::field(Row row, OrderColumn column) const {
  const auto position = positions_[static_cast<std::size_t>(column)];
  return position ? std::optional(row[*position]) : std::nullopt;
}

// Empty for a row whose rules can be applied.
std::string_view OrderRules::brokenReason(Row row) const {
  if (row.size() != width_) return "field-count";
  if (field(row, OrderColumn::order)->empty()) return "order-id";
  if (!isPrintable(*field(row, OrderColumn::item))) return "item-id";
  if (const auto quantity = field(row, OrderColumn::quantity); quantity && !Decimal::fromText(*quantity)) return "quantity";
  if (const auto price = field(row, OrderColumn::price); price && !Decimal::fromText(*price)) return "price";
  return {};
}

// Empty for an order line. Quantity and price are numbers here.
std::string_view OrderRules::skipReason(Row row) const {
  const auto isPositive = [&](OrderColumn column) {
    const auto text = field(row, column);
    return !text || Decimal::fromText(*text)->mantissa() > 0;
  };
  const auto order = *field(row, OrderColumn::order);
  const auto item = *field(row, OrderColumn::item);
  if (!isPositive(OrderColumn::quantity) || (!cancelPrefix_.empty() && order.starts_with(cancelPrefix_))) return "cancellation";
  if (!guests_ && field(row, OrderColumn::customer).value_or("known").empty()) return "guest";
  if (item.size() < goodsDigits_ || !std::ranges::all_of(item.substr(0, goodsDigits_), isDigit)) return "non-goods";
  if (!isPositive(OrderColumn::price)) return "free";
  return {};
}

OrderRules::Verdict OrderRules::judge(Row row) const {
  if (const auto reason = brokenReason(row); !reason.empty()) return {std::nullopt, reason, true};
  if (const auto reason = skipReason(row); !reason.empty()) return {std::nullopt, reason, false};
  if (!checkId(*field(row, OrderColumn::item))) return {std::nullopt, "item-id", true};
  const auto time = field(row, OrderColumn::time).value_or("");
  return {OrderLine{*field(row, OrderColumn::order), *field(row, OrderColumn::item), isIsoTime(time) ? time : ""}, {}, false};
}

}  // namespace souk::cli
