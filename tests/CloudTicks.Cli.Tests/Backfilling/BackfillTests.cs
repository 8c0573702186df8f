using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Cli.Tests.Backfilling;

public sealed class BackfillTests : IAsyncLifetime
{
    private const string Id = "0199b6a4-6f00-7abc-8def-0123456789ab";

    private readonly List<string> _bodies = [];
    private readonly List<string> _keys = [];
    private readonly Queue<string> _states = new();
    private int _status = StatusCodes.Status202Accepted;
    private string? _redirect;
    private WebApplication _collector = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Server => new Uri(_collector.Urls.Single()).Authority;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _collector = builder.Build();
        _collector.MapPost("/api/v1/backfill", async http =>
        {
            _keys.Add(http.Request.Headers["x-functions-key"].ToString());
            using var reader = new StreamReader(http.Request.Body);
            _bodies.Add(await reader.ReadToEndAsync(http.RequestAborted));
            if (_redirect is not null)
            {
                http.Response.Redirect(_redirect, permanent: false, preserveMethod: true);
                return;
            }

            http.Response.StatusCode = _status;
            await http.Response.WriteAsync(
                _status < 300 ? Answer("open", 0) : """{"detail":"from: It is not before 'to'."}""", http.RequestAborted);
        });
        _collector.MapPost("/api/v1/elsewhere", http =>
        {
            _keys.Add("elsewhere");
            return Task.CompletedTask;
        });
        _collector.MapGet("/api/v1/backfill/" + Id, () => _states.Count > 1 ? _states.Dequeue() : _states.Peek());
        await _collector.StartAsync(Cancellation);
    }

    public ValueTask DisposeAsync() => _collector.DisposeAsync();

    [Fact]
    public async Task Backfill_shows_progress_and_succeeds()
    {
        _states.Enqueue(Answer("filling", 0.5));
        _states.Enqueue(Answer("filled", 1));
        using var program = CliProcess.Start(
            "backfill", "--symbol", "EUR/USD", "--from", "2025-01-27T16:00:00Z", "--to", "1737997200000", "--kind", "quote", "--server",
            Server);

        (await program.WaitAsync()).ShouldBe(0);

        _bodies.ShouldHaveSingleItem().ShouldBe("""{"symbol":"EURUSD","from":1737993600000,"to":1737997200000,"kind":"quote"}""");
        var lines = (await program.Output.ReadToEndAsync(Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(3);
        lines[^1].ShouldStartWith("filled, 17 ticks");
    }

    [Fact]
    public async Task Unfillable_backfill_fails_with_json_and_a_message()
    {
        _states.Enqueue(Answer("unfillable", 1, "not in the plan"));
        using var program = CliProcess.Start(
            "backfill", "--symbol", "AAPL", "--from", "2025-01-27", "--to", "2025-01-28", "--server", Server, "--json");

        (await program.WaitAsync()).ShouldBe(1);

        (await program.Output.ReadToEndAsync(Cancellation)).TrimEnd().ShouldBe(Answer("unfillable", 1, "not in the plan"));
        (await program.Errors.ReadToEndAsync(Cancellation)).ShouldContain("not in the plan");
    }

    [Fact]
    public async Task Key_is_sent_over_plain_http_only_to_a_local_collector()
    {
        var keyVariables = new Dictionary<string, string?> { ["CLOUDTICKS_HUB_KEY"] = "canary" };
        string[] request = ["backfill", "--symbol", "AAPL", "--from", "2025-01-27", "--to", "2025-01-28"];
        _states.Enqueue(Answer("filled", 1));

        (await CliProcess.RunAsync(keyVariables, [.. request, "--server", Server])).Code.ShouldBe(0);
        var (code, output, errors) = await CliProcess.RunAsync(keyVariables, [.. request, "--server", "collector.invalid:8000"]);

        _keys.ShouldBe(["canary"]);
        code.ShouldBe(2);
        errors.ShouldContain(
            "The collector is http://collector.invalid:8000, to which keys would be sent unencrypted: "
                + "write https://collector.invalid:8000");
        (output + errors).ShouldNotContain("canary");
    }

    [Fact]
    public async Task Redirect_does_not_forward_the_key()
    {
        _redirect = "/api/v1/elsewhere";
        var (code, _, errors) = await CliProcess.RunAsync(
            new Dictionary<string, string?> { ["CLOUDTICKS_HUB_KEY"] = "canary" },
            "backfill", "--symbol", "AAPL", "--from", "2025-01-27", "--to", "2025-01-28", "--server", Server);

        code.ShouldBe(1);
        errors.ShouldContain("307");
        _keys.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Refusal_of_the_collector_is_printed()
    {
        _status = StatusCodes.Status400BadRequest;
        using var program = CliProcess.Start(
            "backfill", "--symbol", "AAPL", "--from", "2025-01-28", "--to", "2025-01-27", "--server", Server);

        (await program.WaitAsync()).ShouldBe(1);

        (await program.Errors.ReadToEndAsync(Cancellation)).ShouldContain("It is not before 'to'.");
    }

    [Fact]
    public async Task Interrupt_ends_the_command_but_not_the_backfill()
    {
        _states.Enqueue(Answer("filling", 0.5));
        using var program = CliProcess.Start(
            "backfill", "--symbol", "AAPL", "--from", "2025-01-27", "--to", "2025-01-28", "--server", Server);
        (await program.Output.ReadLineAsync(Cancellation)).ShouldNotBeNull().ShouldStartWith("open");

        using var kill = Process.Start("kill", ["-INT", program.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(Cancellation);

        (await program.WaitAsync()).ShouldBe(130);
        (await program.Errors.ReadToEndAsync(Cancellation))
            .ShouldContain($"The collector continues; see http://{Server}/api/v1/backfill/{Id}");
    }

    [Theory]
    [InlineData("--from", "yesterday", "It is not a time")]
    [InlineData("--symbol", "E U", "is not a symbol")]
    [InlineData("--kind", "bars", "bars")]
    [InlineData("--server", "ftp://x", "is not host:port")]
    public async Task Invalid_usage_is_reported(string option, string value, string part)
    {
        var options = new Dictionary<string, string>
        {
            ["--symbol"] = "AAPL",
            ["--from"] = "1",
            ["--to"] = "2",
            ["--server"] = Server,
            [option] = value
        };
        using var program = CliProcess.Start(["backfill", .. options.SelectMany(one => new[] { one.Key, one.Value })]);

        (await program.WaitAsync()).ShouldBe(2);

        (await program.Errors.ReadToEndAsync(Cancellation)).ShouldContain(part);
        _bodies.ShouldBeEmpty();
    }

    private static string Answer(string state, double progress, string? detail = null) =>
        $$"""{"id":"{{Id}}","symbol":"EURUSD","from_ms":1,"to_ms":2,"state":"{{state}}","progress":{{progress.ToString(CultureInfo.InvariantCulture)}},"recovered":17{{(detail is null ? "" : $",\"detail\":\"{detail}\"")}}}""";
}
