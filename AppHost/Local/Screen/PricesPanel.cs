using System.Globalization;
using Microsoft.Extensions.Hosting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace CloudTicks.AppHost.Local.Screen;

internal static class PricesPanel
{
    private const int Gap = 3;
    private const int Borders = 4;

    /// <returns>Null if there is nothing to show, or no space.</returns>
    public static Panel? Of(Figures figures, int width, int height)
    {
        var rowCount = height - 2;
        if (figures.Prices.Count == 0 || rowCount < 1)
        {
            return null;
        }

        var symbolWidth = figures.Prices.Max(price => price.Symbol.Length);
        var priceWidth = figures.Prices.Max(price => Number(price).Length);
        var perRow = Math.Max(1, (width - Borders + Gap) / (symbolWidth + priceWidth + 3 + Gap));
        var shown = figures.Prices.Take(perRow * rowCount).ToList();
        var lines = shown.Chunk(perRow).Select(row => (IRenderable)Row(row, symbolWidth, priceWidth));
        var symbolCount = Math.Max(figures.Symbols, figures.Prices.Count);
        return Palette.Framed(new Rows(lines), shown.Count == symbolCount
            ? "newest prices"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"newest prices: {shown.Count:N0} of {Counted.Of(symbolCount, "symbol")}, {symbolCount - shown.Count:N0} not shown"));
    }

    private static Paragraph Row(IEnumerable<NewestPrice> prices, int symbolWidth, int priceWidth)
    {
        var row = new Paragraph();
        var isFirst = true;
        foreach (var price in prices)
        {
            var (arrow, style) = price.Change switch
            {
                > 0 => ("▲", Palette.Good),
                < 0 => ("▼", Palette.Bad),
                _ => (" ", Style.Plain),
            };
            row.Append(isFirst ? "" : new string(' ', Gap)).Append(price.Symbol.PadRight(symbolWidth), Palette.Head)
                .Append($" {Number(price).PadLeft(priceWidth)} {arrow}", style);
            isFirst = false;
        }

        return row;
    }

    private static string Number(NewestPrice price) => price.Price.ToString($"F{price.Decimals}", CultureInfo.InvariantCulture);
}
