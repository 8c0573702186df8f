using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using CloudTicks.LocalServices.Processes;

namespace AppHost.Tests;

/// <summary><c>cloudticks verify</c> against the system that AppHost runs, on whichever ports it uses.</summary>
[Collection("AppHost")]
public sealed class VerifyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Running_system_passes_until_its_connection_is_dropped()
    {
        await using var appHost = await AppHostProcess.StartAsync("--rate", "300");
        await appHost.WaitForLineAsync(line => line.Contains("everything is running", StringComparison.Ordinal), Cancellation);

        // Ticks of the last ten seconds are not reconciled; reconciling has its own tests.
        var (code, response) = await VerifyAsync(
            appHost, "--check", "table", "nats", "archive", "symbols", "connection", "retention", "rate-limits", "configuration",
            "hot-reload");

        code.ShouldBe(0, response.ToString());
        response.GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("state").GetString())
            .ShouldBe(Enumerable.Repeat("pass", 9));

        await DropAsync(appHost);
        do
        {
            // The collector reconnects within half a second, and its list of outages contains the interruption.
            (code, response) = await VerifyAsync(appHost, "--check", "connection");
        }
        while (code == 0);

        code.ShouldBe(1);
        response.GetProperty("checks")[0].GetProperty("cure").GetString().ShouldNotBeNullOrEmpty();
    }

    private static async Task DropAsync(AppHostProcess appHost)
    {
        using var note = JsonDocument.Parse(
            await File.ReadAllTextAsync(Path.Combine(appHost.DataFolder, "simulated", "services.json"), Cancellation));
        using var http = new HttpClient();
        using var response = await http.PostAsync(
            new Uri(new Uri(note.RootElement.GetProperty("simulator").GetString()!), "api/v1/faults"),
            new StringContent("""{"fault":"drop","market":"forex"}""", Encoding.UTF8, "application/json"),
            Cancellation);
        response.EnsureSuccessStatusCode();
    }

    private static async Task<(int Code, JsonElement Answer)> VerifyAsync(AppHostProcess appHost, params string[] arguments)
    {
        var lines = new ConcurrentQueue<string>();
        await using var process = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = DotNetProgram.Command,
            Arguments = [ProgramPath.Cli, "verify", "--json", "--patience", "60s", "--data", appHost.DataFolder, .. arguments],
            OnOutput = lines.Enqueue,
            OnError = lines.Enqueue,
        });
        var code = await process.Exited.WaitAsync(Cancellation);
        return (code, JsonDocument.Parse(string.Join('\n', lines)).RootElement);
    }
}
