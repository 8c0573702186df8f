using System.Text.Json;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Tests.Rest;

/// <summary>Reads the simulator's REST endpoints page by page.</summary>
internal static class RestPages
{
    /// <summary>All rows of an endpoint, following <c>next_url</c>.</summary>
    public static async Task<List<JsonElement>> PagesAsync(this SimulatorHost simulator, string path, int? maxPerPage = null)
    {
        var rows = new List<JsonElement>();
        for (var next = path; next is not null;)
        {
            var page = await simulator.JsonAsync(next);
            page.GetProperty("status").GetString().ShouldBe("OK");
            page.GetProperty("request_id").GetString().ShouldNotBeNullOrEmpty();
            if (page.TryGetProperty("results", out var results))
            {
                results.GetArrayLength().ShouldBeInRange(1, maxPerPage ?? int.MaxValue);
                rows.AddRange(results.EnumerateArray());
            }

            next = page.TryGetProperty("next_url", out var url) ? url.GetString() : null;
        }

        return rows;
    }

    /// <summary>The rows of a symbol's history, with their identities; by default all of them.</summary>
    public static async Task<List<RestRow>> TicksAsync(
        this SimulatorHost simulator, string ticker, TickKind kind, string query = "order=asc&limit=700") =>
        [.. (await simulator.PagesAsync($"/v3/{(kind == TickKind.Trade ? "trades" : "quotes")}/{ticker}?{query}", 50_000))
            .Select(row => RestRow.Of(ticker, kind, row))];
}
