using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Rest;

/// <summary>Parses the responses with contracts, market status and holidays. Not optimized, because such responses are rare.</summary>
internal static class ReferenceJson
{
    /// <summary>Reads the contracts of a page's results, and counts invalid rows.</summary>
    public static List<OptionContract> Contracts(ReadOnlyMemory<byte> rows, out int rejected)
    {
        using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes($"[{Encoding.UTF8.GetString(rows.Span)}]"));
        var contracts = new List<OptionContract>(document.RootElement.GetArrayLength());
        rejected = 0;
        foreach (var row in document.RootElement.EnumerateArray())
        {
            if (TryContract(row, out var contract))
            {
                contracts.Add(contract);
            }
            else
            {
                rejected++;
            }
        }

        return contracts;
    }

    public static MarketStatus Status(ReadOnlyMemory<byte> response)
    {
        using var document = JsonDocument.Parse(response);
        var root = document.RootElement;
        var currencies = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("currencies", out var found) ? found : default;
        return TryTime(Text(root, "serverTime"), out var time) && Text(root, "market") is { } stocks
            ? new MarketStatus(time, stocks, Text(currencies, "fx"), Text(currencies, "crypto"))
            : throw new JsonException("The market or serverTime is missing.");
    }

    public static List<MarketHoliday> Holidays(ReadOnlyMemory<byte> response, out int rejected)
    {
        using var document = JsonDocument.Parse(response);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw new JsonException("The response is not a list.");
        }

        var holidays = new List<MarketHoliday>();
        rejected = 0;
        foreach (var row in document.RootElement.EnumerateArray())
        {
            if (TryHoliday(row, out var holiday))
            {
                holidays.Add(holiday);
            }
            else
            {
                rejected++;
            }
        }

        return holidays;
    }

    private static bool TryContract(JsonElement row, [NotNullWhen(true)] out OptionContract? contract)
    {
        contract = null;
        if (Text(row, "ticker") is not { } ticker || !Symbol.TryParse(Market.Option, ticker, out var symbol)
            || !TryDate(Text(row, "expiration_date"), out var expires)
            || !row.TryGetProperty("strike_price", out var price) || !TryPrice(price, out var strike))
        {
            return false;
        }

        var type = Text(row, "contract_type") switch { "call" => ContractType.Call, "put" => ContractType.Put, _ => ContractType.Other };
        contract = new OptionContract(symbol, type, expires, strike);
        return true;
    }

    private static bool TryPrice(JsonElement value, out Price price)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : value.ValueKind == JsonValueKind.Number
            ? value.GetRawText() : "";
        return Price.TryParse(Encoding.UTF8.GetBytes(text ?? ""), out price);
    }

    private static bool TryHoliday(JsonElement row, [NotNullWhen(true)] out MarketHoliday? holiday)
    {
        holiday = null;
        var status = Text(row, "status");
        if (!TryDate(Text(row, "date"), out var date) || Text(row, "exchange") is not { } exchange || status is null)
        {
            return false;
        }

        var name = Text(row, "name") ?? "";
        if (status == "closed")
        {
            holiday = new MarketHoliday(date, exchange, name, null, null);
            return true;
        }

        // A day with unusual hours is useless without its times.
        if (!TryTime(Text(row, "open"), out var open) || !TryTime(Text(row, "close"), out var close) || close <= open)
        {
            return false;
        }

        holiday = new MarketHoliday(date, exchange, name, open, close);
        return true;
    }

    private static string? Text(JsonElement row, string name) =>
        row.ValueKind == JsonValueKind.Object && row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;

    private static bool TryDate(string? text, out DateOnly date) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);

    private static bool TryTime(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
}
