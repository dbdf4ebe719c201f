// SPDX-License-Identifier: MIT
// Which rows are order lines, and why others are not.
#include "order_lines.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace souk;
using namespace souk::cli;

namespace {

using Row = std::vector<std::string_view>;

const Row kRetailHeader{"InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"};
const Row kPlainHeader{"order", "item", "quantity", "price", "customer"};

// The reason for which a row is no order line, bad ones with an exclamation mark; empty for an order line.
std::string reason(const OrderRules& rules, const Row& row) {
  const auto verdict = rules.judge(row);
  CHECK(verdict.line.has_value() == verdict.reason.empty());
  return std::string(verdict.reason) + (verdict.bad ? "!" : "");
}

std::string retail(std::string_view order, std::string_view item, std::string_view quantity, std::string_view price,
                   std::string_view customer) {
  return reason(OrderRules::from(kRetailHeader, {}).value(), {order, item, "", quantity, "2011-01-04 10:00:00", price, customer, "EIRE"});
}

}  // namespace

TEST_CASE("order lines: the header of the Online Retail data set brings its rules", "[cli]") {
  CHECK(OrderRules::from(kRetailHeader, {})->layout() == "online-retail");
  CHECK(retail("536365", "85123A", "6", "2.55", "17850.0").empty());
  CHECK(retail("C536365", "85123A", "-6", "2.55", "17850.0") == "cancellation");
  CHECK(retail("C536365", "85123A", "6", "2.55", "17850.0") == "cancellation");
  CHECK(retail("536365", "85123A", "0", "2.55", "17850.0") == "cancellation");
  CHECK(retail("536365", "85123A", "6", "2.55", "") == "guest");
  CHECK(retail("536365", "POST", "1", "18.00", "12583.0") == "non-goods");
  CHECK(retail("536365", "BANK CHARGES", "1", "18.00", "12583.0") == "non-goods");
  CHECK(retail("536365", "8512", "1", "18.00", "12583.0") == "non-goods");
  CHECK(retail("536365", "85123A", "6", "0.0", "17850.0") == "free");
  CHECK(retail("A563186", "B", "1", "-11062.06", "") == "guest");
}

TEST_CASE("order lines: any other header brings plain rules", "[cli]") {
  const auto rules = OrderRules::from(kPlainHeader, {}).value();
  CHECK(rules.layout() == "plain");
  CHECK(reason(rules, {"C1", "MUG-red", "1", "3.50", ""}).empty());
  CHECK(reason(rules, {"1", "MUG-red", "-1", "3.50", ""}) == "cancellation");
  CHECK(reason(rules, {"1", "MUG-red", "1", "-3.50", ""}) == "free");
  CHECK(reason(rules, {"#1001 / é", "MUG-red", "0.25", "1e2", "x"}).empty());
}

TEST_CASE("order lines: what the merchant says goes before the layout", "[cli]") {
  OrderOptions options;
  options.cancelPrefix = "R-";
  options.goodsDigits = 3;
  options.guests = false;
  const auto rules = OrderRules::from(kPlainHeader, options).value();
  CHECK(reason(rules, {"1", "123", "1", "1", "ann"}).empty());
  CHECK(reason(rules, {"R-1", "123", "1", "1", "ann"}) == "cancellation");
  CHECK(reason(rules, {"1", "12a", "1", "1", "ann"}) == "non-goods");
  CHECK(reason(rules, {"1", "123", "1", "1", ""}) == "guest");
  options.cancelPrefix = "";
  options.goodsDigits = 0;
  options.guests = true;
  const auto lax = OrderRules::from(kRetailHeader, options).value();
  CHECK(reason(lax, {"C1", "POST", "", "1", "", "1", "", ""}).empty());
}

TEST_CASE("order lines: a row that cannot be read is bad, with the field that is to blame", "[cli][bad]") {
  const auto rules = OrderRules::from(kPlainHeader, {}).value();
  CHECK(reason(rules, {"1", "a", "1", "1"}) == "field-count!");
  CHECK(reason(rules, {"1", "a", "1", "1", "x", ""}) == "field-count!");
  CHECK(reason(rules, {"", "a", "1", "1", "x"}) == "order-id!");
  for (const auto* item : {"", "caf\xc3\xa9", "\xff", "a\n", "a b", "a/b"}) CHECK(reason(rules, {"1", item, "1", "1", "x"}) == "item-id!");
  for (const auto* number : {"", "one", "1,5", "1 ", "+1", "0x1", "1.5.0", "NaN"}) {
    CHECK(reason(rules, {"1", "a", number, "1", "x"}) == "quantity!");
    CHECK(reason(rules, {"1", "a", "1", number, "x"}) == "price!");
  }
  CHECK(reason(rules, {"1", std::string(64, 'a'), "1", "1", "x"}).empty());
  CHECK(reason(rules, {"1", std::string(65, 'a'), "1", "1", "x"}) == "item-id!");
}

TEST_CASE("order lines: only order and item must be there, and no column twice", "[cli]") {
  CHECK(reason(OrderRules::from(Row{"item", "order"}, {}).value(), {"a", "1"}).empty());
  const auto missing = OrderRules::from(Row{"order", "sku", "n"}, {});
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == Code::usage);
  CHECK(missing.error().message == "there is no column \"item\"; the columns are order, sku, n");
  CHECK(OrderRules::from(Row{"order", "item", "item"}, {}).error().message.starts_with("the column \"item\" is there twice"));

  OrderOptions named;
  named.columns = parseOrderColumns("item=sku,price=cost").value();
  CHECK(OrderRules::from(Row{"order", "sku", "n"}, named).error().message == "there is no column \"cost\"; the columns are order, sku, n");
  CHECK(reason(OrderRules::from(Row{"order", "sku", "cost"}, named).value(), {"1", "a", "0"}) == "free");
}

TEST_CASE("order lines: rejects columns and goods patterns that cannot be read with code usage", "[cli]") {
  for (const auto* text : {"order", "order=", "=x", "colour=x", "order=x,,item=y"}) {
    const auto refused = parseOrderColumns(text);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::usage);
  }
  CHECK(parseGoods("all") == 0);
  CHECK(parseGoods("digits5") == 5);
  CHECK(parseGoods("digits64") == 64);
  for (const auto* text : {"", "digits", "digits0", "digits65", "digits5x", "5", "digits-1"})
    CHECK(parseGoods(text).error().code == Code::usage);
}

TEST_CASE("order lines: a time is told only where it begins with an ISO date", "[cli]") {
  const auto rules = OrderRules::from(Row{"order", "item", "time"}, {}).value();
  const auto timeOf = [&](std::string_view text) { return rules.judge(Row{"1", "a", text}).line.value().time; };
  CHECK(timeOf("2011-01-04 10:00:00") == "2011-01-04 10:00:00");
  CHECK(timeOf("2011-01-04T10:00:00.5+01:00") == "2011-01-04T10:00:00.5+01:00");
  for (const auto* text : {"", "4/1/2011", "2011-01-0", "2011-01-04\"}", "2011-01-04 noon"}) CHECK(timeOf(text).empty());
}
