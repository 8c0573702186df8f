using System.Net;
using System.Net.Sockets;
using CloudTicks.Cli.Tests.Replaying;
using CloudTicks.Cli.Tests.Tailing;
using CloudTicks.TestServices;

namespace CloudTicks.Cli.Tests.Watching;

public class WatchTests(NatsFixture nats) : IClassFixture<NatsFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_shows_prices_change_and_rate_of_each_symbol()
    {
        await using var feed = new Feed(nats);
        using var program = CliProcess.Start(
            new Dictionary<string, string?> { ["ConnectionStrings__nats"] = nats.Url }, "watch", "--symbols", "AAPL", "EURUSD", "MSFT");
        var sending = feed.RepeatAsync(
            ("ticks.AAPL", """{"symbol":"AAPL","timestamp_ms":1737993600000,"price":100,"size":5}"""),
            ("ticks.AAPL", """{"symbol":"AAPL","timestamp_ms":1737993600001,"price":101.5,"size":5}"""),
            ("ticks.AAPL", """{"symbol":"AAPL","timestamp_ms":1737990000000,"price":1,"size":5,"source":"backfill"}"""),
            ("ticks.EURUSD", """{"symbol":"EURUSD","timestamp_ms":1737993600000,"bid":1.0451,"ask":1.0453}"""));

        var apple = await LineAsync(program, "AAPL", "101.5");
        var euro = await LineAsync(program, "EURUSD", "1.0453");
        var silent = await LineAsync(program, "MSFT", "no tick");

        await feed.EndAsync(sending);
        Cells(apple)[3].ShouldBe("101.5");
        Cells(euro)[1..4].ShouldBe(["1.0451", "1.0453", "1.0452"]);
        Cells(silent)[1].ShouldBeEmpty();
    }

    [Fact]
    public async Task Watch_with_count_ends_by_itself()
    {
        var run = await CliRun.OfAsync(
            new Dictionary<string, string?> { ["ConnectionStrings__nats"] = nats.Url }, "watch", "--symbols", "AAPL", "--count", "1");

        run.ExitCode.ShouldBe(0, run.Errors);
        run.Lines.ShouldContain(line => line.Contains("AAPL") && line.Contains("no tick"));
    }

    [Fact]
    public async Task Watch_of_another_server_guesses_nats_on_its_host()
    {
        // This listener accepts connections but sends nothing, as an HTTP server does.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var address = silent.LocalEndpoint.ToString()!;

        using var program = CliProcess.Start(
            new Dictionary<string, string?>(), "watch", "--symbols", "AAPL", "--count", "1", "--server", address);
        var output = (await program.Output.ReadToEndAsync(Cancellation)) + await program.Errors.ReadToEndAsync(Cancellation);

        output.ShouldContain($"{address} is not a NATS server; the live ticks are from nats://127.0.0.1:4222");
    }

    private static async Task<string> LineAsync(CliProcess program, string symbol, string text)
    {
        while (await program.Output.ReadLineAsync(Cancellation) is { } line)
        {
            if (line.Contains(symbol, StringComparison.Ordinal) && line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException(
            $"The program ended without a line of {symbol} with {text}: {await program.Errors.ReadToEndAsync(Cancellation)}");
    }

    private static string[] Cells(string line) => [.. line.Trim('│').Split('│').Select(cell => cell.Trim())];
}
