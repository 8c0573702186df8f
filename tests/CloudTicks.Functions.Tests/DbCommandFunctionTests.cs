using System.Globalization;
using System.Net;
using System.Text;
using CloudTicks.TestServices;

namespace CloudTicks.Functions.Tests;

public class DbCommandFunctionTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Posted_ticks_are_stored_once_despite_repeats()
    {
        await using var system = await TestSystem.StartAsync(postgres);
        var functions = await system.StartFunctionsAsync();
        using var http = new HttpClient { BaseAddress = await functions.AddressAsync() };
        var time = TimeProvider.System.GetUtcNow().AddMinutes(-1).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        var command =
            $$$"""
            {"command":"save_realtime_data","params":{"ticker":"EUR/USD","data_type":"quote","data":[{"timestamp":"{{{time}}}","bid":1.0451,"ask":1.0452},
            {"ticker":"EURUSD","timestamp":"{{{time}}}","bid":1.0452,"ask":1.0453}],"index_col":"timestamp","on_duplicate":"ignore"}}
            """;

        for (var times = 0; times < 2; times++)
        {
            // On a busy machine the event hub may not acknowledge the ticks in time; send them again, as the response says.
            var text = "";
            await system.UntilAsync(async () =>
            {
                using var content = new StringContent(command, Encoding.UTF8, "application/json");
                using var response = await http.PostAsync(new Uri("/db_command", UriKind.Relative), content, Cancellation);
                text = await response.Content.ReadAsStringAsync(Cancellation);
                return response.StatusCode == HttpStatusCode.ServiceUnavailable ? text : null;
            });
            text.ShouldBe("""{"status":"ok","saved":2}""");
        }

        await system.UntilRowsAsync(2);
        await system.UntilAsync(() => Task.FromResult(
            system.Seen.Count == 2 && system.Seen.Values.All(times => times >= 2) ? null : "not all published"));
        (await system.CountRowsAsync()).ShouldBe(2);
        (await system.QueryAsync<string>("SELECT DISTINCT source::text FROM market_ticks")).ShouldBe("db_command");
    }

    [Fact]
    public async Task Web_page_of_another_host_name_cannot_post()
    {
        await using var system = await TestSystem.StartAsync(postgres);
        var functions = await system.StartFunctionsAsync();
        using var http = new HttpClient { BaseAddress = await functions.AddressAsync() };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/db_command", UriKind.Relative))
        {
            Headers = { Host = "evil.example" },
            Content = new StringContent("{}", Encoding.UTF8, "application/json"),
        };

        using var response = await http.SendAsync(request, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }
}
