// SPDX-License-Identifier: MIT
// Which rows of a shop's CSV export are order lines that say what is bought together, and why the others are not.
//
// Rules, in this order; the first that applies names the row:
//
//   bad           the row is broken (csv.hpp) or has another number of fields than the header: `field-count`; the order id is empty:
//                 `order-id`; the item id is empty or not printable ASCII: `item-id`; quantity or price is no decimal number:
//                 `quantity`, `price`
//   cancellation  quantity <= 0, or the order id starts with the cancel prefix
//   guest         the customer is empty, where guests are skipped
//   non-goods     the item id does not start with the goods pattern's digits: postage, fees, vouchers
//   free          price <= 0: gifts, samples, adjustments
//   bad           the item id is none that Souk takes (1 to 64 of A–Z a–z 0–9 . _ : -): `item-id`
//
// A rule whose column the file does not have is not applied.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "souk/core/error.hpp"

namespace souk::cli {

/// What a column can be for. Order and item must be there.
enum class OrderColumn : std::uint8_t { order, item, quantity, price, customer, time };
inline constexpr std::array<std::string_view, 6> kOrderColumnNames{"order", "item", "quantity", "price", "customer", "time"};

/// Names of columns in the header, by OrderColumn. Nothing: as the layout has it.
using OrderColumns = std::array<std::optional<std::string>, kOrderColumnNames.size()>;

/// What the merchant says about the file; what is left open follows from the layout, which the header tells.
///
///   layout         columns                                                            cancel prefix  goods     guests
///   online-retail  InvoiceNo StockCode Quantity UnitPrice CustomerID InvoiceDate      C              digits5   skipped
///   plain          order item quantity price customer time                            none           all       kept
///
/// A header with InvoiceNo and StockCode is online-retail (the UCI data set's), any other plain.
struct OrderOptions {
  OrderColumns columns;
  std::optional<std::string> cancelPrefix;
  std::optional<int> goodsDigits;  ///< Digits with which the ids of goods start; 0 takes all items for goods.
  std::optional<bool> guests;      ///< Whether rows without a customer are kept.
};

/// Reads `order=InvoiceNo,item=StockCode`. @error usage
[[nodiscard]] Result<OrderColumns> parseOrderColumns(std::string_view text);

/// Reads `all` or `digitsN`, N from 1 to 64. @error usage
[[nodiscard]] Result<int> parseGoods(std::string_view text);

/// The order and item of one row, as views of it, and its time if it begins with an ISO date.
struct OrderLine {
  std::string_view order;
  std::string_view item;
  std::string_view time;
};

/// Tells order lines from other rows of one file.
class OrderRules {
 public:
  /// @error usage  a column is missing or twice in the header; the message names those that are there
  [[nodiscard]] static Result<OrderRules> from(std::span<const std::string_view> header, const OrderOptions& options);

  /// What a row is: a line, or why it is none. Never allocates.
  struct Verdict {
    std::optional<OrderLine> line;
    std::string_view reason;
    bool bad = false;
  };
  [[nodiscard]] Verdict judge(std::span<const std::string_view> row) const;

  /// `online-retail` or `plain`.
  [[nodiscard]] std::string_view layout() const { return layout_; }

 private:
  [[nodiscard]] std::optional<std::string_view> field(std::span<const std::string_view> row, OrderColumn column) const;
  [[nodiscard]] std::string_view brokenReason(std::span<const std::string_view> row) const;
  [[nodiscard]] std::string_view skipReason(std::span<const std::string_view> row) const;

  std::string_view layout_;
  std::size_t width_ = 0;
  std::array<std::optional<std::size_t>, kOrderColumnNames.size()> positions_;
  std::string cancelPrefix_;
  std::size_t goodsDigits_ = 0;
  bool guests_ = true;
};

}  // namespace souk::cli
