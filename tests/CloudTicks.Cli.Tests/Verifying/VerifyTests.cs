using System.Text.Json;

namespace CloudTicks.Cli.Tests.Verifying;

/// <summary>The command line and the exit codes of <c>cloudticks verify</c>; the checks have their own tests.</summary>
public sealed class VerifyTests
{
    private readonly Dictionary<string, string?> _environment =
        new() { ["CLOUDTICKS_HUB_KEY"] = null, ["ConnectionStrings__timescale"] = null };

    [Theory]
    [InlineData("'nonsense' not recognized", "--check", "nonsense")]
    [InlineData("'yesterday': It is not a time", "--from", "yesterday")]
    [InlineData("--to must be later than --from", "--from", "2026-11-20T10:00Z", "--to", "2026-11-20T09:00Z")]
    [InlineData("'0s' is not a time such as 20s", "--patience", "0s")]
    [InlineData("--symbols names no symbol", "--symbols", ",")]
    [InlineData("No AppHost is running in /nowhere", "--data", "/nowhere")]
    [InlineData("The database's connection string is invalid", "--db", "secret")]
    [InlineData("unknown scheme", "--nats", "http://127.0.0.1:1")]
    [InlineData("--from-capture is not an option of verify", "--from-capture", "/captured")]
    [InlineData("'hub:x:y' is not host:port", "--collector", "hub:x:y")]
    public async Task Wrong_usage_is_reported_and_nothing_is_checked(string sentence, params string[] arguments)
    {
        var (code, output, errors) = await CliProcess.RunAsync(_environment, ["verify", "--check", "connection", .. arguments]);

        code.ShouldBe(2, output + errors);
        errors.ShouldContain(sentence);
        output.ShouldNotContain("FAIL");
    }

    [Fact]
    public async Task Failed_check_exits_with_1_and_an_impossible_one_with_2()
    {
        // No server is at the collector's address, and the database is not named.
        string[] nowhere = ["verify", "--json", "--collector", "127.0.0.1:1"];

        var failed = await CliProcess.RunAsync(_environment, [.. nowhere, "--check", "connection", "table"]);
        var unknown = await CliProcess.RunAsync(_environment, [.. nowhere, "--check", "table"]);

        (failed.Code, Property(failed.Output, "state")).ShouldBe((1, "fail"));
        (unknown.Code, Property(unknown.Output, "state")).ShouldBe((2, "unknown"));
    }

    private static string? Property(string json, string name) => JsonDocument.Parse(json).RootElement.GetProperty(name).GetString();
}
